/// Keys that a capture carries for its own decryption: a Decryption Secrets Block of pcapng
/// (draft-ietf-opsawg-pcapng §4.7).
public struct CaptureSecrets: Equatable, Sendable {
  /// What they are: 0x544C534B for a TLS key log (RFC 9850), others for other protocols.
  public var kind: UInt32
  /// The secrets themselves, as the file has them.
  public var bytes: [UInt8]

  /// Secrets of a kind.
  public init(kind: UInt32, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// The kind of a TLS key log.
  public static let tlsKeyLog: UInt32 = 0x544C_534B

  /// Secrets kept of one file, in bytes; further ones are left out.
  static let byteLimit = 1 << 24
}
