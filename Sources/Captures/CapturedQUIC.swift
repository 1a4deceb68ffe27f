import NetSim

/// A QUIC connection of a capture, as far as it is in the clear: the long headers of its handshake
/// (RFC 9000 §17.2), and how many datagrams and bytes went each way.
public struct CapturedQUIC: Equatable, Sendable {
  /// The end that sent the first Initial packet; the one with the higher port where none was captured.
  public var client: Endpoint
  /// The other end.
  public var server: Endpoint
  /// The version of its long headers (RFC 9000 §15, RFC 9369 §3.1).
  public var version: UInt32
  /// The destination connection ID of the client's first packet; empty where it was not captured.
  public var originalID: [UInt8] = []
  /// When its first datagram was captured.
  public var first: SimTime
  /// When its last datagram was captured.
  public var last: SimTime
  /// Datagrams captured.
  public var datagrams = DirectionCounts()
  /// Bytes of their IP packets.
  public var bytes = DirectionCounts()
  /// Packets with a long header, by their type.
  public var initialPackets = DirectionCounts()
  /// Packets with 0-RTT's keys.
  public var earlyPackets = DirectionCounts()
  /// Packets with the handshake's keys.
  public var handshakePackets = DirectionCounts()
  /// Whether the server asked for a token (RFC 9000 §8.1.2).
  public var wasRetried = false
  /// Whether the server offered other versions (RFC 9000 §6).
  public var wasRefused = false
  /// From the client's first Initial packet to the server's first answer, where the capture was made: a
  /// round trip at the client, the server's own time at the server.
  public var answeredAfter: SimDuration?
}
