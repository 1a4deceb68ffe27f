import NetSim

/// What one end of a TCP connection sent over time, as a plot of characters, with its rate, what was
/// under way and its round trips below.
///
/// Steep is fast, level is waiting. Segments are dots in their place; what repeats bytes and what was
/// lost has letters of its own. The other end's acknowledgements are a line at the right of the
/// segments, its window one above them.
public struct SequencePlot: Sendable {
  private static let height = 20
  /// Columns left of the plot.
  static let left = 11

  private let rows: [PacketRow]
  private let lost: [PacketRow]
  private let log: EventLog
  private let connection: UInt32
  private let sender: Side
  private let vantage: Side
  private let start: SimTime
  private let end: SimTime

  /// The plot of what `sender` of a connection sends, as its end `vantage` sees it; `sender` is the end
  /// that sends more where none is named. Nil where that end sees no packets of TCP.
  public init?(_ log: EventLog, connection: UInt32, vantage: Side, sender: Side? = nil) {
    let packets = PacketRows(log, selection: PacketSelection(connections: [connection])) { _ in
      vantage
    }
    guard let first = packets.rows.first, let last = packets.rows.last else { return nil }
    let sender = sender ?? Self.busier(packets.rows)
    rows = packets.rows
    lost = (packets.rows.filter(\.isLost) + packets.unseen).filter { $0.sender == sender }
    self.log = log
    self.connection = connection
    self.sender = sender
    self.vantage = vantage
    start = min(first.time, lost.map(\.time).min() ?? first.time)
    end = max(last.time, lost.map(\.time).max() ?? last.time)
  }

  private static func busier(_ rows: [PacketRow]) -> Side {
    let bytes = rows.reduce(0) { $0 + ($1.sender == .client ? -$1.payloadBytes : $1.payloadBytes) }
    return bytes < 0 ? .client : .server
  }

  /// The plot as text, each line at most as wide as the style says, with a final newline.
  public func render(_ style: TextStyle) -> String {
    let columns = style.width - Self.left - 1
    let scale = LaneScale(from: start, to: end, columns: columns)
    var canvas = SequenceCanvas(
      columns: columns, rows: Self.height, start: start, end: end, top: top)
    draw(on: &canvas)
    let lines = canvas.lines(style)
    var text = title(style) + "\n"
    for (row, line) in lines.enumerated() {
      let isLabelled = row % 4 == 0 || row == lines.count - 1
      let label = isLabelled ? Numbers.grouped(canvas.position(ofRow: row)) : ""
      text += Numbers.padded(label, to: Self.left - 2) + " \(style.marks.axisTick)" + line + "\n"
    }
    let indent = String(repeating: " ", count: Self.left - 1)
    text +=
      indent + "\(style.marks.axisCorner)" + String(repeating: style.marks.axis, count: columns)
    text += "\n" + scale.axis(indent + " ", width: style.width)
    return text + legend(canvas, style) + "\n"
      + SequenceSparks(
        rows, log, connection, sender: sender, vantage: vantage, scale
      ).render(style)
  }

  /// The highest position of the plot: the last byte, or the window's edge where that is not so far
  /// above that it would press the rest together.
  private var top: Int64 {
    let sent = (rows + lost).filter { $0.sender == sender }.map(\.end).max() ?? 1
    let edge = edges.map(\.position).max() ?? 0
    return max(1, edge <= sent + sent / 2 ? max(sent, edge) : sent)
  }

  /// Where the other end's window ends, over time.
  private var edges: [(time: SimTime, position: Int64)] {
    rows.compactMap { row in
      guard row.sender != sender, let position = row.acknowledgement, let bytes = row.windowBytes,
        !row.flags.contains(.rst)
      else { return nil }
      return (row.time, position + bytes)
    }
  }

  private func draw(on canvas: inout SequenceCanvas) {
    canvas.steps(edges, as: .window)
    canvas.steps(
      rows.compactMap { row in
        row.sender == sender || row.flags.contains(.rst)
          ? nil : row.acknowledgement.map { (row.time, $0) }
      }, as: .acknowledgement)
    for row in rows where row.sender == sender && row.end > row.sequence && !row.isLost {
      if row.retransmission == nil {
        canvas.segment(row.time, row.sequence..<row.end)
      } else {
        canvas.mark(row.time, row.sequence, as: row.isNeedless ? .needless : .repetition)
      }
    }
    for row in lost { canvas.mark(row.time, row.sequence, as: .loss) }
  }

  private func title(_ style: TextStyle) -> String {
    let description = log.connections[Int(connection)]
    let names = [description.clientName, description.serverName].map {
      String(decoding: $0, as: UTF8.self)
    }
    let ends = sender == .client ? names : names.reversed()
    let to = style.isASCII ? " -> " : " → "
    let place = vantage == sender ? "sender" : "receiver"
    return Numbers.clipped(
      " \(connection)  \(ends[0])\(to)\(ends[1])  seen at the \(place)", to: style.width,
      style.marks) + "\n" + Numbers.padded("position", to: Self.left - 2)
  }

  /// What the marks mean, each with its words on one line.
  private func legend(_ canvas: SequenceCanvas, _ style: TextStyle) -> String {
    let again = rows.count { $0.sender == sender && $0.retransmission != nil && !$0.isNeedless }
    let needless = rows.count { $0.sender == sender && $0.isNeedless }
    var parts: [(layer: SequenceCanvas.Layer, words: String)] = [(.segment, "segments")]
    if again > 0 { parts.append((.repetition, "sent again (\(again))")) }
    if needless > 0 { parts.append((.needless, "needlessly (\(needless))")) }
    if !lost.isEmpty { parts.append((.loss, "lost (\(lost.count))")) }
    parts.append((.acknowledgement, "acknowledged"))
    if canvas.shows(.window) {
      parts.append((.window, "window's edge"))
    } else if let edge = edges.map(\.position).min(), edge > top {
      parts.append((.nothing, "(the window ends above)"))
    }
    var text = ""
    var columns = style.width
    for (layer, words) in parts {
      // The sign, a blank, the words and three blanks.
      if columns + words.count + 2 > style.width {
        text += (text.isEmpty ? "" : "\n") + String(repeating: " ", count: Self.left)
        columns = Self.left
      }
      text += layer == .nothing ? words : canvas.sign(layer, style) + " " + words
      text += "   "
      columns += words.count + 5
    }
    return text.split(separator: "\n").map { line in
      String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}
