/// A decimal number as it was written: `mantissa` × 10^−`scale`, without any rounding.
struct DecimalNumber {
  var mantissa: UInt64
  var scale: Int

  /// Whether it is zero.
  var isZero: Bool { mantissa == 0 }

  /// Why digits are no number that can be counted with.
  enum Failure: Error {
    case notANumber
    case tooManyDigits
  }

  /// The number that `text` spells: digits, with a point between them if there is a fraction.
  init(_ text: Substring) throws(Failure) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isShaped = (1...2).contains(parts.count) && parts.allSatisfy(DecimalNumber.isDigits)
    guard isShaped else { throw .notANumber }
    var fraction = parts.count == 2 ? parts[1] : ""
    while fraction.last == "0" { fraction.removeLast() }
    let whole = parts[0].drop { $0 == "0" }
    guard fraction.count <= 19 else { throw .tooManyDigits }
    guard let mantissa = UInt64("0" + whole + fraction) else { throw .tooManyDigits }
    self.mantissa = mantissa
    scale = fraction.count
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// What multiplying by a unit gives.
  enum Product {
    case exact(UInt64)
    case fractional
    case tooLarge
  }

  /// The number of base units in so many of `unit`.
  func times(_ unit: UInt64) -> Product {
    var divisor: UInt64 = 1
    for _ in 0..<scale { divisor *= 10 }  // 10^19 fits
    let product = mantissa.multipliedFullWidth(by: unit)
    if product.high >= divisor { return .tooLarge }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    return remainder == 0 ? .exact(quotient) : .fractional
  }

  /// The exact decimal text of `value` base units in units of `unit`, a power of ten.
  static func text(_ value: UInt64, in unit: UInt64) -> String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    if rest == 0 { return String(whole) }
    // The digit in front keeps the zeros that the fraction begins with.
    var fraction = String(unit + rest).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(whole).\(fraction)"
  }
}
