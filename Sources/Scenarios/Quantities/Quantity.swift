import NetSim

/// Quantities as people write them, read and written without any rounding.
///
/// What `text(_:)` writes, the reader of the same kind reads back to the same value.
public enum Quantity {
  /// The word for no limit of a rate or a queue.
  static let unlimited = "unlimited"

  /// A rate such as `10Mbps`, `1.5Gbps` or `500bps`; `unlimited` for no limit.
  ///
  /// Letters may be of either case, but a capital B before a small `ps` is refused: it would
  /// stand for bytes.
  public static func rate(_ text: String) throws(QuantityError) -> Bitrate {
    if text.lowercased() == unlimited { return .unlimited }
    if text.hasSuffix("Bps") {
      throw QuantityError(
        reason: "Bps would be bytes per second; a rate is in bits, such as 10Mbps")
    }
    return Bitrate(bitsPerSecond: try QuantityKind.rate.parse(text))
  }

  /// A duration such as `50ms`, `1.5s`, `200us` or `10ns`, at most a day.
  public static func duration(_ text: String) throws(QuantityError) -> SimDuration {
    SimDuration(nanoseconds: Int64(try QuantityKind.duration.parse(text)))
  }

  /// A size such as `64KiB`, `30kB` or `1460`, at most a terabyte.
  public static func size(_ text: String) throws(QuantityError) -> ByteCount {
    let value = Int64(try QuantityKind.size.parse(text))
    if text.last == "b" {
      throw QuantityError(reason: "a small b would be bits; a size is in bytes, such as 64KiB")
    }
    return ByteCount(value)
  }

  /// A queue such as `100packets` or `64KiB`; `unlimited` for no limit.
  public static func queue(_ text: String) throws(QuantityError) -> QueueLimit {
    if text.lowercased() == unlimited { return .unlimited }
    for suffix in ["packets", "packet"] where text.lowercased().hasSuffix(suffix) {
      let digits = String(Substring(text.dropLast(suffix.count)).trimmed)
      return .packets(UInt32(try count(digits, of: "a queue in packets", in: 1...1_000_000_000)))
    }
    if isBareNumber(text) {
      throw QuantityError(reason: "a queue needs a unit, such as 100packets or 64KiB")
    }
    guard let first = text.first, first.isASCII, first.isNumber else {
      throw QuantityError(
        reason: "a queue is a number of packets or a size, such as 100packets or 64KiB")
    }
    let bytes = try size(text).bytes
    if bytes == 0 {
      throw QuantityError(reason: "a queue must hold at least one packet, such as 100packets")
    }
    return .bytes(UInt64(bytes))
  }

  /// A probability such as `1.5%`, in steps of a ten-millionth of a percent.
  public static func probability(_ text: String) throws(QuantityError) -> Probability {
    if text.last != "%" && isBareNumber(text) {
      throw QuantityError(reason: "a probability needs a percent sign, such as 1.5%")
    }
    if text.last == "%" && text.first == "-" { throw probabilityRange }
    guard text.last == "%", let number = try? DecimalNumber(Substring(text.dropLast()).trimmed)
    else { throw QuantityError(reason: "a probability is a number of percent, such as 1.5%") }
    switch number.times(10_000_000) {
    case .exact(let value) where value <= 1_000_000_000:
      return Probability(partsPerBillion: UInt32(value))
    case .exact, .tooLarge: throw probabilityRange
    case .fractional:
      throw QuantityError(reason: "a probability is not finer than 0.0000001%")
    }
  }

  private static var probabilityRange: QuantityError {
    QuantityError(reason: "a probability lies between 0% and 100%")
  }

  /// A whole number without a unit that lies in `range`; `subject` is what it counts, such as
  /// `the number of connections`.
  public static func count(
    _ text: String, of subject: String, in range: ClosedRange<UInt64>
  ) throws(QuantityError) -> UInt64 {
    let isNegative = text.first == "-"
    let digits = isNegative ? text.dropFirst() : Substring(text)
    let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
    if !isNumber { throw QuantityError(reason: "\(subject) is a whole number without a unit") }
    guard !isNegative, let value = UInt64(digits), range.contains(value) else {
      throw QuantityError(
        reason: "\(subject) lies between \(range.lowerBound) and \(range.upperBound)")
    }
    return value
  }

  private static func isBareNumber(_ text: String) -> Bool {
    (try? DecimalNumber(Substring(text).trimmed)) != nil
  }
}
