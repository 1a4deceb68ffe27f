extension [UInt8] {
  /// The bytes that hexadecimal digits stand for; white space between them is passed over.
  init(hex digits: String) {
    self = []
    var high: UInt8?
    for character in digits where !character.isWhitespace {
      guard let digit = character.hexDigitValue else {
        preconditionFailure("no digit in \(digits)")
      }
      if let first = high {
        append(first << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    precondition(high == nil, "half a byte in \(digits)")
  }

  /// Their hexadecimal digits.
  var hex: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
