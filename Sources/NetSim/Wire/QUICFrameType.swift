/// A type of frame (RFC 9000 §19, RFC 9221 §4, draft-ietf-quic-ack-frequency). A type's numbers may
/// carry flags; the raw value is the lowest of them.
public enum QUICFrameType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case padding = 0x00
  case ping = 0x01
  case acknowledgement = 0x02
  case resetStream = 0x04
  case stopSending = 0x05
  case crypto = 0x06
  case newToken = 0x07
  case stream = 0x08
  case maxData = 0x10
  case maxStreamData = 0x11
  case maxStreams = 0x12
  case dataBlocked = 0x14
  case streamDataBlocked = 0x15
  case streamsBlocked = 0x16
  case newConnectionID = 0x18
  case retireConnectionID = 0x19
  case pathChallenge = 0x1A
  case pathResponse = 0x1B
  case connectionClose = 0x1C
  /// CONNECTION_CLOSE with a code of the application: only packets of its own keys may tell it.
  case applicationClose = 0x1D
  case handshakeDone = 0x1E
  /// draft-ietf-quic-ack-frequency.
  case immediateAcknowledgement = 0x1F
  /// RFC 9221 §4.
  case datagram = 0x30
  /// draft-ietf-quic-ack-frequency.
  case acknowledgementFrequency = 0xAF

  /// The type of a number on the wire; nil where it is not known.
  public init?(number: UInt64) {
    switch number {
    case 0x02...0x03: self = .acknowledgement
    case 0x08...0x0F: self = .stream
    case 0x12...0x13: self = .maxStreams
    case 0x16...0x17: self = .streamsBlocked
    case 0x30...0x31: self = .datagram
    default:
      guard let low = UInt8(exactly: number) else { return nil }
      self.init(rawValue: low)
    }
  }

  /// Its name in the RFC (`RESET_STREAM`).
  public var name: String {
    switch self {
    case .padding: "PADDING"
    case .ping: "PING"
    case .acknowledgement: "ACK"
    case .resetStream: "RESET_STREAM"
    case .stopSending: "STOP_SENDING"
    case .crypto: "CRYPTO"
    case .newToken: "NEW_TOKEN"
    case .stream: "STREAM"
    case .maxData: "MAX_DATA"
    case .maxStreamData: "MAX_STREAM_DATA"
    case .maxStreams: "MAX_STREAMS"
    case .dataBlocked: "DATA_BLOCKED"
    case .streamDataBlocked: "STREAM_DATA_BLOCKED"
    case .streamsBlocked: "STREAMS_BLOCKED"
    case .newConnectionID: "NEW_CONNECTION_ID"
    case .retireConnectionID: "RETIRE_CONNECTION_ID"
    case .pathChallenge: "PATH_CHALLENGE"
    case .pathResponse: "PATH_RESPONSE"
    case .connectionClose, .applicationClose: "CONNECTION_CLOSE"
    case .handshakeDone: "HANDSHAKE_DONE"
    case .immediateAcknowledgement: "IMMEDIATE_ACK"
    case .datagram: "DATAGRAM"
    case .acknowledgementFrequency: "ACK_FREQUENCY"
    }
  }

  /// Whether a packet with it asks for an acknowledgement (RFC 9000 §13.2).
  @inlinable public var isAckEliciting: Bool {
    self != .padding && self != .acknowledgement && self != .connectionClose
      && self != .applicationClose
  }

  /// Whether a packet with it counts as in flight for congestion control: ack-eliciting ones do, and
  /// those with PADDING (RFC 9002 §2).
  @inlinable public var countsInFlight: Bool { isAckEliciting || self == .padding }

  /// Whether a packet of nothing but such frames may try out a new path (RFC 9000 §9.1).
  public var isProbing: Bool {
    self == .padding || self == .newConnectionID || self == .pathChallenge || self == .pathResponse
  }

  /// Whether packets of a type may have it (RFC 9000 §12.4, Table 3).
  public func isAllowed(in packet: QUICPacketType) -> Bool {
    switch packet {
    case .initial, .handshake: places == .everywhere || places == .notEarly
    case .zeroRTT: places != .notEarly && places != .late
    case .oneRTT: true
    case .retry, .versionNegotiation, .otherVersion: false
    }
  }

  /// The column "Pkts" of Table 3 (RFC 9000 §12.4). ACK_FREQUENCY and IMMEDIATE_ACK come late, because
  /// nobody remembers from an earlier connection whether the peer knows them.
  private var places: Places {
    switch self {
    case .padding, .ping, .connectionClose: .everywhere
    case .acknowledgement, .crypto: .notEarly
    case .resetStream, .stopSending, .stream, .maxData, .maxStreamData, .maxStreams, .dataBlocked,
      .streamDataBlocked, .streamsBlocked, .newConnectionID, .retireConnectionID, .pathChallenge,
      .applicationClose, .datagram:
      .application
    case .newToken, .pathResponse, .handshakeDone, .immediateAcknowledgement,
      .acknowledgementFrequency:
      .late
    }
  }

  private enum Places {
    /// IH01, and ih01 for the one of both kinds that it means
    case everywhere
    /// IH_1
    case notEarly
    /// __01
    case application
    /// ___1
    case late
  }
}
