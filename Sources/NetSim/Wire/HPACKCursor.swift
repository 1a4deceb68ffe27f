/// A place in a block of fields, and what can be read there (RFC 7541 §5).
struct HPACKCursor {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte, which tells the kind of a representation; nil at the end. It is not passed over.
  var first: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Reads an integer whose first part are the last `prefix` bits of a byte (RFC 7541 §5.1).
  ///
  /// At most 32 bits in at most five bytes behind the first: longer ones could only be for harm.
  mutating func integer(prefix: Int) throws(HPACKError) -> UInt32 {
    guard let first else { throw .truncated }
    position += 1
    let most = UInt64(1) << UInt64(prefix) - 1
    var value = UInt64(first) & most
    guard value == most else { return UInt32(value) }
    for shift in stride(from: UInt64(0), to: 35, by: 7) {
      guard let byte = self.first else { throw .truncated }
      position += 1
      value += UInt64(byte & 0x7F) << shift
      guard byte >= 0x80 else {
        guard let value = UInt32(exactly: value) else { throw .integer }
        return value
      }
    }
    throw .integer
  }

  /// Reads a string of at most `limit` bytes (RFC 7541 §5.2).
  mutating func string(limit: Int) throws(HPACKError) -> [UInt8] {
    let isCoded = (first ?? 0) & 0x80 != 0
    let length = try integer(prefix: 7)
    // No code has more than 30 bits, so that what is much longer need not be there to be too long.
    guard Int64(length) <= 4 * Int64(limit) else { throw .stringTooLong }
    guard Int64(length) <= Int64(bytes.count - position) else { throw .truncated }
    let content = bytes[position..<position + Int(length)]
    position += Int(length)
    if isCoded { return try HPACKHuffman.text(of: content, limit: limit) }
    guard content.count <= limit else { throw .stringTooLong }
    return [UInt8](content)
  }
}

extension [UInt8] {
  /// Appends an integer whose first part are the last `prefix` bits of a byte, of which `pattern` has
  /// the others (RFC 7541 §5.1).
  mutating func append(hpackInteger value: UInt32, prefix: Int, pattern: UInt8) {
    let most = UInt32(1) << UInt32(prefix) - 1
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

  /// Appends a string, by the Huffman code where that is asked for and shorter (RFC 7541 §5.2).
  mutating func append(hpackString text: [UInt8], usesHuffman: Bool) {
    let codedBytes = usesHuffman ? HPACKHuffman.codedBytes(text) : text.count
    if codedBytes < text.count {
      append(hpackInteger: UInt32(codedBytes), prefix: 7, pattern: 0x80)
      HPACKHuffman.append(text, to: &self)
    } else {
      append(hpackInteger: UInt32(text.count), prefix: 7, pattern: 0)
      append(contentsOf: text)
    }
  }
}
