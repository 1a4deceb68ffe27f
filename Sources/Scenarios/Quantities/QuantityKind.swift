/// A kind of quantity: its units and how its errors speak of it.
struct QuantityKind {
  /// A unit by its lower-case name, its usual spelling and its size in base units.
  struct Unit {
    let spelling: String
    let size: UInt64
  }

  /// The kind with its article, such as `a rate`.
  let article: String
  /// The kind alone, such as `rate`.
  let noun: String
  /// A good value.
  let example: String
  /// The smallest amount it is counted in, such as `a nanosecond`.
  let grain: String
  /// The units it takes, the smallest first.
  let units: [Unit]
  /// The most it may be.
  let maximum: UInt64
  /// Whether zero makes sense.
  let allowsZero: Bool
  /// The unit of a bare number, if one may stand alone.
  let bareUnit: UInt64?
  /// The text of `maximum`.
  let maximumText: String

  static let rate = QuantityKind(
    article: "a rate", noun: "rate", example: "10Mbps", grain: "a bit per second",
    units: decimalUnits([("bps", 0), ("kbps", 3), ("Mbps", 6), ("Gbps", 9), ("Tbps", 12)]),
    maximum: 1_000_000_000_000, allowsZero: false, bareUnit: nil, maximumText: "1Tbps")

  static let duration = QuantityKind(
    article: "a duration", noun: "duration", example: "50ms", grain: "a nanosecond",
    units: decimalUnits([("ns", 0), ("us", 3), ("ms", 6), ("s", 9)]),
    maximum: 86_400_000_000_000, allowsZero: true, bareUnit: nil, maximumText: "86400s")

  static let size = QuantityKind(
    article: "a size", noun: "size", example: "64KiB", grain: "a byte",
    units: decimalUnits([("B", 0), ("kB", 3), ("MB", 6), ("GB", 9), ("TB", 12)])
      + binaryUnits([("KiB", 10), ("MiB", 20), ("GiB", 30)]),
    maximum: 1_000_000_000_000, allowsZero: true, bareUnit: 1, maximumText: "1TB")

  private static func decimalUnits(_ units: [(String, Int)]) -> [Unit] {
    units.map { name, zeros in
      Unit(spelling: name, size: (0..<zeros).reduce(1) { size, _ in size * 10 })
    }
  }

  private static func binaryUnits(_ units: [(String, UInt64)]) -> [Unit] {
    units.map { name, bits in Unit(spelling: name, size: 1 << bits) }
  }

  /// The number of base units that `text` stands for.
  func parse(_ text: String) throws(QuantityError) -> UInt64 {
    let body = Substring(text).trimmed
    if body.first == "-" { throw lowerBoundError }
    let digits = body.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let name = body.dropFirst(digits.count).trimmed
    let number = try number(digits)
    if !allowsZero && number.isZero { throw lowerBoundError }
    let unit = try unitSize(name)
    let value = try scaled(number, by: unit)
    if value > maximum { throw maximumError }
    return value
  }

  private func number(_ digits: Substring) throws(QuantityError) -> DecimalNumber {
    do throws(DecimalNumber.Failure) {
      return try DecimalNumber(digits)
    } catch {
      switch error {
      case .notANumber: throw shapeError
      case .tooManyDigits:
        throw QuantityError(reason: "\(article) has at most 19 digits, such as \(example)")
      }
    }
  }

  private func scaled(_ number: DecimalNumber, by unit: UInt64) throws(QuantityError) -> UInt64 {
    switch number.times(unit) {
    case .exact(let value): return value
    case .fractional:
      throw QuantityError(reason: "\(article) is not finer than \(grain), such as \(example)")
    case .tooLarge: throw maximumError
    }
  }

  private func unitSize(_ name: Substring) throws(QuantityError) -> UInt64 {
    if name.isEmpty {
      guard let bareUnit else {
        throw QuantityError(reason: "\(article) needs a unit, such as \(example)")
      }
      return bareUnit
    }
    // The micro sign and the Greek letter both stand for the u that keyboards have.
    let spelled = name == "µs" || name == "μs" ? "us" : name.lowercased()
    guard let unit = units.first(where: { $0.spelling.lowercased() == spelled }) else {
      let known = Wording.alternatives(units.map(\.spelling))
      throw QuantityError(
        reason:
          "\(Wording.excerpt(name)) is no unit of \(noun), which takes \(known), such as \(example)"
      )
    }
    return unit.size
  }

  private var shapeError: QuantityError {
    let unit = bareUnit == nil ? "a number with a unit" : "a whole number or one with a unit"
    return QuantityError(reason: "\(article) is \(unit), such as \(example)")
  }

  private var lowerBoundError: QuantityError {
    let bound = allowsZero ? "is zero or more" : "must be more than zero"
    return QuantityError(reason: "\(article) \(bound), such as \(example)")
  }

  private var maximumError: QuantityError {
    QuantityError(reason: "\(article) is at most \(maximumText)")
  }
}

extension Substring {
  /// The text without the spaces around it.
  var trimmed: Substring {
    var rest = drop { $0 == " " }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
