import Captures
import NetSim

/// What a run's log knows of its segments, against what a reader makes of the run's capture: by kind,
/// how many findings are right, wrong and missing.
struct LabelTruth {
  /// A kind of finding that is scored.
  enum Kind: String, CaseIterable {
    case lost
    case needless
    case outOfOrder
    case fast
    case timeout
    case tailLossProbe
  }

  struct Score {
    var right = 0
    var wrong = 0
    var missing = 0
    /// Of those found, how many are right.
    var precision: Double { found == 0 ? 1 : Double(right) / Double(found) }
    /// Of those that happened, how many were found.
    var recall: Double { right + missing == 0 ? 1 : Double(right) / Double(right + missing) }
    private var found: Int { right + wrong }

    static func += (left: inout Score, right: Score) {
      left.right += right.right
      left.wrong += right.wrong
      left.missing += right.missing
    }
  }

  private struct Sending {
    var item: UInt32
    var side: Side
    var connection: UInt32
    var start: Int64
    var end: Int64
    var kind: RetransmissionKind?
    var isLost = false
    var arrivedNs: Int64?
  }

  private var sendings: [Sending] = []
  private var places: [UInt32: Int] = [:]
  /// Acknowledgements without data: they come behind what was sent before them, or ahead.
  private var bare: [Sending] = []
  private var barePlaces: [UInt32: Int] = [:]

  init(_ log: EventLog) {
    var copies: [UInt32: UInt32] = [:]
    for record in log.records {
      switch record.kind {
      case .segmentSent: send(record)
      case .segmentRetransmission:
        if let place = places[record.item] {
          sendings[place].kind = RetransmissionKind(rawValue: record.detail)
        }
      case .packetDuplicated: copies[record.item] = UInt32(record.offset)
      case .segmentReceived:
        let item = copies[record.item] ?? record.item
        if let place = places[item], sendings[place].arrivedNs == nil {
          sendings[place].arrivedNs = record.time.nanoseconds
        }
        if let place = barePlaces[item], bare[place].arrivedNs == nil {
          bare[place].arrivedNs = record.time.nanoseconds
        }
      case .packetDropped:
        if let place = places[record.item] { sendings[place].isLost = true }
      default: break
      }
    }
    for index in sendings.indices where sendings[index].arrivedNs != nil {
      sendings[index].isLost = false
    }
  }

  private mutating func send(_ record: EventRecord) {
    let flags = TCPFlags(rawValue: record.detail)
    let isControl = !flags.isDisjoint(with: [.syn, .fin])
    let sending = Sending(
      item: record.item, side: record.side, connection: record.connection, start: record.offset,
      end: record.offset + Int64(record.length) + (isControl ? 1 : 0))
    if sending.end > sending.start {
      places[record.item] = sendings.count
      sendings.append(sending)
    } else {
      barePlaces[record.item] = bare.count
      bare.append(sending)
    }
  }

  /// The items that the run says are of a kind, as a capture at `vantage` may show them: a lost packet
  /// by what was lost, everything else by the packet itself.
  private func truth(_ kind: Kind, _ vantage: Side) -> Set<UInt32> {
    switch kind {
    case .lost: Set(sendings.filter { $0.isLost && wasRepeated($0) }.map(\.item))
    case .needless: Set(sendings.filter { $0.kind != nil && isNeedless($0) }.map(\.item))
    case .outOfOrder:
      Set(sendings.filter { $0.side != vantage && $0.kind == nil && isLate($0) }.map(\.item))
    case .fast: repeats(.fast, vantage)
    case .timeout: repeats(.timeout, vantage)
    case .tailLossProbe: repeats(.tailLossProbe, vantage)
    }
  }

  private func repeats(_ kind: RetransmissionKind, _ vantage: Side) -> Set<UInt32> {
    Set(sendings.filter { $0.kind == kind && isVisible($0, vantage) }.map(\.item))
  }

  private func isVisible(_ sending: Sending, _ vantage: Side) -> Bool {
    sending.side == vantage || sending.arrivedNs != nil
  }

  /// Whether its bytes were sent again, or behind them something was: else nobody can know.
  private func wasRepeated(_ lost: Sending) -> Bool {
    sendings.contains {
      $0.side == lost.side && $0.connection == lost.connection && $0.item > lost.item
        && $0.start < lost.end && $0.end > lost.start && $0.kind != nil
    }
  }

  /// Whether an earlier sending of all of its bytes arrived, now or later.
  private func isNeedless(_ sending: Sending) -> Bool {
    var next = sending.start
    let earlier = sendings.filter {
      $0.side == sending.side && $0.connection == sending.connection && $0.item < sending.item
        && !$0.isLost && $0.arrivedNs != nil
    }.sorted { $0.start < $1.start }
    for one in earlier where one.start <= next { next = max(next, one.end) }
    return next >= sending.end
  }

  /// Whether something sent later, and new, arrived sooner.
  private func isLate(_ sending: Sending) -> Bool {
    guard let arrivedNs = sending.arrivedNs else { return false }
    func overtakes(_ other: Sending) -> Bool {
      other.side == sending.side && other.connection == sending.connection
        && other.item > sending.item && other.start >= sending.end
        && other.arrivedNs.map { $0 < arrivedNs } ?? false
    }
    return sendings.contains(where: overtakes) || bare.contains(where: overtakes)
  }

  /// What the capture says, in the same terms. `items` gives a packet's item by its number.
  private func found(_ kind: Kind, _ capture: CaptureAnalysis, _ items: [UInt32]) -> [UInt32] {
    func item(_ number: UInt32) -> UInt32 { items[Int(number) - 1] }
    let findings = capture.connections.flatMap(\.findings)
    func repeats(_ kind: RetransmissionKind) -> [UInt32] {
      findings.filter { $0.trigger == kind }.map { item($0.packet) }
    }
    switch kind {
    case .lost: return capture.connections.flatMap { lost($0, item) }
    case .needless:
      return findings.filter { $0.kind == .needlessRetransmission }.map { item($0.packet) }
    case .outOfOrder: return findings.filter { $0.kind == .outOfOrder }.map { item($0.packet) }
    case .fast: return repeats(.fast)
    case .timeout: return repeats(.timeout)
    case .tailLossProbe: return repeats(.tailLossProbe)
    }
  }

  /// The sendings that a capture's lost packets stand for: of those of the same first byte before the
  /// repetition, the last that was lost; an item that does not exist where there is none.
  private func lost(_ connection: CapturedConnection, _ item: (UInt32) -> UInt32) -> [UInt32] {
    var used: Set<UInt32> = []
    return connection.lost.map { packet in
      let repetition = item(packet.retransmissionNumber)
      let match = sendings.last {
        $0.side == packet.sender && $0.start <= packet.sequence
          && packet.sequence < max($0.end, $0.start + 1) && $0.item < repetition && $0.isLost
          && !used.contains($0.item)
      }
      guard let match else { return .max - packet.retransmissionNumber }
      used.insert(match.item)
      return match.item
    }
  }

  /// The scores of a capture of the run at `vantage`, whose packets have these items.
  func scores(
    _ capture: CaptureAnalysis, _ vantage: Side, items: [UInt32]
  ) -> [Kind: Score] {
    var scores: [Kind: Score] = [:]
    for kind in Kind.allCases {
      let truth = truth(kind, vantage)
      let found = Set(found(kind, capture, items))
      scores[kind] = Score(
        right: found.intersection(truth).count, wrong: found.subtracting(truth).count,
        missing: truth.subtracting(found).count)
    }
    return scores
  }
}
