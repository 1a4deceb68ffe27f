import NetSim

/// Draws a ladder with characters: time at the left, the hosts as columns, remarks at the right.
struct LadderText {
  private static let timeWidth = 13
  /// How many rows are drawn at most; of more the middle is left out.
  private static let mostRows = 150
  private static let noteWidth = 9
  private let style: TextStyle
  private let marks: Marks
  private let columns: HostColumns

  /// The drawing of a ladder with columns for `hosts`.
  init(_ style: TextStyle, hosts: [String]) {
    self.style = style
    marks = style.marks
    columns = HostColumns(hosts, width: style.width - Self.timeWidth - Self.noteWidth - 4)
  }

  func render(_ ladder: LadderTimeline) -> String {
    var lines = heading(ladder)
    lines.append(Numbers.padded("ms", to: Self.timeWidth) + "  " + columns.header)
    var shownWindow: [LadderRow.Sender: Int64] = [:]
    let rows = ladder.rows.filter { columns.shows($0) }
    let left = rows.count - Self.mostRows
    for (index, row) in rows.enumerated() {
      if left > 0 && index >= Self.mostRows / 2 && index < Self.mostRows / 2 + left {
        if index == Self.mostRows / 2 {
          lines.append("\(marks.ellipsis) \(Numbers.count(left, "more line")), left out here")
        }
        continue
      }
      lines.append(line(row, &shownWindow))
    }
    if let text = notDrawn(ladder) {
      lines += DisplayWidth.wrapped(text, hanging: 2, width: style.width)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func heading(_ ladder: LadderTimeline) -> [String] {
    let title = plain(ladder.title)
    let seen = ladder.remark
    if title.count + seen.count + 2 <= style.width { return [title + ", " + seen] }
    let lines =
      columns.legs == 1
      ? [Numbers.clipped(title, to: style.width, marks)]
      : DisplayWidth.wrapped(title, hanging: 2, width: style.width)
    return lines + ["  " + seen]
  }

  /// What a ladder with many hosts or connections leaves out.
  private func notDrawn(_ ladder: LadderTimeline) -> String? {
    var parts: [String] = []
    if columns.legsLeftOut > 0 { parts.append(Numbers.count(columns.legsLeftOut, "more leg")) }
    if ladder.leftOut > 0 { parts.append(Numbers.count(ladder.leftOut, "more connection")) }
    if parts.isEmpty { return nil }
    return "\(marks.ellipsis) " + parts.joined(separator: ", ") + "; --connection N draws one leg"
  }

  private func line(
    _ row: LadderRow, _ shownWindow: inout [LadderRow.Sender: Int64]
  ) -> String {
    let time = Numbers.padded(timeText(row), to: Self.timeWidth)
    var note = row.note
    if note.isEmpty, row.payload > 0, row.kind == .segment, let window = row.window,
      shownWindow[row.sender] != window
    {
      note = "cwnd \(window)"
      shownWindow[row.sender] = window
    }
    let text = plain(arrow(row))
    let body =
      row.kind == .remark
      ? columns.remark(text, leg: row.leg, marks) : columns.arrow(text, leg: row.leg, marks)
    let margin = note.isEmpty ? "" : "  " + Numbers.clipped(note, to: Self.noteWidth, marks)
    let clipped = Numbers.clipped(trimmed(time + "  " + body + margin), to: style.width, marks)
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
    let room = columns.width(ofLeg: row.leg) - 2  // the two ends
    let label = " " + label(of: row, in: room - columns.leastStroke) + " "
    let fill = room - label.count - 1
    let far = tail.map { Self.held($0, fill) } ?? String(repeating: stroke, count: fill)
    return row.direction == .toServer
      ? "\(marks.leftEnd)\(stroke)\(label)\(far)\(marks.toRight)"
      : "\(marks.toLeft)\(far)\(label)\(stroke)\(marks.rightEnd)"
  }

  /// What stands in an arrow: where several legs share the width, without what tells less.
  private func label(of row: LadderRow, in room: Int) -> String {
    let whole = plain(row.tag + row.label)
    if whole.count <= room || columns.legs == 1 { return Numbers.clipped(whole, to: room, marks) }
    let texts = [row.message.isEmpty ? row.label : row.message, row.brief]
      .map { plain(row.tag + $0) }
    return texts.first { $0.count <= room } ?? Numbers.clipped(texts[1], to: room, marks)
  }

  /// The stroke of what arrived and waits: broken, with the word in it where there is room.
  private static func held(_ stroke: Character, _ width: Int) -> String {
    let word = " held "
    guard width > word.count + 2 else { return String(repeating: stroke, count: width) }
    return "\(stroke)" + word + String(repeating: stroke, count: width - word.count - 1)
  }

  /// An arrow that ends before it reaches the other host.
  private func broken(_ row: LadderRow) -> String {
    let room = columns.width(ofLeg: row.leg) - 2
    let label = " " + label(of: row, in: room - columns.leastStroke - 2) + " "
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
      case "×": result += "x"
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
