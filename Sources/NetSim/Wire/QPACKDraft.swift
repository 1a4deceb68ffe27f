/// A section while its lines are written (RFC 9204 §4.5).
struct QPACKDraft {
  /// The number of the table's next entry when the section began.
  let base: Int64
  /// The first entry that the section may not refer to.
  let limit: Int64
  /// Whether strings take the Huffman code where that makes them shorter.
  let usesHuffman: Bool

  /// The lines so far.
  private(set) var lines: [UInt8] = []
  /// The lowest entry that it refers to.
  private(set) var lowest = Int64.max
  /// One more than the highest entry that it refers to; 0 where it refers to none.
  private(set) var requiredInsertCount: Int64 = 0

  init(base: Int64, limit: Int64, usesHuffman: Bool) {
    self.base = base
    self.limit = limit
    self.usesHuffman = usesHuffman
  }

  /// What stands before the lines.
  var prefix: QPACKSectionPrefix {
    QPACKSectionPrefix(requiredInsertCount: requiredInsertCount, base: base)
  }

  /// The number, if it is one and the section may refer to it.
  func allowed(_ number: Int64?) -> Int64? {
    guard let number, number < limit else { return nil }
    return number
  }

  /// A field of the static table (RFC 9204 §4.5.2).
  mutating func append(staticIndex: Int64) {
    lines.append(prefixed: UInt64(staticIndex), prefix: 6, pattern: 0xC0)
  }

  /// An entry of the dynamic table, before or behind the base (RFC 9204 §4.5.2, §4.5.3).
  mutating func append(number: Int64) {
    note(number)
    if number < base {
      lines.append(prefixed: UInt64(base - 1 - number), prefix: 6, pattern: 0x80)
    } else {
      lines.append(prefixed: UInt64(number - base), prefix: 4, pattern: 0x10)
    }
  }

  /// A value with a name of the static table (RFC 9204 §4.5.4).
  mutating func append(_ field: HeaderField, staticName index: Int64, isSensitive: Bool) {
    lines.append(prefixed: UInt64(index), prefix: 4, pattern: isSensitive ? 0x70 : 0x50)
    lines.append(fieldString: field.value, usesHuffman: usesHuffman)
  }

  /// A value with a name of the dynamic table, before or behind the base (RFC 9204 §4.5.4, §4.5.5).
  mutating func append(_ field: HeaderField, name number: Int64, isSensitive: Bool) {
    note(number)
    if number < base {
      let pattern: UInt8 = isSensitive ? 0x60 : 0x40
      lines.append(prefixed: UInt64(base - 1 - number), prefix: 4, pattern: pattern)
    } else {
      lines.append(prefixed: UInt64(number - base), prefix: 3, pattern: isSensitive ? 0x08 : 0)
    }
    lines.append(fieldString: field.value, usesHuffman: usesHuffman)
  }

  /// A name and a value (RFC 9204 §4.5.6).
  mutating func append(_ field: HeaderField, isSensitive: Bool) {
    let pattern: UInt8 = isSensitive ? 0x30 : 0x20
    lines.append(fieldString: field.name, prefix: 4, pattern: pattern, usesHuffman: usesHuffman)
    lines.append(fieldString: field.value, usesHuffman: usesHuffman)
  }

  private mutating func note(_ number: Int64) {
    lowest = min(lowest, number)
    requiredInsertCount = max(requiredInsertCount, number + 1)
  }
}
