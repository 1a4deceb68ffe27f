/// Why a packet is dropped before its protection is removed. The connection does not end by it, because
/// anybody may have sent it (RFC 9000 §5.2, §12.2).
public enum QUICPacketError: Error, Equatable, Sendable {
  /// The datagram ends before the packet does.
  case truncated
  /// The bit that is 1 in each packet of this version is 0 (RFC 9000 §17.2, §17.3.1).
  case fixedBit
  /// A connection ID of more than 20 bytes (RFC 9000 §17.2).
  case connectionIDLength
  /// Packet number and frames are too few bytes for the sample that the header's protection needs
  /// (RFC 9001 §5.4.2), or too many for the Length field.
  case length
  /// A Retry without a token (RFC 9000 §17.2.5.2).
  case emptyToken
  /// Version Negotiation whose versions are none, or not of four bytes each (RFC 9000 §17.2.1).
  case versions

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .truncated: "the datagram ends before the packet does"
    case .fixedBit: "the fixed bit is 0"
    case .connectionIDLength: "a connection ID has more than 20 bytes"
    case .length: "the packet's length cannot be right"
    case .emptyToken: "a Retry has no token"
    case .versions: "the list of versions is empty, or a version has not four bytes"
    }
  }
}
