/// The number of a transport parameter (RFC 9000 §18.2, and the documents that add to it).
public struct QUICTransportParameterID: RawRepresentable, Equatable, Sendable {
  /// The number on the wire: 62 bits.
  public let rawValue: UInt64

  /// The identifier of a number on the wire.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  private init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The client's first destination connection ID; from servers.
  public static var originalDestinationConnectionID: Self { Self(0x00) }
  /// Milliseconds of silence after which the connection ends.
  public static var maxIdleTimeout: Self { Self(0x01) }
  /// Proof that a reset comes from the server; from servers.
  public static var statelessResetToken: Self { Self(0x02) }
  /// Bytes of a UDP payload that are taken.
  public static var maxUDPPayloadSize: Self { Self(0x03) }
  /// Bytes of all streams together that are taken at first.
  public static var initialMaxData: Self { Self(0x04) }
  /// Bytes of a stream of both directions that the sender of the parameter opens.
  public static var initialMaxStreamDataBidiLocal: Self { Self(0x05) }
  /// Bytes of a stream of both directions that the receiver of the parameter opens.
  public static var initialMaxStreamDataBidiRemote: Self { Self(0x06) }
  /// Bytes of a stream of one direction.
  public static var initialMaxStreamDataUni: Self { Self(0x07) }
  /// How many streams of both directions the receiver of the parameter may open.
  public static var initialMaxStreamsBidi: Self { Self(0x08) }
  /// How many streams of one direction the receiver of the parameter may open.
  public static var initialMaxStreamsUni: Self { Self(0x09) }
  /// How the delays in ACK are scaled.
  public static var ackDelayExponent: Self { Self(0x0A) }
  /// Milliseconds that an acknowledgement is held back at most.
  public static var maxAckDelay: Self { Self(0x0B) }
  /// The peer must not change its address.
  public static var disableActiveMigration: Self { Self(0x0C) }
  /// Where else the server can be reached; from servers.
  public static var preferredAddress: Self { Self(0x0D) }
  /// How many connection IDs are kept.
  public static var activeConnectionIDLimit: Self { Self(0x0E) }
  /// The sender's own first connection ID.
  public static var initialSourceConnectionID: Self { Self(0x0F) }
  /// The connection ID of the server's Retry; from servers.
  public static var retrySourceConnectionID: Self { Self(0x10) }
  /// Bytes of a DATAGRAM frame that are taken (RFC 9221 §3).
  public static var maxDatagramFrameSize: Self { Self(0x20) }
  /// The fixed bit may be 0 (RFC 9287 §3).
  public static var greaseQUICBit: Self { Self(0x2AB2) }
  /// Microseconds that an acknowledgement can be held back at least (draft-ietf-quic-ack-frequency).
  public static var minAckDelay: Self { Self(0xFF04_DE1B) }

  /// Its name in the RFC (`max_idle_timeout`); nil where it has none.
  public var name: String? {
    switch rawValue {
    case 0x00: "original_destination_connection_id"
    case 0x01: "max_idle_timeout"
    case 0x02: "stateless_reset_token"
    case 0x03: "max_udp_payload_size"
    case 0x04: "initial_max_data"
    case 0x05: "initial_max_stream_data_bidi_local"
    case 0x06: "initial_max_stream_data_bidi_remote"
    case 0x07: "initial_max_stream_data_uni"
    case 0x08: "initial_max_streams_bidi"
    case 0x09: "initial_max_streams_uni"
    case 0x0A: "ack_delay_exponent"
    case 0x0B: "max_ack_delay"
    case 0x0C: "disable_active_migration"
    case 0x0D: "preferred_address"
    case 0x0E: "active_connection_id_limit"
    case 0x0F: "initial_source_connection_id"
    case 0x10: "retry_source_connection_id"
    case 0x20: "max_datagram_frame_size"
    case 0x2AB2: "grease_quic_bit"
    case 0xFF04_DE1B: "min_ack_delay"
    default: nil
    }
  }

  /// Whether only servers may send it (RFC 9000 §18.2).
  public var isOfServers: Bool {
    self == .originalDestinationConnectionID || self == .statelessResetToken
      || self == .preferredAddress || self == .retrySourceConnectionID
  }

  /// Whether a parameter may have the value, whatever the others are (RFC 9000 §4.6, §18.2).
  func allows(_ value: UInt64) -> Bool {
    switch self {
    case .maxUDPPayloadSize: value >= 1_200
    case .initialMaxStreamsBidi, .initialMaxStreamsUni: value <= 1 << 60
    case .ackDelayExponent: value <= 20
    case .maxAckDelay: value < 1 << 14
    case .activeConnectionIDLimit: value >= 2
    default: true
    }
  }
}
