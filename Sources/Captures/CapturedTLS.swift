import NetSim

/// What can be told about the TLS of a connection without its keys.
public struct CapturedTLS: Sendable {
  /// The version that the ServerHello chose; nil when that was not captured.
  public var version: TLSVersion?
  /// The application protocol that the ServerHello chose. TLS 1.3 says it only in what is protected,
  /// so it is nil there.
  public var applicationProtocol: [UInt8]?
  /// The application protocols that the client offered, in the order of its preference.
  public var offeredProtocols: [[UInt8]] = []
  /// The host that the client named (RFC 6066 §3); nil when it named none.
  public var serverName: [UInt8]?
  /// Whether an earlier session was resumed; nil where that cannot be told.
  public var isResumed: Bool?
  /// Whether the server wanted another ClientHello (RFC 8446 §4.1.4).
  public var wasRetried = false
  /// Whether the client offered early data (RFC 8446 §4.2.10).
  public var offersEarlyData = false
  /// When the handshake was complete where the capture was made: with the second Finished in TLS
  /// 1.2, with the first protected record of the client in TLS 1.3; nil where that cannot be told.
  public var secured: SimTime?
  /// The first alert that was sent in the clear, and by whom.
  public var alert: (sender: Side, alert: TLSAlert)?

  /// The server's name as text; what is no UTF-8 is replaced.
  public var serverNameText: String? { serverName.map(Self.text) }
  /// The application protocol as text.
  public var applicationProtocolText: String? { applicationProtocol.map(Self.text) }
  /// The application protocols offered, as text.
  public var offeredProtocolTexts: [String] { offeredProtocols.map(Self.text) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
