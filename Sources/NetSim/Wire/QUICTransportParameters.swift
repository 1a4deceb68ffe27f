/// Another address of a server, with a connection ID for it (RFC 9000 §18.2).
public struct QUICPreferredAddress: Equatable, Sendable {
  /// The IPv4 address; 0.0.0.0 for none.
  public var version4: IPAddress
  /// The UDP port there.
  public var version4Port: UInt16
  /// The IPv6 address; :: for none.
  public var version6: IPAddress
  /// The UDP port there.
  public var version6Port: UInt16
  /// The connection ID, whose sequence number is 1: 1…20 bytes.
  public var connectionID: QUICConnectionID
  /// The stateless reset token that belongs to it: 16 bytes.
  public var resetToken: [UInt8]

  /// An address.
  public init(
    version4: IPAddress, version4Port: UInt16, version6: IPAddress, version6Port: UInt16,
    connectionID: QUICConnectionID, resetToken: [UInt8]
  ) {
    self.version4 = version4
    self.version4Port = version4Port
    self.version6 = version6
    self.version6Port = version6Port
    self.connectionID = connectionID
    self.resetToken = resetToken
  }
}

/// A transport parameter that is not known here; endpoints pass over it (RFC 9000 §7.4.2).
public struct QUICOtherParameter: Equatable, Sendable {
  /// Its number.
  public var id: QUICTransportParameterID
  /// Its content.
  public var content: [UInt8]

  /// A parameter.
  public init(id: QUICTransportParameterID, content: [UInt8]) {
    self.id = id
    self.content = content
  }
}

/// What an endpoint tells the other in its TLS messages (RFC 9000 §18). What is left out has the
/// default that a new value has.
public struct QUICTransportParameters: Equatable, Sendable {
  /// original_destination_connection_id; from servers.
  public var originalDestinationConnectionID: QUICConnectionID?
  /// max_idle_timeout, in milliseconds; 0 for none.
  public var maximumIdleTimeoutMs: UInt64 = 0
  /// stateless_reset_token: 16 bytes; from servers.
  public var statelessResetToken: [UInt8]?
  /// max_udp_payload_size, in bytes: at least 1,200.
  public var maximumUDPPayloadBytes: UInt64 = 65_527
  /// initial_max_data, in bytes.
  public var initialMaximumData: UInt64 = 0
  /// initial_max_stream_data_bidi_local, in bytes.
  public var initialMaximumStreamDataLocal: UInt64 = 0
  /// initial_max_stream_data_bidi_remote, in bytes.
  public var initialMaximumStreamDataRemote: UInt64 = 0
  /// initial_max_stream_data_uni, in bytes.
  public var initialMaximumStreamDataUnidirectional: UInt64 = 0
  /// initial_max_streams_bidi: at most 2^60.
  public var initialMaximumStreams: UInt64 = 0
  /// initial_max_streams_uni: at most 2^60.
  public var initialMaximumStreamsUnidirectional: UInt64 = 0
  /// ack_delay_exponent: at most 20.
  public var ackDelayExponent: UInt64 = 3
  /// max_ack_delay, in milliseconds: below 2^14.
  public var maximumAckDelayMs: UInt64 = 25
  /// disable_active_migration.
  public var disablesActiveMigration = false
  /// preferred_address; from servers.
  public var preferredAddress: QUICPreferredAddress?
  /// active_connection_id_limit: at least 2.
  public var activeConnectionIDLimit: UInt64 = 2
  /// initial_source_connection_id.
  public var initialSourceConnectionID: QUICConnectionID?
  /// retry_source_connection_id; from servers.
  public var retrySourceConnectionID: QUICConnectionID?
  /// max_datagram_frame_size, in bytes with the frame's type; 0 where none are taken (RFC 9221 §3).
  public var maximumDatagramFrameBytes: UInt64 = 0
  /// grease_quic_bit (RFC 9287 §3).
  public var takesGreasedBit = false
  /// min_ack_delay, in microseconds; nil where ACK_FREQUENCY is not known
  /// (draft-ietf-quic-ack-frequency).
  public var minimumAckDelayUs: UInt64?
  /// What is not known here, in its order.
  public var others: [QUICOtherParameter] = []

  /// Parameters that say nothing.
  public init() {}
}
