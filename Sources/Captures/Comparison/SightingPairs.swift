/// The packets of one direction of a conversation, paired between two captures.
struct SightingPairs {
  /// For each packet of the first capture its partner in the second, by their places.
  private(set) var partners: [Int?]
  /// For each packet of the second capture whether it has a partner.
  private(set) var isPaired: [Bool]
  /// For each packet of the second capture whether it is one more copy of a packet that has a partner.
  private(set) var isCopy: [Bool]
  /// The same of the first capture.
  private(set) var isFirstCopy: [Bool]

  private let first: [PacketSighting]
  private let second: [PacketSighting]
  /// How much later than in the first capture a packet usually stands in the second, as far as known.
  private var usualNs: Int64?

  /// What is alike more often than this is paired in its order.
  private static let mostCompared = 1 << 20

  /// Pairs packets: those alone in being alike first; then those of which there are several, so that
  /// their times differ as those of the others do; then what is left without what is changed on the
  /// way.
  init(_ first: [PacketSighting], _ second: [PacketSighting]) {
    self.first = first
    self.second = second
    partners = Array(repeating: nil, count: first.count)
    isPaired = Array(repeating: false, count: second.count)
    isCopy = isPaired
    isFirstCopy = Array(repeating: false, count: first.count)
    let groups = Self.groups(first, second) { $0.key }
    for group in groups where group.first.count == 1 && group.second.count == 1 {
      pair(group.first[0], group.second[0])
    }
    usualNs = medianNs
    for group in groups where group.first.count > 1 || group.second.count > 1 {
      pair(group)
      markCopies(group)
    }
    pairLoosely()
  }

  /// What is alike, by places.
  private struct Group {
    var first: [Int] = []
    var second: [Int] = []
  }

  /// Groups in the order of their first packets, those alone that both captures have.
  private static func groups(
    _ first: [PacketSighting], _ second: [PacketSighting], _ key: (PacketSighting) -> UInt64,
    where isWanted: (_ capture: Int, _ place: Int) -> Bool = { _, _ in true }
  ) -> [Group] {
    var places: [UInt64: Int] = [:]
    var groups: [Group] = []
    for (place, sighting) in first.enumerated() where isWanted(0, place) {
      let group = places[key(sighting), default: groups.count]
      if group == groups.count {
        places[key(sighting)] = group
        groups.append(Group())
      }
      groups[group].first.append(place)
    }
    for (place, sighting) in second.enumerated() where isWanted(1, place) {
      if let group = places[key(sighting)] { groups[group].second.append(place) }
    }
    return groups.filter { !$0.second.isEmpty }
  }

  private mutating func pairLoosely() {
    let groups = Self.groups(first, second) {
      $0.looseKey
    } where: { capture, place in
      capture == 0
        ? partners[place] == nil && !isFirstCopy[place] : !isPaired[place] && !isCopy[place]
    }
    for group in groups { pair(group) }
  }

  private mutating func pair(_ place: Int, _ partner: Int) {
    partners[place] = partner
    isPaired[partner] = true
  }

  /// How much later a packet stands in the second capture.
  private func laterNs(_ place: Int, _ partner: Int) -> Int64 {
    second[partner].unixNs - first[place].unixNs
  }

  /// Marks what has no partner although others like it have.
  private mutating func markCopies(_ group: Group) {
    for place in group.first where partners[place] == nil { isFirstCopy[place] = true }
    for place in group.second where !isPaired[place] { isCopy[place] = true }
  }

  // MARK: Several alike

  /// Pairs as many as there are, in their order, so that the differences from what is usual are least
  /// in sum.
  private mutating func pair(_ group: Group) {
    let (few, many, isFirstFew) =
      group.first.count <= group.second.count
      ? (group.first, group.second, true) : (group.second, group.first, false)
    let chosen: [Int]
    if let usualNs, few.count < many.count, few.count * many.count <= Self.mostCompared {
      chosen = nearest(few, many) { one, other in
        (isFirstFew ? laterNs(one, other) : laterNs(other, one)) - usualNs
      }
    } else {
      chosen = Array(few.indices)
    }
    for (one, other) in zip(few, chosen.map({ many[$0] })) {
      if isFirstFew { pair(one, other) } else { pair(other, one) }
    }
  }

  /// For each of `few` one of `many`, in order, with the least sum of differences.
  private func nearest(
    _ few: [Int], _ many: [Int], _ difference: (Int, Int) -> Int64
  ) -> [Int] {
    // best[j]: the least sum for the first i of few within the first j of many.
    var best = [UInt64](repeating: 0, count: many.count + 1)
    var takes: [[Bool]] = []
    for (index, one) in few.enumerated() {
      var next = [UInt64](repeating: .max, count: many.count + 1)
      var took = [Bool](repeating: false, count: many.count + 1)
      for place in index + 1..<many.count + 1 {
        let cost = difference(one, many[place - 1]).magnitude
        let (sum, isLarge) = best[place - 1].addingReportingOverflow(cost)
        let taken = isLarge ? .max : sum
        took[place] = taken < next[place - 1]
        next[place] = min(taken, next[place - 1])
      }
      takes.append(took)
      best = next
    }
    var chosen: [Int] = []
    var place = many.count
    for took in takes.reversed() {
      while place > 1, !took[place] { place -= 1 }
      place -= 1
      chosen.append(place)
    }
    return chosen.reversed()
  }
}

/// What is asked of the pairs.
extension SightingPairs {
  /// A packet at its sender's, and when it arrived where it did.
  struct Departure {
    var sent: PacketSighting
    var arrivedNs: Int64?
    /// Where its bytes arrived in other segments: those that did not.
    var gaps: [RecutSegments.Gap]?

    /// When it stands in the first capture, or would by the other's clock.
    func firstNs(_ leavesFirst: Bool) -> Int64 {
      leavesFirst ? sent.unixNs : arrivedNs ?? sent.unixNs
    }
  }

  /// How many pairs there are.
  var count: Int64 { Int64(partners.count { $0 != nil }) }

  /// The times of the pairs.
  var times: [(firstNs: Int64, secondNs: Int64)] {
    partners.enumerated().compactMap { place, partner in
      partner.map { (first[place].unixNs, second[$0].unixNs) }
    }
  }

  /// How much later the packets stand in the second capture, in their middle; nil without pairs.
  var medianNs: Int64? {
    let all = times.map { $0.secondNs - $0.firstNs }.sorted()
    return all.isEmpty ? nil : all[all.count / 2]
  }

  /// The packets that the first capture's side sent.
  private var fromFirst: [Departure] {
    zip(first, partners).map { sighting, partner in
      Departure(sent: sighting, arrivedNs: partner.map { second[$0].unixNs })
    }
  }

  /// The packets that the second capture's side sent.
  private var fromSecond: [Departure] {
    var arrivals = [Int64?](repeating: nil, count: second.count)
    for (place, partner) in partners.enumerated() {
      if let partner { arrivals[partner] = first[place].unixNs }
    }
    return zip(second, arrivals).map { Departure(sent: $0, arrivedNs: $1) }
  }

  /// The packets of one place, with what became of them at the other.
  func departures(fromFirst: Bool, isTCP: Bool) -> (all: [Departure], unsent: Int64) {
    var all = fromFirst ? self.fromFirst : fromSecond
    let unsent = fromFirst ? secondLeft : firstLeft
    guard isTCP else { return (all, Int64(unsent.count)) }
    let left = all.indices.filter { all[$0].arrivedNs == nil }
    let recut = RecutSegments(sent: left.map { all[$0].sent }, arrived: unsent)
    for (place, gaps) in zip(left, recut.gaps) { all[place].gaps = gaps }
    return (all, Int64(unsent.count) - recut.arrived)
  }

  /// Further copies of packets in the receiver's capture.
  func copies(atSecond: Bool) -> Int64 {
    Int64((atSecond ? isCopy : isFirstCopy).count { $0 })
  }

  /// Packets of the first capture without partners that are no copies.
  private var firstLeft: [PacketSighting] {
    first.indices.filter { partners[$0] == nil && !isFirstCopy[$0] }.map { first[$0] }
  }

  /// Those of the second.
  private var secondLeft: [PacketSighting] {
    second.indices.filter { !isPaired[$0] && !isCopy[$0] }.map { second[$0] }
  }
}
