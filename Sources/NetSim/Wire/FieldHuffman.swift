/// The Huffman code of string literals in HPACK and QPACK (RFC 7541 §5.2, Appendix B).
///
/// It is a canonical code: codes of one length are consecutive numbers in the order of their symbols,
/// and the shorter ones stand before. So the lengths are all that has to be known.
enum FieldHuffman {
  /// How many bytes `text` takes when it is coded, padding included.
  static func codedBytes(_ text: [UInt8]) -> Int {
    let tables = Self.tables
    var bits = 0
    for byte in text { bits += Int(tables.lengths[Int(byte)]) }
    return (bits + 7) / 8
  }

  /// Appends the code of `text`, padded with ones: the first bits of EOS (RFC 7541 §5.2).
  static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    let tables = Self.tables
    var bits: UInt64 = 0
    var count = 0
    for byte in text {
      let length = Int(tables.lengths[Int(byte)])
      bits = bits << UInt64(length) | UInt64(tables.codes[Int(byte)])
      count += length
      while count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(count)))
      }
    }
    guard count > 0 else { return }
    let padding = UInt64(8 - count)
    bytes.append(UInt8(truncatingIfNeeded: bits << padding | (1 << padding - 1)))
  }

  /// The text of which `coded` is the code; at most `limit` bytes of it.
  static func text<Failure: FieldCodingFailure>(
    of coded: ArraySlice<UInt8>, limit: Int, _ failure: Failure.Type
  ) throws(Failure) -> [UInt8] {
    let tables = Self.tables
    var text: [UInt8] = []
    // No symbol has fewer than five bits.
    text.reserveCapacity(min(limit, coded.count * 8 / 5))
    var position = coded.startIndex
    var bits: UInt64 = 0
    var count = 0
    while true {
      while count <= 32, position < coded.endIndex {
        bits = bits << 8 | UInt64(coded[position])
        position += 1
        count += 8
      }
      if count == 0 { return text }
      let group = tables.group(of: window(bits, count))
      guard group.length <= count else {
        guard isPadding(bits, count) else { throw Failure.padding }
        return text
      }
      count -= group.length
      let code = UInt32(truncatingIfNeeded: bits >> UInt64(count)) & (1 << group.length - 1)
      let symbol = tables.symbols[group.firstPlace + Int(code - group.firstCode)]
      guard symbol < endOfString else { throw Failure.endOfString }
      guard text.count < limit else { throw Failure.stringTooLong }
      text.append(UInt8(truncatingIfNeeded: symbol))
    }
  }

  /// The next 32 bits, with ones behind the last, as the padding has them.
  private static func window(_ bits: UInt64, _ count: Int) -> UInt32 {
    if count >= 32 { return UInt32(truncatingIfNeeded: bits >> UInt64(count - 32)) }
    return UInt32(truncatingIfNeeded: bits << UInt64(32 - count)) | UInt32.max >> UInt32(count)
  }

  /// Whether what is left, which is no whole code, is up to seven ones (RFC 7541 §5.2).
  private static func isPadding(_ bits: UInt64, _ count: Int) -> Bool {
    let ones: UInt64 = 1 << UInt64(count) - 1
    return count < 8 && bits & ones == ones
  }

  /// The symbol that never stands in a string.
  private static let endOfString: UInt16 = 256

  /// The codes of one length.
  private struct Group {
    /// Bits of each.
    var length: Int
    /// The first of them.
    var firstCode: UInt32
    /// Where the first one's symbol stands among the symbols in the order of their codes.
    var firstPlace: Int
    /// The highest 32 bits that begin with one of them.
    var highest: UInt32
  }

  /// What follows from the lengths.
  private struct Tables {
    let lengths: [UInt8]
    /// The code of each symbol, aligned to the least significant bit.
    var codes: [UInt32]
    /// The symbols in the order of their codes.
    var symbols: [UInt16] = []
    var groups: [Group] = []

    init(_ lengths: [UInt8]) {
      self.lengths = lengths
      codes = [UInt32](repeating: 0, count: lengths.count)
      var code: UInt32 = 0
      for length in 1...30 {
        code <<= 1
        let firstCode = code
        let firstPlace = symbols.count
        for symbol in 0..<lengths.count where Int(lengths[symbol]) == length {
          codes[symbol] = code
          symbols.append(UInt16(symbol))
          code += 1
        }
        guard code > firstCode else { continue }
        let highest = (code - 1) << UInt32(32 - length) | UInt32.max >> UInt32(length)
        groups.append(
          Group(length: length, firstCode: firstCode, firstPlace: firstPlace, highest: highest))
      }
    }

    /// The group of the code at the front of `window`. The last group has the highest code that there
    /// is, so that one is always found.
    func group(of window: UInt32) -> Group {
      var place = 0
      while window > groups[place].highest { place += 1 }
      return groups[place]
    }
  }

  /// The lengths in bits, by symbol; the last is that of EOS (RFC 7541 Appendix B).
  private static let tables = Tables([
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5,
    5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6,
    6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22,
    23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22,
    21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20,
    22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19,
    21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22,
    22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
  ])
}
