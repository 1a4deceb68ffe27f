/// What a link loses before its queue: chosen packets, and others at random.
struct LossModel {
  private let probability: Probability
  private var random: RandomStream
  private var rules: [Rule]

  /// One packet to lose, with the count that leads to it.
  private struct Rule {
    var remaining: UInt32
    var minimumPayload: UInt32
  }

  init(_ settings: LinkSettings, random: RandomStream) {
    probability = settings.loss
    self.random = random
    rules = settings.drops.map {
      Rule(remaining: $0.ordinal, minimumPayload: $0.minimumPayload)
    }
  }

  /// Why the packet that now enters the link is lost, if it is.
  ///
  /// The random draw is made for every packet, chosen or not, so that a list of drops does not
  /// shift the random losses.
  mutating func drops(_ packet: Packet) -> DropReason? {
    let chosen = !rules.isEmpty && countDown(packet)
    let unlucky = random.happens(probability)
    return chosen ? .dropList : unlucky ? .randomLoss : nil
  }

  private mutating func countDown(_ packet: Packet) -> Bool {
    var hit = false
    var index = 0
    while index < rules.count {
      if packet.payloadBytes >= rules[index].minimumPayload {
        rules[index].remaining -= 1
        if rules[index].remaining == 0 {
          hit = true
          rules.remove(at: index)
          continue
        }
      }
      index += 1
    }
    return hit
  }
}
