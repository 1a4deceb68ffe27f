import NetSim

/// What one end of a TCP connection sends over time, as xplot draws it (Shepard's xplot, in the
/// conventions of tcptrace's time-sequence graphs).
///
/// White arrows are segments from their first byte to their last, red ones repeat bytes; green is the
/// other end's acknowledgement, yellow that with its window; purple is what it acknowledges selectively;
/// an x is a packet without length. Times are seconds since the run or the capture began, and sequence
/// numbers count from the SYN.
public struct TimeSequenceGraph: Sendable {
  private let rows: [PacketRow]
  private let sender: Side
  private let title: String

  /// The graph of what `sender` of a connection sends, out of the rows of its packets.
  public init(_ rows: [PacketRow], sender: Side, of connection: ConnectionDescription) {
    self.rows = rows
    self.sender = sender
    let client = String(decoding: connection.clientName, as: UTF8.self)
    let server = String(decoding: connection.serverName, as: UTF8.self)
    let ends = sender == .client ? [client, server] : [server, client]
    title = ends.joined(separator: "_==>_")
  }

  /// The file.
  public var text: String {
    var pen = Pen()
    pen.lines = [
      "dtime unsigned", "title", title + " (time sequence graph)", "xlabel", "relative time",
      "ylabel", "sequence number",
    ]
    var acknowledged: Mark?
    var window: Mark?
    for row in rows {
      if row.sender == sender {
        draw(row, &pen)
      } else {
        acknowledge(row, &acknowledged, &window, &pen)
      }
    }
    pen.lines.append("go")
    return pen.lines.map { $0 + "\n" }.joined()
  }

  /// Where a line has come to.
  private struct Mark {
    var time: SimTime
    var position: Int64
  }

  /// The file's lines: a colour holds until the next.
  private struct Pen {
    var lines: [String] = []
    private var colour = ""

    mutating func use(_ colour: String) {
      if colour != self.colour { lines.append(colour) }
      self.colour = colour
    }

    mutating func mark(_ what: String, _ time: SimTime, _ position: Int64) {
      lines.append("\(what) \(TimeSequenceGraph.seconds(time)) \(max(0, position))")
    }

    mutating func line(_ from: Mark, _ to: Mark) {
      lines.append(
        "line \(TimeSequenceGraph.seconds(from.time)) \(max(0, from.position)) "
          + "\(TimeSequenceGraph.seconds(to.time)) \(max(0, to.position))")
    }

    mutating func label(_ text: String, _ time: SimTime, _ position: Int64) {
      mark("atext", time, position)
      lines.append(text)
    }
  }

  /// Seconds with all their nanoseconds.
  private static func seconds(_ time: SimTime) -> String {
    Numbers.decimal(time.nanoseconds, places: 9)
  }

  /// A segment.
  private func draw(_ row: PacketRow, _ pen: inout Pen) {
    let isControl = !row.flags.isDisjoint(with: [.syn, .fin])
    pen.use(row.retransmission != nil ? "red" : isControl ? "orange" : "white")
    if row.end == row.sequence {
      pen.mark("x", row.time, row.sequence)
    } else {
      pen.mark("darrow", row.time, row.sequence)
      pen.mark(row.flags.contains(.psh) ? "diamond" : "uarrow", row.time, row.end)
      pen.line(
        Mark(time: row.time, position: row.sequence), Mark(time: row.time, position: row.end))
    }
    if row.retransmission != nil { pen.label("R", row.time, row.end) }
    if row.flags.contains(.syn) { pen.label("SYN", row.time, row.end) }
    if row.flags.contains(.fin) { pen.label("FIN", row.time, row.end) }
    if row.flags.contains(.rst) { pen.label("RST", row.time, row.end) }
  }

  /// What the other end acknowledges and grants: steps, or a tick where nothing changes.
  private func acknowledge(
    _ row: PacketRow, _ acknowledged: inout Mark?, _ window: inout Mark?, _ pen: inout Pen
  ) {
    guard let position = row.acknowledgement else { return }
    let mark = Mark(time: row.time, position: position)
    step(to: mark, from: acknowledged, "green", tick: "dtick", &pen)
    acknowledged = mark
    if let bytes = row.windowBytes {
      let edge = Mark(time: row.time, position: position + bytes)
      step(to: edge, from: window, "yellow", tick: "utick", &pen)
      window = edge
    }
    for block in row.sackBlocks + (row.duplicateSACK.map { [$0] } ?? []) {
      pen.use("purple")
      pen.line(
        Mark(time: row.time, position: block.lowerBound),
        Mark(time: row.time, position: block.upperBound))
      pen.mark("htick", row.time, block.lowerBound)
      pen.mark("htick", row.time, block.upperBound)
      pen.label(block == row.duplicateSACK ? "D" : "S", row.time, block.upperBound)
    }
  }

  private func step(
    to mark: Mark, from last: Mark?, _ colour: String, tick: String, _ pen: inout Pen
  ) {
    guard let last else { return }
    pen.use(colour)
    let corner = Mark(time: mark.time, position: last.position)
    pen.line(last, corner)
    if mark.position == last.position {
      pen.mark(tick, mark.time, mark.position)
    } else {
      pen.line(corner, mark)
    }
  }
}
