import NetSim

/// The conversations of two captures with their packets paired, and what follows from that.
struct PairedConversations {
  /// A conversation, both of its directions paired.
  private struct Pairing {
    var conversation: SightedConversation
    var forth: SightingPairs
    var back: SightingPairs
    /// Whether its first packet's sender is at the first capture's place.
    var beginsAtFirst = true
  }

  private let sighted: SightedConversations
  private var pairings: [Pairing] = []
  private var clocks: ClockEstimate?
  /// Packets that both captures have.
  private(set) var pairs: Int64 = 0

  init(_ sighted: SightedConversations) {
    self.sighted = sighted
    for conversation in sighted.all {
      if conversation.first.isEmpty || conversation.second.isEmpty { continue }
      let (first, second) = (conversation.first, conversation.second)
      let pairing = Pairing(
        conversation: conversation, forth: SightingPairs(first.forth, second.forth),
        back: SightingPairs(first.back, second.back))
      pairs += pairing.forth.count + pairing.back.count
      pairings.append(pairing)
    }
    place()
    clocks = ClockEstimate(samples())
  }

  // MARK: Places

  /// Finds out for each conversation at which place its first packet's sender is. A packet stands
  /// later in the capture that is farther from its sender, whatever the clocks say: of the two
  /// directions of a conversation the one that leaves the first place is later in the second capture
  /// by two delays more. Where there is one direction alone, its addresses may be known from other
  /// conversations; else the clocks are believed.
  private mutating func place() {
    var isAtFirst: [IPAddress: Bool] = [:]
    var alone: [Int] = []
    for index in pairings.indices {
      guard let forth = pairings[index].forth.medianNs, let back = pairings[index].back.medianNs
      else {
        alone.append(index)
        continue
      }
      pairings[index].beginsAtFirst = forth >= back
      isAtFirst[pairings[index].conversation.ends.source] = forth >= back
      isAtFirst[pairings[index].conversation.ends.destination] = forth < back
    }
    for index in alone {
      let ends = pairings[index].conversation.ends
      let byClock =
        pairings[index].forth.medianNs.map { $0 >= 0 }
        ?? pairings[index].back.medianNs.map { $0 <= 0 }
      pairings[index].beginsAtFirst =
        isAtFirst[ends.source] ?? isAtFirst[ends.destination].map { !$0 } ?? byClock ?? true
    }
  }

  private var firstStartNs: Int64 { sighted.spans[0]?.lowerBound ?? 0 }

  private func samples() -> [ClockEstimate.Sample] {
    pairings.flatMap { pairing in
      [(pairing.forth, pairing.beginsAtFirst), (pairing.back, !pairing.beginsAtFirst)].flatMap {
        pairs, isForth in
        pairs.times.map {
          ClockEstimate.Sample(
            atNs: $0.firstNs - firstStartNs, laterNs: $0.secondNs - $0.firstNs, isForth: isForth)
        }
      }
    }
  }

  // MARK: What follows

  func comparison(_ first: String, _ second: String) -> CaptureComparison {
    var ways = [WayFold(), WayFold()]
    for pairing in pairings {
      fold(pairing, isForth: true, into: &ways[pairing.beginsAtFirst ? 0 : 1])
      fold(pairing, isForth: false, into: &ways[pairing.beginsAtFirst ? 1 : 0])
    }
    return CaptureComparison(
      first: source(0, first), second: source(1, second), conversations: pairings.count,
      translated: sighted.translated, pairs: pairs,
      forth: ways[0].finish(knowsOffset: clocks != nil),
      back: ways[1].finish(knowsOffset: clocks != nil), clocks: clocks,
      problems: sighted.problems)
  }

  private func source(_ capture: Int, _ file: String) -> CaptureComparison.Source {
    let shared = pairings.reduce(0) { sum, pairing in
      let half = pairing.conversation[capture]
      return sum + half.forth.count + half.back.count
    }
    let span = sighted.spans[capture] ?? 0...0
    return CaptureComparison.Source(
      file: file, packets: sighted.packets[capture],
      unshared: sighted.sighted[capture] - Int64(shared),
      duration: SimDuration(nanoseconds: span.upperBound - span.lowerBound))
  }

  /// Adds one direction of a conversation to its way.
  private func fold(_ pairing: Pairing, isForth: Bool, into way: inout WayFold) {
    let pairs = isForth ? pairing.forth : pairing.back
    let leavesFirst = pairing.beginsAtFirst == isForth
    let receiver = leavesFirst ? 1 : 0
    way.begin()
    let (departures, unsent) = pairs.departures(
      fromFirst: leavesFirst, isTCP: pairing.conversation.isTCP)
    for departure in departures {
      way.send(departure.sent)
      let aheadNs = clocks?.aheadNs(atNs: departure.firstNs(leavesFirst) - firstStartNs) ?? 0
      if let arrivedNs = departure.arrivedNs {
        let laterNs = arrivedNs - departure.sent.unixNs
        way.arrive(atNs: arrivedNs, delayNs: leavesFirst ? laterNs - aheadNs : laterNs + aheadNs)
      } else if let gaps = departure.gaps {
        way.recut()
        for gap in gaps {
          let part = departure.sent.part(gap)
          way.lose(missing(part, pairing.conversation, isForth, leavesFirst ? 0 : 1))
        }
      } else {
        // Without clocks: as much later as others of its kind.
        let laterNs =
          clocks.map { aheadNs + (leavesFirst ? 1 : -1) * $0.uncertainty.nanoseconds }
          ?? pairs.medianNs ?? 0
        let dueNs = departure.sent.unixNs + (leavesFirst ? laterNs : -laterNs)
        if sighted.spans[receiver]?.contains(dueNs) ?? false {
          way.lose(missing(departure.sent, pairing.conversation, isForth, leavesFirst ? 0 : 1))
        } else {
          way.outside()
        }
      }
    }
    way.end(copies: pairs.copies(atSecond: leavesFirst), unsent: unsent)
  }

  private func missing(
    _ sighting: PacketSighting, _ conversation: SightedConversation, _ isForth: Bool,
    _ capture: Int
  ) -> MissingPacket {
    let ends = isForth ? conversation.ends : conversation.ends.reversed
    let base = isForth ? conversation.bases.forth : conversation.bases.back
    let startNs = sighted.spans[capture]?.lowerBound ?? 0
    return MissingPacket(
      number: sighting.number, sent: SimTime(nanoseconds: sighting.unixNs - startNs),
      source: Endpoint(address: ends.source, port: ends.sourcePort),
      destination: Endpoint(address: ends.destination, port: ends.destinationPort),
      isTCP: conversation.isTCP,
      sequence: conversation.isTCP ? Int64(sighting.sequence &- (base ?? 0)) : nil,
      payloadBytes: Int64(sighting.payloadBytes), packetBytes: Int64(sighting.packetBytes))
  }
}
