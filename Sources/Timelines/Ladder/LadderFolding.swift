import NetSim

/// Folds what repeats: plain segments of one burst become one row for each direction, and many
/// bursts alike one line. What differs (losses, repetitions, holes, messages) always stands alone.
struct LadderFolding {
  /// From how many plain segments in a burst on they are folded.
  static let leastRun = 4
  /// From how many rows on bursts are folded too.
  static let mostRows = 48
  /// How many folded rows stay on either side of a stretch that is folded again.
  static let keptRows = 6
  /// So many streams that take turns are named.
  private static let mostNames = 4

  /// A pause longer than this ends a burst; nil when nothing does.
  let pause: SimDuration?

  /// Folds bursts that are a quarter of a round trip apart or more, so that slow start shows its
  /// rounds.
  init(roundTrip: SimDuration?) { pause = roundTrip.map { $0 / 4 } }

  /// The rows with what repeats folded.
  func fold(_ rows: [LadderRow]) -> [LadderRow] {
    var result: [LadderRow] = []
    var run: [LadderRow] = []
    for row in rows {
      let pauses = pause.flatMap { pause in run.last.map { row.time - $0.time > pause } } ?? false
      let turns =
        row.payload > 0
        && run.contains {
          $0.payload > 0 && $0.direction != row.direction && $0.connection == row.connection
        }
      if !row.isPlain || pauses || turns {
        result += foldBurst(run)
        run.removeAll()
      }
      if row.isPlain { run.append(row) } else { result.append(row) }
    }
    result += foldBurst(run)
    return result.count > Self.mostRows ? foldBursts(result) : result
  }

  private func foldBurst(_ run: [LadderRow]) -> [LadderRow] {
    if run.count < Self.leastRun { return run }
    var groups: [LadderRow] = []
    for row in Self.isInterleaved(run) ? run.map(Self.ofManyStreams) : run {
      let match = groups.lastIndex { $0.folds(with: row) }
      guard let match, !Self.isInterrupted(groups[(match + 1)...], row) else {
        groups.append(row)
        continue
      }
      groups[match].lastTime = row.time
      groups[match].count += 1
      groups[match].payload =
        row.streams.isEmpty
        ? max(groups[match].end, row.end) - groups[match].start
        : groups[match].payload + row.payload
      groups[match].acknowledged = max(groups[match].acknowledged, row.acknowledged)
      if row.content?.isEnd ?? false { groups[match].content = row.content }
      for stream in row.streams where !groups[match].streams.contains(stream) {
        groups[match].streams.append(stream)
      }
    }
    // Streams tell their packets apart, so that many rows may stay.
    if run[0].isDatagram { return groups.sorted(by: Self.comesBefore).map(Self.relabelled) }
    // Data before the acknowledgements that it drew.
    return (groups.filter { $0.payload > 0 } + groups.filter { $0.payload == 0 })
      .map(Self.relabelled)
  }

  /// The earlier first, and data before the acknowledgements that it drew.
  private static func comesBefore(_ row: LadderRow, _ other: LadderRow) -> Bool {
    row.time != other.time ? row.time < other.time : row.payload > 0 && other.payload == 0
  }

  /// Whether datagrams take turns of several streams, so that nearly each differs from the one before.
  private static func isInterleaved(_ run: [LadderRow]) -> Bool {
    let streams = run.filter(\.isDatagram).compactMap { $0.content?.stream }
    let changes = zip(streams, streams.dropFirst()).count { $0 != $1 }
    return changes > 2 && changes * 2 > streams.count
  }

  /// A row that goes with those of other streams: their positions have nothing in common.
  private static func ofManyStreams(_ row: LadderRow) -> LadderRow {
    guard let stream = row.content?.stream else { return row }
    var row = row
    row.streams = [stream]
    row.content = nil
    row.start = 0
    return row
  }

  /// Whether another stream's content came since.
  private static func isInterrupted(_ groups: ArraySlice<LadderRow>, _ row: LadderRow) -> Bool {
    row.content != nil
      && groups.contains {
        $0.payload > 0 && $0.direction == row.direction && $0.connection == row.connection
      }
  }

  private static func relabelled(_ row: LadderRow) -> LadderRow {
    guard row.count > 1 else { return row }
    var row = row
    if row.isDatagram && row.payload > 0 {
      row.label = "\(row.count) packets"
      if let content = row.content {
        row.label += ", stream \(content.stream) \(row.start)…\(row.end - 1)"
        row.label += content.isEnd ? " end" : ""
      } else if row.streams.count > Self.mostNames {
        row.label += " of \(row.streams.count) streams"
      } else if !row.streams.isEmpty {
        row.label += ", " + StreamHolds.named(row.streams.sorted())
      }
    } else if row.payload > 0 {
      row.label = "\(row.count) segments, \(row.start)…\(row.end - 1)"
      if let content = row.content { row.label += "  " + content.text }
    } else if row.isDuplicate {
      row.label = "\(row.count) more of ACK \(row.acknowledged)"
      row.note = "dup " + String(row.duplicateNumber + row.count - 1)
    } else {
      row.label = "\(row.count) ACKs to \(row.acknowledged)"
    }
    return row
  }

  /// Folds the middle of long stretches of folded rows.
  private func foldBursts(_ rows: [LadderRow]) -> [LadderRow] {
    var result: [LadderRow] = []
    var stretch: [LadderRow] = []
    func flush() {
      let kept = Self.keptRows
      if stretch.count > 2 * kept + 2 {
        result += stretch.prefix(kept)
        result.append(Self.summary(stretch.dropFirst(kept).dropLast(kept)))
        result += stretch.suffix(kept)
      } else {
        result += stretch
      }
      stretch.removeAll()
    }
    for row in rows {
      if row.isPlain {
        stretch.append(row)
      } else {
        flush()
        result.append(row)
      }
    }
    flush()
    return result
  }

  private static func summary(_ rows: ArraySlice<LadderRow>) -> LadderRow {
    let data = rows.filter { $0.payload > 0 }
    let segments = data.reduce(0) { $0 + $1.count }
    let acknowledgements = rows.filter { $0.payload == 0 }.reduce(0) { $0 + $1.count }
    var row = rows[rows.startIndex]
    row.kind = .remark
    row.lastTime = rows.last.map { $0.lastTime ?? $0.time }
    let noun = data.first?.isDatagram ?? false ? "more packet" : "more segment"
    row.label = "… \(Numbers.count(segments, noun)), \(Numbers.count(acknowledgements, "ACK"))"
    if let first = data.first, let last = data.last,
      data.allSatisfy({
        $0.connection == first.connection
          && (!$0.isDatagram || ($0.content?.stream == first.content?.stream && $0.streams.isEmpty))
      })
    {
      row.label += ", \(first.start)…\(last.end - 1)"
    }
    row.note = ""
    return row
  }
}
