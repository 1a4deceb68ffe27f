import NetSim

/// A window of one sender over time, as a plot of characters: what it was allowed. That is its congestion
/// window, or with HTTP/2 the flow-control window of the connection.
public struct WindowPlot: Sendable {
  private static let height = 8
  private let points: [(time: SimTime, value: Int64)]
  private let thresholds: [(time: SimTime, value: Int64)]
  private let events: [SimTime]
  private let end: SimTime
  private let words: Words

  /// What is plotted, in words.
  private struct Words {
    let name: String
    let unit: String
    /// The mark of an event below the axis, where it is not that of a loss.
    var mark: Character?
    let event: String
  }

  /// The plot of the window of `side` on a connection; nil where the log has none, as in captures.
  public init?(_ log: EventLog, connection: UInt32, side: Side = .server) {
    let description = log.connections[Int(connection)]
    let segmentBytes = description.datagramBytes(side)
    var points: [(SimTime, Int64)] = []
    var thresholds: [(SimTime, Int64)] = []
    var losses: [SimTime] = []
    var end = SimTime.zero
    for record in log.records where record.connection == connection {
      if record.kind == .segmentSent || record.kind == .segmentReceived, record.length > 0 {
        end = record.time
      }
      if record.kind == .streamDelivered { end = record.time }
      guard record.side == side else { continue }
      if record.kind == .congestionWindow {
        points.append((record.time, record.offset / segmentBytes))
      }
      if record.kind == .slowStartThreshold {
        thresholds.append((record.time, record.offset / segmentBytes))
      }
      let isLoss =
        record.kind == .segmentDeclaredLost
        || (record.kind == .quicPacketLost && record.detail == 0)
      if isLoss { losses.append(record.time) }
    }
    guard let first = points.first, first.0 < end else { return nil }
    self.points = points
    self.thresholds = thresholds
    events = losses
    self.end = end
    words = Words(
      name: "cwnd", unit: description.quic == nil ? "segs" : "pkts", event: "a loss is found")
  }

  /// The plot of what HTTP/2 lets the server send on a connection, all streams together, as the server
  /// knows it (RFC 9113 §6.9); nil where that was never used up.
  public init?(flowControl log: EventLog, connection: UInt32) {
    var window: Int64 = 65_535  // RFC 9113 §6.9.2
    var points: [(SimTime, Int64)] = []
    var exhausted: [SimTime] = []
    for record in log.records where record.connection == connection {
      let before = window
      if record.kind == .frameReceived, record.side == .server, record.item == 0,
        record.detail == HTTP2FrameType.windowUpdate.rawValue
      {
        window += Int64(record.length)
      } else if let frame = LoggedFrame(record), frame.sender == .server, frame.type == .data {
        window -= frame.payload
        if window <= 0 { exhausted.append(record.time) }
      }
      if points.isEmpty && window < before { points.append((.zero, before)) }
      if window != before && !points.isEmpty { points.append((record.time, window)) }
    }
    guard !exhausted.isEmpty, let last = points.last, last.0 > .zero else { return nil }
    self.points = points.map { ($0.0, $0.1 / 1000) }
    thresholds = []
    events = exhausted
    end = last.0
    words = Words(
      name: "window", unit: "kB", mark: CauseMark.letter(.connectionWindow),
      event: "the connection's window is used up")
  }

  /// The plot as text, each line at most as wide as the style says, with a final newline.
  public func render(_ style: TextStyle) -> String {
    let marks = style.marks
    let left = 11
    let columns = style.width - left - 4
    let values = sampled(columns)
    let top = max(1, points.map(\.value).max() ?? 1)
    var grid = Grid(width: columns, height: Self.height)
    drawThresholds(&grid, columns, top, marks)
    draw(values, top, &grid, marks)
    var text = Numbers.padded(words.name, to: left - 2) + "\n"
    for row in 0..<Self.height {
      let value =
        (top * Int64(Self.height - 1 - row) * 2 + Int64(Self.height - 1))
        / (2 * Int64(Self.height - 1))
      let label = row % 2 == 1 || row == 0 ? String(value) : ""
      let name = row == 1 ? words.unit + " " : ""
      text +=
        Numbers.padded(name + label, to: left - 2) + " \(marks.axisTick)" + grid.line(row) + "\n"
    }
    return text + axis(columns, left, marks) + eventLine(columns, left, marks)
  }

  private func column(of time: SimTime, _ columns: Int) -> Int {
    min(columns - 1, Int(time.nanoseconds * Int64(columns) / max(1, end.nanoseconds + 1)))
  }

  /// The window at the end of each column's time; nil before the first value.
  private func sampled(_ columns: Int) -> [Int64?] {
    var values: [Int64?] = Array(repeating: nil, count: columns)
    for point in points where point.time <= end {
      values[column(of: point.time, columns)] = point.value
    }
    for index in values.indices.dropFirst() where values[index] == nil {
      values[index] = values[index - 1]
    }
    return values
  }

  private func row(of value: Int64, _ top: Int64) -> Int {
    let height = Int64(Self.height - 1)
    return Int(height - (value * height + top / 2) / top)
  }

  private func draw(_ values: [Int64?], _ top: Int64, _ grid: inout Grid, _ marks: Marks) {
    var previous: Int?
    for (column, value) in values.enumerated() {
      guard let value else { continue }
      let row = row(of: value, top)
      let from = previous ?? row
      if row == from {
        grid.set(column, row, marks.line)
      } else {
        let rises = row < from
        grid.set(column, from, rises ? marks.riseFrom : marks.fallFrom)
        for between in min(row, from) + 1..<max(row, from) {
          grid.set(column, between, marks.upright)
        }
        grid.set(column, row, rises ? marks.riseTo : marks.fallTo)
      }
      previous = row
    }
  }

  private func drawThresholds(
    _ grid: inout Grid, _ columns: Int, _ top: Int64, _ marks: Marks
  ) {
    for (index, threshold) in thresholds.enumerated() where threshold.value <= top {
      let last = index + 1 < thresholds.count ? thresholds[index + 1].time : end
      for column in column(of: threshold.time, columns)...column(of: last, columns) {
        grid.set(column, row(of: threshold.value, top), marks.threshold)
      }
    }
  }

  private func axis(_ columns: Int, _ left: Int, _ marks: Marks) -> String {
    let line = String(repeating: marks.axis, count: columns)
    let last = Numbers.milliseconds(end, digits: 1) + " ms"
    let middle = Numbers.milliseconds(end.nanoseconds / 2, digits: 1)
    var labels = Numbers.filled("0", to: columns / 2 - middle.count / 2) + middle
    labels = Numbers.filled(labels, to: columns - last.count + 3) + last
    let indent = String(repeating: " ", count: left - 1)
    return indent + "\(marks.axisCorner)" + line + "\n" + indent + " " + labels + "\n"
  }

  private func eventLine(_ columns: Int, _ left: Int, _ marks: Marks) -> String {
    guard !events.isEmpty else { return "" }
    var line = Array(repeating: Character(" "), count: columns)
    let mark = words.mark ?? marks.lost
    for event in events where event <= end { line[column(of: event, columns)] = mark }
    while line.last == " " { line.removeLast() }
    let indent = String(repeating: " ", count: left)
    let legend =
      "\(mark) \(words.event)"
      + (thresholds.isEmpty ? "" : "   \(marks.threshold)\(marks.threshold) slow-start threshold")
    return indent + String(line) + "\n" + indent + legend + "\n"
  }
}

/// A rectangle of characters.
struct Grid {
  private var cells: [[Character]]

  init(width: Int, height: Int) {
    cells = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  mutating func set(_ column: Int, _ row: Int, _ character: Character) {
    cells[row][column] = character
  }

  /// A row without the blanks at its end.
  func line(_ row: Int) -> String {
    var line = cells[row][...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
