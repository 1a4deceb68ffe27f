import NetSim

/// A rectangle of characters over time and positions. A cell shows the most surprising of what lies in
/// it; segments are dots, two by four in a cell.
struct SequenceCanvas {
  /// What a cell may show; the later one prevails.
  enum Layer: Int {
    case nothing
    case window
    case acknowledgement
    case segment
    case needless
    case repetition
    case loss
  }

  private struct Cell {
    var layer = Layer.nothing
    var dots: UInt8 = 0
    /// The sides to which a line goes: left 1, right 2, up 4, down 8.
    var line: UInt8 = 0
  }

  private let columns: Int
  private let rows: Int
  private let fine: LaneScale
  private let top: Int64
  private var cells: [Cell]

  /// An empty canvas for positions from 0 to `top`.
  init(columns: Int, rows: Int, start: SimTime, end: SimTime, top: Int64) {
    self.columns = columns
    self.rows = rows
    self.top = top
    fine = LaneScale(from: start, to: end, columns: columns * 2)
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  // MARK: Drawing

  /// A segment that was sent at a time.
  mutating func segment(_ time: SimTime, _ span: Range<Int64>) {
    let column = fine.column(of: time)
    let last = dot(of: max(span.lowerBound, span.upperBound - 1))
    for row in min(last, dot(of: span.lowerBound))...dot(of: span.lowerBound) {
      let place = row / 4 * columns + column / 2
      cells[place].dots |= Self.dotBits[column % 2][row % 4]
      raise(place, to: .segment)
    }
  }

  /// A mark of its own at a time and a position.
  mutating func mark(_ time: SimTime, _ position: Int64, as layer: Layer) {
    raise(dot(of: position) / 4 * columns + fine.column(of: time) / 2, to: layer)
  }

  /// A line that stays at each position until the next one; what is above the canvas is left out.
  mutating func steps(_ points: [(time: SimTime, position: Int64)], as layer: Layer) {
    var before: (column: Int, row: Int)?
    for point in points {
      let column = fine.column(of: point.time) / 2
      let row = point.position > top ? -1 : dot(of: point.position) / 4
      if let before {
        level(before.row, from: before.column, to: column, layer)
        rise(column, from: before.row, to: row, layer)
      }
      before = (column, row)
    }
    if let before { level(before.row, from: before.column, to: columns - 1, layer) }
  }

  private mutating func level(_ row: Int, from: Int, to: Int, _ layer: Layer) {
    guard row >= 0, from < to else { return }
    for column in from...to {
      join(row, column, (column > from ? 1 : 0) | (column < to ? 2 : 0), layer)
    }
  }

  private mutating func rise(_ column: Int, from: Int, to: Int, _ layer: Layer) {
    guard from != to else { return }
    for row in min(from, to)...max(from, to) where row >= 0 {
      let isTop = row == min(from, to)
      let isBottom = row == max(from, to)
      join(row, column, (isTop ? 0 : 4) | (isBottom ? 0 : 8), layer)
    }
  }

  private mutating func join(_ row: Int, _ column: Int, _ sides: UInt8, _ layer: Layer) {
    let place = row * columns + column
    if cells[place].layer.rawValue < layer.rawValue { cells[place].line = 0 }
    if cells[place].layer.rawValue <= layer.rawValue { cells[place].line |= sides }
    raise(place, to: layer)
  }

  private mutating func raise(_ place: Int, to layer: Layer) {
    if cells[place].layer.rawValue < layer.rawValue { cells[place].layer = layer }
  }

  /// The row of dots of a position, from the top.
  private func dot(of position: Int64) -> Int {
    let most = Int64(rows * 4 - 1)
    return Int(most - min(max(0, position), top) * most / top)
  }

  // MARK: Reading

  /// The position in the middle of a row, or at the edge of the first and the last.
  func position(ofRow row: Int) -> Int64 {
    rows == 1 ? 0 : top * Int64(rows - 1 - row) / Int64(rows - 1)
  }

  /// Whether any cell shows this.
  func shows(_ layer: Layer) -> Bool { cells.contains { $0.layer == layer } }

  /// The rows, without blanks at their ends.
  func lines(_ style: TextStyle) -> [String] {
    (0..<rows).map { row in
      var line = cells[row * columns..<(row + 1) * columns]
      while line.last?.layer == .nothing { line.removeLast() }
      return line.map { paint(character($0, style), $0.layer, style) }.joined()
    }
  }

  /// How a legend shows a layer.
  func sign(_ layer: Layer, _ style: TextStyle) -> String {
    let cell = Cell(layer: layer, dots: 0x47, line: 3)
    return paint(character(cell, style), layer, style)
  }

  /// The bits of braille's dots, by column and row.
  private static let dotBits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Lines by the sides to which they go.
  private static let lines: [Character] = [
    "·", "─", "─", "─", "│", "╯", "╰", "╯", "│", "╮", "╭", "╮", "│", "│", "│", "│",
  ]

  private func character(_ cell: Cell, _ style: TextStyle) -> String {
    switch cell.layer {
    case .nothing: return " "
    case .window:
      if style.isASCII { return "~" }
      return cell.line & 12 == 0 ? "┈" : "┊"
    case .acknowledgement:
      if style.isASCII { return cell.line & 12 == 0 ? "-" : "'" }
      return String(Self.lines[Int(cell.line)])
    case .segment:
      if style.isASCII { return ":" }
      return Unicode.Scalar(UInt32(0x2800) + UInt32(cell.dots)).map { String(Character($0)) } ?? ":"
    case .needless: return "N"
    case .repetition: return "R"
    case .loss: return String(style.marks.lost)
    }
  }

  private func paint(_ text: String, _ layer: Layer, _ style: TextStyle) -> String {
    switch layer {
    case .nothing, .segment: text
    case .window: style.paint(text, .yellow)
    case .acknowledgement: style.paint(text, .green)
    case .needless: style.paint(text, .cyan)
    case .repetition, .loss: style.paint(text, .red)
    }
  }
}
