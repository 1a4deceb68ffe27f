/// The value of a member of a structured field, as far as anybody here asks for it (RFC 8941 §3.3).
public enum StructuredValue: Equatable, Sendable {
  /// An Integer of at most 15 digits.
  case integer(Int64)
  /// A Boolean, which is true where a key stands alone.
  case boolean(Bool)
  /// A Decimal, String, Token, Byte Sequence or Inner List.
  case other
}

/// A Dictionary of structured fields: keys and their values (RFC 8941 §3.2). Parameters of values are
/// read over.
public struct StructuredDictionary: Equatable, Sendable {
  /// A key and its value.
  public struct Member: Equatable, Sendable {
    /// The key, ASCII.
    public let key: [UInt8]
    /// Its value.
    public let value: StructuredValue
  }

  /// The members in their order, each key as often as it stands there.
  public private(set) var members: [Member] = []

  /// Reads a field's value; nil where it is no Dictionary, and so is to be ignored as a whole
  /// (RFC 8941 §4.2).
  public init?(_ text: [UInt8]) {
    var reader = StructuredReader(text)
    guard let members = reader.dictionary() else { return nil }
    self.members = members
  }

  /// The value of a key: the last that it is given (RFC 8941 §4.2.2).
  public subscript(key: UInt8) -> StructuredValue? {
    members.last { $0.key.count == 1 && $0.key[0] == key }?.value
  }
}

/// Goes through the text of a structured field. What it cannot read is nil, and ends the reading.
private struct StructuredReader {
  let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) { self.text = text }

  private var next: UInt8? { place < text.count ? text[place] : nil }

  /// Takes a byte if it is the next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// Takes bytes as long as they are of a kind. Returns how many there were.
  @discardableResult
  private mutating func take(while isKind: (UInt8) -> Bool) -> Int {
    let start = place
    while let byte = next, isKind(byte) { place += 1 }
    return place - start
  }

  private mutating func skipSpaces() { take { $0 == UInt8(ascii: " ") } }

  private mutating func skipBlanks() { take { $0 == UInt8(ascii: " ") || $0 == 9 } }

  // MARK: Dictionary

  /// RFC 8941 §4.2.2.
  mutating func dictionary() -> [StructuredDictionary.Member]? {
    skipSpaces()
    var members: [StructuredDictionary.Member] = []
    while next != nil {
      guard let key = key(), let value = member() else { return nil }
      members.append(StructuredDictionary.Member(key: key, value: value))
      skipBlanks()
      if next == nil { return members }
      guard take(",") else { return nil }
      skipBlanks()
      if next == nil { return nil }  // a comma behind the last member
    }
    return members
  }

  private mutating func member() -> StructuredValue? {
    var value: StructuredValue? = .boolean(true)
    if take("=") { value = next == UInt8(ascii: "(") ? innerList() : bareItem() }
    return parameters() ? value : nil
  }

  /// RFC 8941 §4.2.3.3.
  private mutating func key() -> [UInt8]? {
    guard let first = next, first.isLower || first == UInt8(ascii: "*") else { return nil }
    let start = place
    take { $0.isLower || $0.isDigit || $0.isOne(of: "_-.*") }
    return Array(text[start..<place])
  }

  /// Reads parameters over (RFC 8941 §4.2.3.2).
  private mutating func parameters() -> Bool {
    while take(";") {
      skipSpaces()
      guard key() != nil else { return false }
      if take("="), bareItem() == nil { return false }
    }
    return true
  }

  /// RFC 8941 §4.2.1.2.
  private mutating func innerList() -> StructuredValue? {
    guard take("(") else { return nil }
    while next != nil {
      skipSpaces()
      if take(")") { return .other }
      guard bareItem() != nil, parameters() else { return nil }
      guard let next, next.isOne(of: " )") else { return nil }
    }
    return nil
  }

  // MARK: Items

  /// RFC 8941 §4.2.3.1.
  private mutating func bareItem() -> StructuredValue? {
    guard let first = next else { return nil }
    if first.isDigit || first == UInt8(ascii: "-") { return number() }
    if first.isLetter || first == UInt8(ascii: "*") {
      take { $0.isLetter || $0.isDigit || $0.isOne(of: "!#$%&'*+-.^_`|~:/") }
      return .other
    }
    if take("?") {
      if take("1") { return .boolean(true) }
      return take("0") ? .boolean(false) : nil
    }
    if take("\"") { return string() }
    guard take(":") else { return nil }
    take { $0.isLetter || $0.isDigit || $0.isOne(of: "+/=") }
    return take(":") ? .other : nil
  }

  /// An Integer of 15 digits, or a Decimal of 12 and 3 (RFC 8941 §4.2.4).
  private mutating func number() -> StructuredValue? {
    let isNegative = take("-")
    let start = place
    let digits = take { $0.isDigit }
    guard digits > 0 else { return nil }
    let whole = text[start..<place]
    if take(".") {
      let decimals = take { $0.isDigit }
      return digits <= 12 && (1...3).contains(decimals) ? .other : nil
    }
    guard digits <= 15 else { return nil }
    let value = whole.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    return .integer(isNegative ? -value : value)
  }

  /// The rest of a String (RFC 8941 §4.2.5).
  private mutating func string() -> StructuredValue? {
    while let byte = next {
      place += 1
      if byte == UInt8(ascii: "\"") { return .other }
      if byte == UInt8(ascii: "\\") {
        guard take("\"") || take("\\") else { return nil }
      } else if byte < 0x20 || byte > 0x7E {
        return nil
      }
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isLower: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

  fileprivate var isLetter: Bool { (self | 0x20).isLower }

  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate func isOne(of characters: StaticString) -> Bool {
    characters.withUTF8Buffer { $0.contains(self) }
  }
}
