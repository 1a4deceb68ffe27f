import NetSim

/// Time across the columns of a lane.
struct LaneScale {
  let from: SimTime
  let to: SimTime
  let columns: Int

  /// When a column begins.
  func time(ofColumn column: Int) -> SimTime {
    let span = (to - from).nanoseconds
    return from + SimDuration(nanoseconds: Int64(Int128(span) * Int128(column) / Int128(columns)))
  }

  /// The line above the lanes: an instant at every so many columns, and the last at the right edge.
  /// An instant for which there is no room is left out.
  ///
  /// - Parameters:
  ///   - head: What stands left of the first column, with its blanks.
  ///   - width: Columns of the whole line.
  ///   - parts: How many instants stand before the last.
  func axis(_ head: String, width: Int, parts: Int = 4) -> String {
    let last = Numbers.milliseconds(to, digits: 1) + " ms"
    let room = width - last.count
    var line = head
    for part in 0..<parts {
      let place = head.count + part * (columns / parts)
      let label = Numbers.milliseconds(time(ofColumn: part * (columns / parts)), digits: 1)
      guard place + label.count < room, part == 0 || place > line.count else { continue }
      line = Numbers.filled(line, to: place) + label
    }
    return Numbers.filled(line, to: room) + last + "\n"
  }

  /// An instant at every so many columns, as far as they fit into `width` with a blank after each.
  func ticks(every step: Int, digits: Int, width: Int) -> String {
    var line = ""
    for place in stride(from: 0, to: columns, by: step) {
      let label = Numbers.milliseconds(time(ofColumn: place), digits: digits)
      guard place + label.count <= width, place == 0 || place > line.count else { continue }
      line = Numbers.filled(line, to: place) + label
    }
    return line
  }

  /// The column in which an instant lies.
  func column(of time: SimTime) -> Int {
    let span = max(1, (to - from).nanoseconds)
    let offset = (time - from).nanoseconds
    // A capture's times may go back, so that a moment may lie before the first one.
    return Int(min(max(0, Int128(offset) * Int128(columns) / Int128(span)), Int128(columns - 1)))
  }

  /// A letter for each column up to the last interval's end: the cause that takes most of it.
  /// A surprise is never lost: if it won no column, it gets the one in which it lies.
  func cells(_ intervals: [CauseInterval]) -> [Character] {
    guard let last = intervals.last else { return [] }
    let count = column(of: last.end)
    var cells = (0..<count).map { column -> Character in
      let cause = dominant(intervals, time(ofColumn: column), time(ofColumn: column + 1))
      return cause.map(CauseMark.letter) ?? " "
    }
    for interval in intervals where CauseMark.isSurprise(interval.cause) {
      let columns =
        column(of: interval.start)...max(column(of: interval.start), column(of: interval.end))
      let letter = CauseMark.letter(interval.cause)
      guard !columns.contains(where: { $0 < cells.count && cells[$0] == letter }) else { continue }
      if columns.lowerBound < cells.count { cells[columns.lowerBound] = letter }
    }
    return cells
  }

  private func dominant(
    _ intervals: [CauseInterval], _ start: SimTime, _ end: SimTime
  ) -> Cause? {
    var times = [Int64](repeating: 0, count: Cause.allCases.count)
    for interval in intervals where interval.end > start && interval.start < end {
      times[Int(interval.cause.rawValue)] +=
        (min(interval.end, end) - max(interval.start, start)).nanoseconds
    }
    guard let most = times.max(), most > 0, let index = times.firstIndex(of: most) else {
      return nil
    }
    return Cause(rawValue: UInt8(index))
  }
}
