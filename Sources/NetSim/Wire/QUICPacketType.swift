/// A kind of QUIC packet (RFC 9000 §17).
public enum QUICPacketType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// A long header with a token, for the first of the TLS messages (RFC 9000 §17.2.2).
  case initial = 0
  /// A long header, for early data of the client (RFC 9000 §17.2.3).
  case zeroRTT = 1
  /// A long header, for the rest of the TLS messages (RFC 9000 §17.2.4).
  case handshake = 2
  /// A long header by which a server asks for a token; it has no number and no frames
  /// (RFC 9000 §17.2.5).
  case retry = 3
  /// The versions that a server speaks; it has no number and no frames (RFC 9000 §17.2.1).
  case versionNegotiation = 4
  /// A short header, for everything once the keys are there (RFC 9000 §17.3.1).
  case oneRTT = 5
  /// A long header of another version, of which only the invariants are known (RFC 8999 §5.1).
  case otherVersion = 6

  /// Its name in the RFC (`0-RTT`).
  public var name: String {
    switch self {
    case .initial: "Initial"
    case .zeroRTT: "0-RTT"
    case .handshake: "Handshake"
    case .retry: "Retry"
    case .versionNegotiation: "Version Negotiation"
    case .oneRTT: "1-RTT"
    case .otherVersion: "another version"
    }
  }

  /// Whether it has a packet number, frames and their protection.
  public var hasFrames: Bool {
    switch self {
    case .initial, .zeroRTT, .handshake, .oneRTT: true
    case .retry, .versionNegotiation, .otherVersion: false
    }
  }

  /// Whether its header is a long one, which names the version and both connection IDs.
  public var hasLongHeader: Bool { self != .oneRTT }
}
