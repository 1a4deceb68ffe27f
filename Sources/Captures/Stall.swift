import NetSim

/// A time in which one end had asked for bytes, or had been promised some, and none came: longer than two
/// round trips.
public struct Stall: Equatable, Sendable {
  /// Its connection's index.
  public var connection: UInt32
  /// The request that waited, by its index; nil where messages are not read.
  public var request: UInt32?
  /// When the last bytes came, or were asked for.
  public var from: SimTime
  /// When bytes came again.
  public var to: SimTime
  /// The end whose bytes were waited for.
  public var sender: Side
  /// What held them.
  public var cause: Cause
  /// The number of the packet that ended it.
  public var packet: UInt32
  /// How sure the cause is.
  public var sureness: Sureness

  /// How long it was.
  public var duration: SimDuration { to - from }
}

extension Sequence<Stall> {
  /// How long the stalls were together.
  public var total: SimDuration {
    var sum = SimDuration.zero
    for stall in self { sum.grow(by: stall.duration) }
    return sum
  }
}

/// A stall whose cause is still to be judged.
struct StallSighting {
  enum Kind {
    /// From the first SYN to the end of the handshake.
    case handshake
    /// From what the other end asked to the first bytes behind it.
    case answer
    /// Between two pieces of data, with nothing from the other end in between.
    case pause
    /// Data under way were not acknowledged.
    case acknowledgement
  }

  var kind: Kind
  var fromNs: Int64
  var toNs: Int64
  var sender: Side
  var packet: UInt32
  /// Whether the other end had left no room.
  var wasClosed: Bool
  /// The last of the repeated segments seen until then, by its place; −1 where none came meanwhile.
  var repeated: Int
}

/// Watches a connection for stalls. At which end the capture was made is known at the end only, so that
/// both are watched: arrivals at the end that receives, acknowledgements at the end that sends.
struct StallWatch {
  private static let limit = 1 << 14
  /// A wait as short as this is nobody's concern.
  static let leastNs: Int64 = 10_000_000
  /// Where no round trip is known, a wait longer than this is a stall.
  private static let unknownNs: Int64 = 200_000_000

  private(set) var all: [StallSighting] = []

  /// Keeps a wait if it is a stall.
  @inline(__always)
  mutating func note(
    _ kind: StallSighting.Kind, from fromNs: Int64, to toNs: Int64, rttNs: Int64?, sender: Side,
    packet: UInt32, wasClosed: Bool, repeated: Int
  ) {
    let bound = rttNs.map { max(2 * $0, Self.leastNs) } ?? Self.unknownNs
    guard toNs - fromNs > bound, all.count < Self.limit else { return }
    all.append(
      StallSighting(
        kind: kind, fromNs: fromNs, toNs: toNs, sender: sender, packet: packet,
        wasClosed: wasClosed, repeated: repeated))
  }
}
