/// What a link loses before its queue: chosen packets, others at random, alone or in bursts, and all
/// of them while there is an outage.
struct LossModel {
  private let probability: Probability
  private var random: RandomStream
  private var bursts: BurstState?
  private var outages: [Outage]
  /// Whether nothing is ever lost.
  private let isLossless: Bool
  private var counts: [Count] = []
  private var sequences: [Sequence] = []

  /// One packet to lose, with the count that leads to it.
  private struct Count {
    var remaining: UInt32
    var minimumPayload: UInt32
  }

  /// One packet to lose by a sequence number that it carries.
  private struct Sequence {
    var connection: UInt32
    var number: Int64
  }

  init(_ settings: LinkSettings, index: UInt32, seed: UInt64) {
    probability = settings.bursts == nil ? settings.loss : .zero
    random = RandomStream(seed: seed, purpose: "link loss", index: index)
    bursts = settings.bursts.map {
      BurstState($0, random: RandomStream(seed: seed, purpose: "link bursts", index: index))
    }
    outages = settings.outages.filter { !$0.holds }
    isLossless =
      probability == .zero && bursts == nil && outages.isEmpty && settings.drops.isEmpty
    for rule in settings.drops {
      switch rule {
      case .packet(let ordinal, let minimumPayload):
        counts.append(Count(remaining: ordinal, minimumPayload: minimumPayload))
      case .sequence(let number, let connection):
        sequences.append(Sequence(connection: connection, number: number))
      }
    }
  }

  /// Whether `drops` needs the packets' sequence numbers.
  var watchesSequence: Bool { !sequences.isEmpty }

  /// How many of the packets that are to be lost did not come so far.
  var awaitedDrops: Int { counts.count + sequences.count }

  /// Why the packet that now enters the link is lost, if it is.
  ///
  /// The random draws are made for every packet, whatever else becomes of it, so that a list of
  /// drops or an outage does not shift the random losses.
  @inline(__always)
  mutating func drops(
    _ packet: Packet, _ span: Range<Int64>?, at now: SimTime
  ) -> DropReason? {
    isLossless ? nil : reason(packet, span, at: now)
  }

  @inline(never)
  private mutating func reason(
    _ packet: Packet, _ span: Range<Int64>?, at now: SimTime
  ) -> DropReason? {
    let isCounted = !counts.isEmpty && countDown(packet)
    let isNamed = span.map { takeRule(packet.connection, $0) } ?? false
    let unlucky = random.happens(probability)
    let isInBurst = bursts != nil && bursts!.takesPacket()
    if !outages.isEmpty && outages.contains(where: { $0.contains(now) }) { return .outage }
    if isCounted || isNamed { return .dropList }
    return unlucky ? .randomLoss : isInBurst ? .burstLoss : nil
  }

  private mutating func countDown(_ packet: Packet) -> Bool {
    var hit = false
    var index = 0
    while index < counts.count {
      if packet.payloadBytes >= counts[index].minimumPayload {
        counts[index].remaining -= 1
        if counts[index].remaining == 0 {
          hit = true
          counts.remove(at: index)
          continue
        }
      }
      index += 1
    }
    return hit
  }

  /// Uses up the first rule that names a number in `span`, if there is one.
  private mutating func takeRule(_ connection: UInt32, _ span: Range<Int64>) -> Bool {
    for index in sequences.indices
    where sequences[index].connection == connection && span.contains(sequences[index].number) {
      sequences.remove(at: index)
      return true
    }
    return false
  }
}

/// Where a link with losses in bursts stands.
private struct BurstState {
  let settings: BurstLoss
  var random: RandomStream
  var isBad = false

  init(_ settings: BurstLoss, random: RandomStream) {
    self.settings = settings
    self.random = random
  }

  /// Moves on by a packet. Returns whether it is lost.
  mutating func takesPacket() -> Bool {
    if random.happens(isBad ? settings.exit : settings.entry) { isBad = !isBad }
    return random.happens(isBad ? settings.lossInBad : settings.lossInGood)
  }
}
