import NetSim

/// Adds up what became of the packets of one way, conversation by conversation.
struct WayFold {
  private var way = ComparedWay()
  private var delaysNs: [Int64] = []
  private var queueingNs: [Int64] = []
  /// Where the conversation's delays begin.
  private var start = 0
  /// Its arrivals, in the order of their sending.
  private var arrivalsNs: [Int64] = []

  /// Begins a direction of a conversation.
  mutating func begin() {
    start = delaysNs.count
    arrivalsNs.removeAll(keepingCapacity: true)
  }

  /// Takes a packet as it was sent.
  mutating func send(_ sighting: PacketSighting) {
    way.sent += 1
    way.sentBytes += Int64(sighting.packetBytes)
  }

  /// The packet arrived.
  mutating func arrive(atNs time: Int64, delayNs: Int64) {
    way.arrived += 1
    arrivalsNs.append(time)
    delaysNs.append(delayNs)
  }

  /// It did not.
  mutating func lose(_ packet: MissingPacket) { way.lost.append(packet) }

  /// Its bytes arrived in other segments, at least some of them.
  mutating func recut() { way.recut += 1 }

  /// It was due while the receiver's capture was not running.
  mutating func outside() { way.outside += 1 }

  /// Ends the direction, with what the receiver's capture has beyond that.
  mutating func end(copies: Int64, unsent: Int64) {
    way.duplicated += copies
    way.unsent += unsent
    let leastNs = delaysNs[start...].min() ?? 0
    queueingNs += delaysNs[start...].map { $0 - leastNs }
    // RFC 4737 §3: what arrives behind one that was sent later.
    var nextNs = Int64.max
    for arrivedNs in arrivalsNs.reversed() {
      if arrivedNs > nextNs { way.reordered += 1 }
      nextNs = min(nextNs, arrivedNs)
    }
  }

  /// The sum.
  consuming func finish(knowsOffset: Bool) -> ComparedWay {
    way.lost.sort { ($0.sent, $0.number) < ($1.sent, $1.number) }
    way.delay = knowsOffset ? DelaySpread(delaysNs) : nil
    way.queueing = DelaySpread(queueingNs)
    return way
  }
}
