/// How application data is cut into records (RFC 8446 §5, RFC 5246 §6.2).
public struct TLSRecords: Equatable, Sendable {
  /// The most that a record holds (RFC 8446 §5.1).
  public static let mostPlaintext: Int64 = 16_384
  /// Content type, version and length.
  public static let headerBytes: Int64 = 5

  /// What a protected record has beyond its plaintext: header, and either the inner content type and
  /// the tag of 16 bytes (RFC 8446 §5.2), or in TLS 1.2 an explicit nonce of eight bytes and the tag
  /// (RFC 5288 §3).
  public let overhead: Int64

  /// The records of a version.
  public init(isVersion13: Bool) {
    overhead = Self.headerBytes + (isVersion13 ? 1 + 16 : 8 + 16)
  }

  /// How many records so many bytes of plaintext take; one where there are none.
  public func count(of plaintext: Int64) -> Int64 {
    max((plaintext + Self.mostPlaintext - 1) / Self.mostPlaintext, 1)
  }

  /// How many bytes they take on the wire.
  public func wireBytes(of plaintext: Int64) -> Int64 {
    plaintext + count(of: plaintext) * overhead
  }

  /// How many bytes the first of these records takes on the wire.
  public func firstRecord(of plaintext: Int64) -> Int64 {
    min(plaintext, Self.mostPlaintext) + overhead
  }
}
