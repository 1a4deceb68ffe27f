/// A packet on its way: what links need to know of it. The transport's part of it stands in a
/// typed pool (`body`), so that a link copies 24 bytes and knows no transport.
struct Packet {
  /// Its number in the run, from 1. A copy that a link makes has one of its own.
  var number: UInt32
  /// The connection it belongs to.
  var connection: UInt32
  /// The place of its segment in the pool of segments.
  var body: UInt32
  /// Bytes of IP header and everything in it: what serialisation takes.
  var ipBytes: UInt32
  /// Bytes of transport payload.
  var payloadBytes: UInt32
  /// How many links of its path it has crossed.
  var hop: UInt8
  /// Who sent it.
  var sender: Side
  /// Whether it carries an acknowledgement and nothing else.
  var isPureAcknowledgement: Bool
  /// What its sender said of ECN, or a queue's mark.
  var ecn = CongestionCodepoint.notCapable

  /// The index of the endpoint that sent it: a connection has two, the client's first.
  @inline(__always)
  var senderEndpoint: Int { sender.endpoint(of: Int(connection)) }
}
