/// Why bytes are no TLS.
public enum TLSError: Error, Equatable, Sendable {
  /// A record is of none of the types that there are (RFC 8446 §5.1).
  case contentType(UInt8)
  /// A record's version does not begin with a 3 (RFC 8446 §5.1).
  case recordVersion(UInt16)
  /// A record is longer than its version allows (RFC 8446 §5.1, §5.2; RFC 5246 §6.2.3).
  case recordLength(UInt16)
  /// A change of the cipher, or an alert in the clear, is not what its record says it is
  /// (RFC 8446 §5, §6).
  case recordContent
  /// A ClientHello or ServerHello whose lengths do not fit into each other (RFC 8446 §4.1).
  case hello
  /// A ClientHello or ServerHello is longer than the reader's limit.
  case tooLong
  /// Bytes that the capture does not have were needed.
  case missingBytes

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .contentType: "what should be a TLS record is of no type that there is"
    case .recordVersion: "what should be a TLS record has no version of TLS"
    case .recordLength: "a TLS record is longer than TLS allows"
    case .recordContent: "a TLS record does not hold what its type says"
    case .hello: "a ClientHello or ServerHello is malformed"
    case .tooLong: "a ClientHello or ServerHello is too long"
    case .missingBytes: "bytes of the TLS handshake are missing"
    }
  }
}
