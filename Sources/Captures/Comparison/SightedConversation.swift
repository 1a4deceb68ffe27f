import NetSim

/// What runs between two ports, as two captures have it.
struct SightedConversation {
  /// What one capture has of it: what each end sends, in the order of the file.
  struct Half {
    /// From the end that was seen first.
    var forth: [PacketSighting] = []
    /// To it.
    var back: [PacketSighting] = []

    var isEmpty: Bool { forth.isEmpty && back.isEmpty }
  }

  /// The ends of the first packet, in its direction; in the second capture they may have other
  /// addresses.
  var ends: PacketEnds
  var isTCP: Bool
  /// What relative sequence numbers count from, forth and back: the SYN's number, or the one before
  /// the first byte seen.
  var bases: (forth: UInt32?, back: UInt32?) = (nil, nil)
  /// The two captures' parts.
  var first = Half()
  var second = Half()

  subscript(capture: Int) -> Half {
    get { capture == 0 ? first : second }
    set { if capture == 0 { first = newValue } else { second = newValue } }
  }
}

/// The conversations of two captures, read one after the other. Memory grows by 40 bytes for each
/// packet of TCP and UDP.
struct SightedConversations {
  private var tables = [FlowTable(), FlowTable()]
  private(set) var all: [SightedConversation] = []
  /// The first and the last time of each capture, in nanoseconds since 1970.
  private(set) var spans: [ClosedRange<Int64>?] = [nil, nil]
  /// Packets of each capture, and those among them of TCP and UDP.
  private(set) var packets: [Int64] = [0, 0]
  private(set) var sighted: [Int64] = [0, 0]
  /// Conversations whose addresses or ports differ between the captures.
  private(set) var translated = 0
  /// Why captures could not be read to their ends.
  private(set) var problems: [CaptureError] = []

  /// Reads one of the two captures to its end, or up to its fault.
  mutating func read(
    _ series: CaptureSeries, as capture: Int, filter expression: String?, name: String
  ) throws(CaptureError) {
    var filter: PacketFilter?
    if let expression { filter = try PacketFilter(expression, file: name) }
    var series = series
    var frames = FrameReader()
    try series.forEach { (frame) throws(CaptureError) in
      if try filter?.accepts(frame, file: name) == false { return }
      take(frame, capture, &frames)
    }
    problems += series.problems
  }

  private mutating func take(
    _ frame: CapturedFrame, _ capture: Int, _ frames: inout FrameReader
  ) {
    packets[capture] += 1
    let before = spans[capture] ?? frame.unixNs...frame.unixNs
    spans[capture] =
      min(before.lowerBound, frame.unixNs)...max(before.upperBound, frame.unixNs)
    switch frames.read(frame, startNs: 0) {
    case .tcp:
      let sighting = PacketSighting(tcp: frames.segment, unixNs: frame.unixNs)
      let index = take(sighting, frames.segment.ends, isTCP: true, capture)
      let opens = frames.segment.flags.contains(.syn)
      let base = opens ? sighting.sequence : sighting.sequence &- 1
      noteBase(base, index, isForth: frames.segment.ends == all[index].ends)
    case .udp:
      let sighting = PacketSighting(udp: frames.segment, unixNs: frame.unixNs)
      _ = take(sighting, frames.segment.ends, isTCP: false, capture)
    case .fragment, .unread: break
    }
  }

  /// Keeps a packet; gives the place of its conversation.
  private mutating func take(
    _ sighting: PacketSighting, _ ends: PacketEnds, isTCP: Bool, _ capture: Int
  ) -> Int {
    sighted[capture] += 1
    let table = isTCP ? 0 : 1
    let hash = tables[table].hash(ends)
    let known = tables[table].value(hash) {
      all[Int($0)].ends == ends || ends.isReverse(of: all[Int($0)].ends)
    }
    if known == nil {
      tables[table].insert(UInt32(all.count), hash: hash)
      all.append(SightedConversation(ends: ends, isTCP: isTCP))
    }
    let index = known.map { Int($0) } ?? all.count - 1
    if ends == all[index].ends {
      all[index][capture].forth.append(sighting)
    } else {
      all[index][capture].back.append(sighting)
    }
    return index
  }

  private mutating func noteBase(_ base: UInt32, _ index: Int, isForth: Bool) {
    if isForth {
      all[index].bases.forth = all[index].bases.forth ?? base
    } else {
      all[index].bases.back = all[index].bases.back ?? base
    }
  }

  // MARK: Addresses that were translated

  /// Packets of a conversation that are looked up among those with other addresses.
  private static let tellingPackets = 64
  /// How many of them have to be found: fewer may be alike by chance.
  private static let leastInCommon = 3

  /// Joins conversations that one capture has alone with those of the other that have the same
  /// packets: a NAT gave them other addresses on the way.
  mutating func joinTranslated() {
    var owners: [UInt64: Int] = [:]
    for (index, conversation) in all.enumerated() where conversation.first.isEmpty {
      for sighting in conversation.second.forth + conversation.second.back {
        owners[sighting.looseKey] = index
      }
    }
    if owners.isEmpty { return }
    for index in all.indices where all[index].second.isEmpty {
      guard let other = owner(of: all[index], among: owners), !all[other].second.isEmpty else {
        continue
      }
      let turned = isTurned(all[index], all[other])
      let half = all[other].second
      all[index].second =
        turned ? SightedConversation.Half(forth: half.back, back: half.forth) : half
      all[other].second = SightedConversation.Half()
      translated += 1
    }
    all.removeAll { $0.first.isEmpty && $0.second.isEmpty }
  }

  private func owner(
    of conversation: SightedConversation, among owners: [UInt64: Int]
  ) -> Int? {
    var votes: [Int: Int] = [:]
    let telling =
      conversation.first.forth.prefix(Self.tellingPackets)
      + conversation.first.back.prefix(Self.tellingPackets)
    for sighting in telling {
      guard let owner = owners[sighting.looseKey], all[owner].isTCP == conversation.isTCP else {
        continue
      }
      votes[owner, default: 0] += 1
    }
    let best = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return best.flatMap { $0.value >= Self.leastInCommon ? $0.key : nil }
  }

  /// Whether what goes forth in one conversation goes back in the other.
  private func isTurned(_ one: SightedConversation, _ other: SightedConversation) -> Bool {
    let keys = Set(one.first.forth.prefix(Self.tellingPackets).map(\.looseKey))
    let forth = other.second.forth.count { keys.contains($0.looseKey) }
    let back = other.second.back.count { keys.contains($0.looseKey) }
    return back > forth
  }
}
