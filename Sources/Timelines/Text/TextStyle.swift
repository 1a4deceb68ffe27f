/// How a timeline is put on a terminal.
public struct TextStyle: Sendable {
  /// Columns available; no line is wider. At least 60.
  public var width: Int
  /// Whether only ASCII characters are used.
  public var isASCII: Bool
  /// Whether colour is added. It is never the only sign of anything.
  public var usesColour: Bool

  /// A style; widths under 60 are taken as 60.
  public init(width: Int = 80, isASCII: Bool = false, usesColour: Bool = false) {
    self.width = max(width, 60)
    self.isASCII = isASCII
    self.usesColour = usesColour
  }

  /// The marks of this style.
  var marks: Marks { isASCII ? .ascii : .unicode }

  /// Wraps `text` in a colour, where colour is used.
  func paint(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// `text` in the colour of what is right or of what is wrong, where colour is used.
  public func paint(_ text: String, isGood: Bool) -> String {
    paint(text, isGood ? .green : .red)
  }

  /// The colours, by their ANSI codes.
  enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
    case faint = 2
  }
}

/// The characters that timelines are drawn with, each one column wide.
struct Marks {
  let line: Character
  let heavy: Character
  let broken: Character
  let held: Character
  let leftEnd: Character
  let rightEnd: Character
  let toRight: Character
  let toLeft: Character
  let lost: Character
  let nothing: Character
  let corner: Character
  let upright: Character
  let riseFrom: Character
  let riseTo: Character
  let fallFrom: Character
  let fallTo: Character
  let threshold: Character
  let axis: Character
  let axisCorner: Character
  let axisTick: Character
  /// "From … to": between two numbers.
  let range: String
  /// Left out.
  let ellipsis: String

  static let unicode = Marks(
    line: "─", heavy: "━", broken: "╌", held: "┄", leftEnd: "├", rightEnd: "┤", toRight: "▶",
    toLeft: "◀", lost: "✗", nothing: "·", corner: "└", upright: "│", riseFrom: "╯", riseTo: "╭",
    fallFrom: "╮", fallTo: "╰", threshold: "┈", axis: "─", axisCorner: "└", axisTick: "┤",
    range: "…", ellipsis: "…")
  static let ascii = Marks(
    line: "-", heavy: "=", broken: ".", held: "~", leftEnd: "|", rightEnd: "|", toRight: ">",
    toLeft: "<", lost: "X", nothing: ".", corner: "`", upright: "|", riseFrom: "'", riseTo: ".",
    fallFrom: ".", fallTo: "'", threshold: ":", axis: "-", axisCorner: "+", axisTick: "|",
    range: "..", ellipsis: "...")
}
