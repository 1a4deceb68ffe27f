import NetSim

/// Numbers as people read them.
public enum Numbers {
  /// Milliseconds with `digits` decimals, rounded to the nearest.
  public static func milliseconds(_ nanoseconds: Int64, digits: Int = 3) -> String {
    var unit: Int64 = 1_000_000
    for _ in 0..<digits { unit /= 10 }
    let rounded = (nanoseconds.magnitude + UInt64(unit) / 2) / UInt64(unit)
    let sign = nanoseconds < 0 && rounded > 0 ? "-" : ""
    if digits == 0 { return sign + String(rounded) }
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    return sign + String(rounded / scale) + "." + padded(String(rounded % scale), to: digits, "0")
  }

  /// Milliseconds of an instant.
  public static func milliseconds(_ time: SimTime, digits: Int = 3) -> String {
    milliseconds(time.nanoseconds, digits: digits)
  }

  /// Milliseconds of a span.
  public static func milliseconds(_ span: SimDuration, digits: Int = 3) -> String {
    milliseconds(span.nanoseconds, digits: digits)
  }

  /// A whole number with commas between thousands.
  public static func grouped(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return (value < 0 ? "-" : "") + result
  }

  /// Bytes with their unit.
  public static func bytes(_ value: Int64) -> String { grouped(value) + " B" }

  /// The rate of `bytes` over a span, in Mb/s, or in kb/s below one of them; nil for no time.
  public static func rate(bytes: Int64, over span: SimDuration) -> String? {
    guard span > .zero else { return nil }
    return rate(
      bitsPerSecond: Int64(
        clamping: UInt128(max(0, bytes)) * 8_000_000_000 / UInt128(span.nanoseconds)))
  }

  /// A rate in Mb/s, or in kb/s below one of them.
  public static func rate(bitsPerSecond: Int64) -> String {
    bitsPerSecond >= 1_000_000
      ? decimal((bitsPerSecond + 5_000) / 10_000, places: 2) + " Mb/s"
      : decimal((bitsPerSecond + 5) / 10, places: 2) + " kb/s"
  }

  /// Words as a sentence lists them: `1, 3 and 5`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `text` filled up on the left to `width`.
  public static func padded(_ text: String, to width: Int, _ filler: Character = " ") -> String {
    text.count >= width ? text : String(repeating: filler, count: width - text.count) + text
  }

  /// `text` filled up on the right to `width`.
  public static func filled(_ text: String, to width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }

  /// At most `width` characters of `text`, with the ellipsis where something was left out.
  static func clipped(_ text: String, to width: Int, _ marks: Marks) -> String {
    if text.count <= width { return text }
    let kept = max(0, width - marks.ellipsis.count)
    return String(text.prefix(kept)) + String(marks.ellipsis.prefix(width - kept))
  }

  /// How many of `scale` parts of `whole` the span takes, rounded down; whole spans of years fit.
  static func share(_ part: SimDuration, of whole: SimDuration, scale: Int64 = 100) -> Int64 {
    Int64(
      clamping: Int128(part.nanoseconds) * Int128(scale) / Int128(max(1, whole.nanoseconds)))
  }

  /// "1 segment", "2 segments".
  public static func count(_ value: Int64, _ noun: String) -> String {
    grouped(value) + " " + noun + (value == 1 ? "" : "s")
  }

  /// "1 segment", "2 segments".
  public static func count(_ value: Int, _ noun: String) -> String { count(Int64(value), noun) }

  /// A whole number of hundredths, thousandths … as a decimal with `places` digits after its point.
  public static func decimal(_ value: Int64, places: Int) -> String {
    let digits = padded(String(value.magnitude), to: places + 1, "0")
    return (value < 0 ? "-" : "") + digits.dropLast(places) + "." + digits.suffix(places)
  }
}
