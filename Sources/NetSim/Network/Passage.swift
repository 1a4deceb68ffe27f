/// Packets whose departure from a link is known, in the order in which they leave its queue and
/// reach its far end: a ring in which the first so many have left the queue.
struct Passage: ~Copyable {
  /// A packet in the queue, in service or in flight.
  struct Transit {
    var packet: Packet
    /// When its last bit leaves.
    var departs: SimTime
    /// When it reaches the far end.
    var arrives: SimTime
    /// How long its serialisation takes.
    var serialization: SimDuration
  }

  private var transits = OwnedRing<Transit>()
  /// How many of `transits` have left the queue.
  private var departed = 0
  /// IP bytes of those that have not.
  private(set) var waitingBytes: UInt64 = 0

  /// How many packets wait or are in service.
  var waiting: Int { transits.count - departed }

  /// When the first packet reaches the far end; `never` if none is under way.
  var nextArrival: SimTime { transits.isEmpty ? .never : transits[0].arrives }

  /// Adds a packet that neither leaves nor arrives before those that are there.
  @inline(__always)
  mutating func append(_ transit: Transit) {
    waitingBytes += UInt64(transit.packet.ipBytes)
    transits.append(transit)
  }

  /// Takes the packets whose last bit has left by `now` out of the queue.
  @inline(__always)
  mutating func release(until now: SimTime) {
    while departed < transits.count && transits[departed].departs <= now {
      waitingBytes -= UInt64(transits[departed].packet.ipBytes)
      departed += 1
    }
  }

  /// Takes the first packet, at its arrival.
  @inline(__always)
  mutating func takeFirst() -> Transit {
    release(until: transits[0].arrives)
    departed -= 1
    return transits.removeFirst()
  }
}
