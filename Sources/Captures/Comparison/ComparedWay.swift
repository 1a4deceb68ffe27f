import NetSim

/// What became of the packets that went from one capture's place to the other's.
public struct ComparedWay: Sendable {
  /// Packets that the sender's capture has, of conversations that both captures have.
  public var sent: Int64 = 0
  /// Their bytes, with IP's headers.
  public var sentBytes: Int64 = 0
  /// Those that the receiver's capture has, too.
  public var arrived: Int64 = 0
  /// Segments whose bytes the receiver's capture has in other segments, because a network card cut them
  /// up or joined them outside the captures.
  public var recut: Int64 = 0
  /// Those that it has not, although it was running when they were due, and what is missing of those that
  /// it has in other segments; in the order of their sending.
  public var lost: [MissingPacket] = []
  /// Those that were due before the receiver's capture began or after it ended.
  public var outside: Int64 = 0
  /// Packets that the receiver's capture has once more than the sender's.
  public var duplicated: Int64 = 0
  /// Packets that the receiver's capture has and the sender's has not: sent before that began, missed
  /// by it, or made or changed on the way.
  public var unsent: Int64 = 0
  /// Packets that arrived behind one that was sent later (RFC 4737 §3).
  public var reordered: Int64 = 0
  /// From one place to the other, with the clocks' estimated offset taken out; nil where that is not
  /// known or nothing arrived.
  public var delay: DelaySpread?
  /// What of the delay is above the least one of the same conversation; nil where nothing arrived.
  public var queueing: DelaySpread?
}

/// A packet that was sent and did not arrive.
public struct MissingPacket: Equatable, Sendable {
  /// Its number in the sender's file, from 1.
  public var number: UInt32
  /// When it was sent, since the sender's file began.
  public var sent: SimTime
  /// Who sent it.
  public var source: Endpoint
  /// To whom.
  public var destination: Endpoint
  /// Whether it is TCP's; UDP's otherwise.
  public var isTCP: Bool
  /// The position of its first byte in its direction, the SYN being 0; nil for UDP.
  public var sequence: Int64?
  /// Bytes of its payload.
  public var payloadBytes: Int64
  /// Bytes with IP's header.
  public var packetBytes: Int64
}
