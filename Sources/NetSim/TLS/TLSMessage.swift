/// A message of a TLS handshake, as it stands on the wire: in records of its own.
public struct TLSMessage: Equatable, Sendable {
  /// What it is (RFC 8446 §4, RFC 5246 §7.4).
  public enum Kind: UInt8, CaseIterable, Sendable {
    case clientHello
    case serverHello
    case helloRetryRequest
    case encryptedExtensions
    case certificate
    case certificateVerify
    case serverKeyExchange
    case serverHelloDone
    case clientKeyExchange
    case changeCipherSpec
    case endOfEarlyData
    case finished
    case newSessionTicket
    case closeNotify
    // What only captures show.
    case certificateRequest
    case certificateStatus
  }

  /// What it is.
  public let kind: Kind
  /// Its bytes on the wire, with the headers of its records.
  public let wireBytes: Int64

  /// A message of `bytes` bytes, its own header of four included, in records in the clear, or
  /// protected as `records` says.
  init(_ kind: Kind, _ bytes: Int64, in records: TLSRecords? = nil) {
    self.kind = kind
    let count = TLSRecords(isVersion13: true).count(of: bytes)
    wireBytes = records?.wireBytes(of: bytes) ?? bytes + count * TLSRecords.headerBytes
  }

  /// The alert that ends a connection in order (RFC 8446 §6.1).
  static func closeNotify(_ records: TLSRecords) -> TLSMessage {
    TLSMessage(.closeNotify, 2, in: records)
  }
}

/// The bytes of handshake messages as OpenSSL 3.0's programs send them: curl to nginx, with X25519,
/// an RSA key of 2,048 bits and AES-256-GCM. Each with its header of four bytes.
enum TLSSizes {
  /// ALPN's extension with one name of eight characters (RFC 7301 §3.1), as in the hellos that were
  /// measured.
  private static let alpn: Int64 = 4 + 2 + 1 + 8
  /// A session's ticket (RFC 5077 §4), in TLS 1.2 and 1.3.
  private static let ticket12: Int64 = 176
  private static let ticket13: Int64 = 240
  private static let sessionID: Int64 = 32
  /// A key share of X25519 and one of P-384, with what stands before it (RFC 8446 §4.2.8).
  private static let shareX25519: Int64 = 32
  private static let shareP384: Int64 = 97
  /// OpenSSL fills a ClientHello of between these up to the latter (RFC 7685).
  private static let paddedFrom: Int64 = 256
  private static let paddedTo: Int64 = 512
  /// Hash of SHA-384, in Finished and binders.
  private static let hash: Int64 = 48
  private static let rsaSignature: Int64 = 256

  /// A ClientHello; over QUIC it is not padded, as no middlebox reads it.
  static func clientHello(
    _ mode: TLSMode, _ names: ApplicationNames, isPadded: Bool = true
  ) -> Int64 {
    let padded = isPadded ? Self.padded : { $0 }
    let missing = alpn - names.offeredBytes
    switch mode {
    case .full12, .falseStart12: return 194 - missing
    case .session12: return 194 - missing + sessionID
    case .ticket12: return 194 - missing + sessionID + 4 + ticket12
    case .full13, .retry13: return padded(307 - missing)
    case .resumed13: return padded(307 - missing + preSharedKey)
    case .earlyData13, .tooEarly13: return padded(307 - missing + preSharedKey + 4)
    }
  }

  /// The second ClientHello, with the group that was asked for.
  static func secondClientHello(_ names: ApplicationNames) -> Int64 {
    padded(307 - alpn + names.offeredBytes + shareP384 - shareX25519)
  }

  private static func padded(_ bytes: Int64) -> Int64 {
    bytes >= paddedFrom && bytes < paddedTo ? max(paddedTo, bytes + 5) : bytes
  }

  /// One identity with its age, one binder (RFC 8446 §4.2.11).
  private static var preSharedKey: Int64 { 4 + 2 + 2 + ticket13 + 4 + 2 + 1 + hash }

  static func serverHello(_ mode: TLSMode, _ names: ApplicationNames) -> Int64 {
    let missing = alpn - names.agreedBytes
    switch mode {
    case .full12, .falseStart12: return 108 - missing
    // Without the formats of points, which are settled.
    case .session12, .ticket12: return 100 - missing
    case .full13: return 122
    case .retry13: return 122 + shareP384 - shareX25519
    case .resumed13, .earlyData13, .tooEarly13: return 122 + 6
    }
  }

  static let helloRetryRequest: Int64 = 88

  static func encryptedExtensions(_ mode: TLSMode, _ names: ApplicationNames) -> Int64 {
    4 + 2 + names.agreedBytes + (mode.sendsEarlyData ? 4 : 0)
  }

  /// In TLS 1.3 with its context and the extensions of the certificate (RFC 8446 §4.4.2).
  static func certificate(_ bytes: Int64, isVersion13: Bool) -> Int64 {
    4 + 3 + 3 + bytes + (isVersion13 ? 1 + 2 : 0)
  }

  static let certificateVerify: Int64 = 4 + 2 + 2 + rsaSignature
  /// Curve, public key, algorithm and signature (RFC 8422 §5.4).
  static let serverKeyExchange: Int64 = 4 + 3 + 1 + shareX25519 + 2 + 2 + rsaSignature
  static let clientKeyExchange: Int64 = 4 + 1 + shareX25519
  static let finished12: Int64 = 4 + 12
  static let finished13: Int64 = 4 + hash

  static func newSessionTicket(_ mode: TLSMode) -> Int64 {
    // With the most early data that it is good for (RFC 8446 §4.2.10).
    4 + 4 + 4 + 1 + 8 + 2 + ticket13 + 2 + (mode.sendsEarlyData ? 8 : 0)
  }
}
