/// What can be wrong with the parts of which HPACK and QPACK make their representations (RFC 7541 §5,
/// RFC 9204 §4.1). An error of either has these cases.
protocol FieldCodingFailure: Error {
  /// The bytes end within an integer or a string.
  static var truncated: Self { get }
  /// An integer is too large, or has more bytes than it needs.
  static var integer: Self { get }
  /// A string is longer than the limit.
  static var stringTooLong: Self { get }
  /// What fills up a Huffman code is not the beginning of EOS.
  static var padding: Self { get }
  /// A Huffman code has EOS in it.
  static var endOfString: Self { get }
}

/// A place in bytes that carry fields, and what can be read there: integers and strings that begin
/// amid a byte (RFC 7541 §5, RFC 9204 §4.1).
struct FieldCursor<Failure: FieldCodingFailure> {
  /// Where the next byte stands.
  private(set) var position = 0

  private let bytes: [UInt8]
  /// The most bits of an integer: 32 in HPACK, 62 in QPACK (RFC 9204 §4.1.1).
  private let integerBits: UInt64

  init(_ bytes: [UInt8], integerBits: UInt64) {
    self.bytes = bytes
    self.integerBits = integerBits
  }

  /// The next byte, which tells the kind of a representation; nil at the end. It is not passed over.
  var first: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Reads an integer whose first part are the last `prefix` bits of a byte (RFC 7541 §5.1).
  ///
  /// It has at most as many bytes behind the first as its bits need: longer ones could only be for
  /// harm.
  mutating func integer(prefix: UInt64) throws(Failure) -> UInt64 {
    guard let first else { throw Failure.truncated }
    position += 1
    let most = UInt64(1) << prefix - 1
    var value = UInt64(first) & most
    guard value == most else { return value }
    for shift in stride(from: UInt64(0), to: integerBits, by: 7) {
      guard let byte = self.first else { throw Failure.truncated }
      position += 1
      value += UInt64(byte & 0x7F) << shift
      guard byte >= 0x80 else {
        guard value >> integerBits == 0 else { throw Failure.integer }
        return value
      }
    }
    throw Failure.integer
  }

  /// Reads a string of at most `limit` bytes (RFC 7541 §5.2). It begins in the last `prefix` bits of
  /// a byte, of which the first tells whether it is coded (RFC 9204 §4.1.2).
  mutating func string(prefix: UInt64 = 8, limit: Int) throws(Failure) -> [UInt8] {
    let isCoded = (first ?? 0) >> UInt8(prefix - 1) & 1 != 0
    let length = try integer(prefix: prefix - 1)
    // No code has more than 30 bits, so that what is much longer need not be there to be too long.
    guard length / 4 <= UInt64(limit) else { throw Failure.stringTooLong }
    guard length <= UInt64(bytes.count - position) else { throw Failure.truncated }
    let content = bytes[position..<position + Int(length)]
    position += Int(length)
    if isCoded { return try FieldHuffman.text(of: content, limit: limit, Failure.self) }
    guard content.count <= limit else { throw Failure.stringTooLong }
    return [UInt8](content)
  }
}

extension [UInt8] {
  /// Appends an integer whose first part are the last `prefix` bits of a byte, of which `pattern` has
  /// the others (RFC 7541 §5.1).
  mutating func append(prefixed value: UInt64, prefix: UInt64, pattern: UInt8) {
    let most = UInt64(1) << prefix - 1
    guard value >= most else {
      append(pattern | UInt8(value))
      return
    }
    append(pattern | UInt8(most))
    var rest = value - most
    while rest >= 0x80 {
      append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends a string, by the Huffman code where that is asked for and shorter (RFC 7541 §5.2). It
  /// begins in the last `prefix` bits of a byte, of which `pattern` has the others (RFC 9204 §4.1.2).
  mutating func append(
    fieldString text: [UInt8], prefix: UInt64 = 8, pattern: UInt8 = 0, usesHuffman: Bool
  ) {
    let codedBytes = usesHuffman ? FieldHuffman.codedBytes(text) : text.count
    if codedBytes < text.count {
      let isCoded = UInt8(1) << UInt8(prefix - 1)
      append(prefixed: UInt64(codedBytes), prefix: prefix - 1, pattern: pattern | isCoded)
      FieldHuffman.append(text, to: &self)
    } else {
      append(prefixed: UInt64(text.count), prefix: prefix - 1, pattern: pattern)
      append(contentsOf: text)
    }
  }
}
