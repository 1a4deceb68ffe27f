/// What a link loses before its queue: chosen packets, and others at random.
struct LossModel {
  private let probability: Probability
  private var random: RandomStream
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

  init(_ settings: LinkSettings, random: RandomStream) {
    probability = settings.loss
    self.random = random
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

  /// Why the packet that now enters the link is lost, if it is.
  ///
  /// The random draw is made for every packet, chosen or not, so that a list of drops does not
  /// shift the random losses.
  mutating func drops(_ packet: Packet, _ span: Range<Int64>?) -> DropReason? {
    let isCounted = !counts.isEmpty && countDown(packet)
    let isNamed = span.map { takeRule(packet.connection, $0) } ?? false
    let unlucky = random.happens(probability)
    return isCounted || isNamed ? .dropList : unlucky ? .randomLoss : nil
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
