import NetSim

/// Draws a ladder with characters: time at the left, the two hosts as columns, remarks at the right.
struct LadderText {
  private static let timeWidth = 13
  /// How many rows are drawn at most; of more the middle is left out.
  private static let mostRows = 150
  private static let noteWidth = 9
  private let style: TextStyle
  private let marks: Marks
  /// Columns from one host to the other, both included.
  private let span: Int

  init(_ style: TextStyle) {
    self.style = style
    marks = style.marks
    span = style.width - Self.timeWidth - Self.noteWidth - 4
  }

  func render(_ ladder: LadderTimeline) -> String {
    let title = plain(ladder.title)
    let seen = "seen from the " + (ladder.vantage == .client ? "client" : "server")
    var lines =
      title.count + seen.count + 2 > style.width
      ? [Numbers.clipped(title, to: style.width, marks), "  " + seen] : [title + ", " + seen]
    lines.append(header)
    var shownWindow: [LadderRow.Direction: Int64] = [:]
    let left = ladder.rows.count - Self.mostRows
    for (index, row) in ladder.rows.enumerated() {
      if left > 0 && index >= Self.mostRows / 2 && index < Self.mostRows / 2 + left {
        if index == Self.mostRows / 2 {
          lines.append("\(marks.ellipsis) \(Numbers.count(left, "more line")), left out here")
        }
        continue
      }
      lines.append(line(row, &shownWindow))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var header: String {
    let gap = span - "client".count - "server".count
    let hosts = "client" + String(repeating: " ", count: max(1, gap)) + "server"
    return Numbers.padded("ms", to: Self.timeWidth) + "  " + hosts
  }

  private func line(
    _ row: LadderRow, _ shownWindow: inout [LadderRow.Direction: Int64]
  ) -> String {
    let time = Numbers.padded(timeText(row), to: Self.timeWidth)
    var note = row.note
    if note.isEmpty, row.payload > 0, row.kind == .segment, let window = row.window,
      shownWindow[row.direction] != window
    {
      note = "cwnd \(window)"
      shownWindow[row.direction] = window
    }
    let body = plain(arrow(row))
    let margin = note.isEmpty ? "" : "  " + Numbers.clipped(note, to: Self.noteWidth, marks)
    let text = time + "  " + body + margin
    let clipped = Numbers.clipped(trimmed(text), to: style.width, marks)
    return colour(row).map { style.paint(clipped, $0) } ?? clipped
  }

  private func timeText(_ row: LadderRow) -> String {
    guard let last = row.lastTime, last > row.time else {
      return Numbers.milliseconds(row.time)
    }
    let text =
      Numbers.milliseconds(row.time, digits: 1) + marks.range
      + Numbers.milliseconds(last, digits: 1)
    if text.count <= Self.timeWidth { return text }
    let (from, to) = (
      Numbers.milliseconds(row.time, digits: 0), Numbers.milliseconds(last, digits: 0)
    )
    return from == to ? Numbers.milliseconds(row.time) : from + marks.range + to
  }

  private func colour(_ row: LadderRow) -> TextStyle.Colour? {
    switch row.kind {
    case .segment: nil
    case .lost: .red
    case .held: .yellow
    case .retransmission: .cyan
    case .remark: .faint
    }
  }

  // MARK: Arrows

  private func arrow(_ row: LadderRow) -> String {
    switch row.kind {
    case .segment: full(row, marks.line)
    case .retransmission: full(row, marks.heavy)
    case .held: full(row, marks.line, tail: marks.held)
    case .lost: broken(row)
    case .remark: "\(marks.corner) " + row.label
    }
  }

  /// An arrow from host to host with its label at the sender's end; the half near the receiver may
  /// have its own stroke.
  private func full(_ row: LadderRow, _ stroke: Character, tail: Character? = nil) -> String {
    let room = span - 2  // the two ends
    let label = " " + Numbers.clipped(plain(row.label), to: room - 6, marks) + " "
    let fill = room - label.count - 1
    let far = tail.map { Self.held($0, fill) } ?? String(repeating: stroke, count: fill)
    return row.direction == .toServer
      ? "\(marks.leftEnd)\(stroke)\(label)\(far)\(marks.toRight)"
      : "\(marks.toLeft)\(far)\(label)\(stroke)\(marks.rightEnd)"
  }

  /// The stroke of what arrived and waits: broken, with the word in it where there is room.
  private static func held(_ stroke: Character, _ width: Int) -> String {
    let word = " held "
    guard width > word.count + 2 else { return String(repeating: stroke, count: width) }
    return "\(stroke)" + word + String(repeating: stroke, count: width - word.count - 1)
  }

  /// An arrow that ends before it reaches the other host.
  private func broken(_ row: LadderRow) -> String {
    let room = span - 2
    let label = " " + Numbers.clipped(plain(row.label), to: room - 8, marks) + " "
    let fill = room - label.count - 1
    let missing = min(6, fill / 3)
    let stroke = String(repeating: marks.broken, count: fill - missing - 1)
    let blank = String(repeating: " ", count: missing)
    return row.direction == .toServer
      ? "\(marks.leftEnd)\(marks.broken)\(label)\(stroke)\(marks.lost)\(blank)\(marks.nothing)"
      : "\(marks.nothing)\(blank)\(marks.lost)\(stroke)\(label)\(marks.broken)\(marks.rightEnd)"
  }

  // MARK: Characters

  /// `text` with the characters of the style.
  private func plain(_ text: String) -> String {
    guard style.isASCII else { return text }
    var result = ""
    for character in text {
      switch character {
      case "…": result += marks.range
      case "→": result += "->"
      default: result.append(character)
      }
    }
    return result
  }

  private func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
