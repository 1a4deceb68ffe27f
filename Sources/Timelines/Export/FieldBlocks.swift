import NetSim

/// The blocks of fields of one direction of an HTTP/2 connection, of the lengths that the run counted
/// (RFC 7541 §6).
///
/// Where the usual fields come to that length, they stand there as the run's encoder wrote them; where
/// they do not, because the scenario gives a length or the run counted blocks in another order, there
/// are as many of them as fit and a field more, and nothing is added to the table.
struct FieldBlocks {
  private var encoder: HPACKEncoder
  /// Whether blocks refer to earlier ones.
  private let isIndexed: Bool

  /// The blocks of an end as it writes them.
  init(_ end: HTTP2EndPolicy) {
    encoder = HPACKEncoder(mostTableBytes: end.headerTableSize)
    isIndexed = end.indexesFields
  }

  /// Takes the peer's SETTINGS_HEADER_TABLE_SIZE from here on.
  mutating func setTableLimit(_ bytes: UInt32) { encoder.setTableLimit(bytes) }

  /// A block of `length` bytes: the fields, or of the lists in `shorter`, the first that fits.
  mutating func block(
    _ fields: [HeaderField], orElse shorter: [[HeaderField]], length: Int
  ) -> [UInt8] {
    var encoder = isIndexed ? encoder : HPACKEncoder()
    let block = encoder.encode(fields)
    if block.count == length {
      self.encoder = encoder
      return block
    }
    let update = self.encoder.encode([])  // of the table's size, if any
    for list in [fields] + shorter {
      let block = update + Self.plain(list)
      if block.count <= length { return block + Self.padding(length - block.count) }
    }
    return update.count <= length
      ? update + Self.padding(length - update.count) : Self.padding(length)
  }

  /// Fields without any trace in a table.
  private static func plain(_ fields: [HeaderField]) -> [UInt8] {
    var encoder = HPACKEncoder()
    return encoder.encode(
      fields.map { field in
        var field = field
        field.isSensitive = !untraced.contains(field)
        return field
      })
  }

  /// Fields of the static table that take one byte.
  private static let untraced = [
    HeaderField(":method", "GET"), HeaderField(":method", "POST"), HeaderField(":path", "/"),
    HeaderField(":scheme", "http"), HeaderField(":scheme", "https"), HeaderField(":status", "200"),
  ]

  /// Fields that take so many bytes: `x-padding`, or what takes no more than one.
  private static func padding(_ count: Int) -> [UInt8] {
    var block: [UInt8] = []
    let name = Array("x-padding".utf8)
    // Literal without indexing, a new name (RFC 7541 §6.2.2).
    let head = [0, UInt8(name.count)] + name
    while block.count < count {
      let room = count - block.count - head.count - 1
      if room < 0 {
        block.append(0x90)  // accept-encoding: gzip, deflate (RFC 7541 appendix A, 16)
      } else {
        // A length of up to 126 has one byte (RFC 7541 §5.1).
        let length = min(room, 126)
        block += head + [UInt8(length)] + [UInt8](repeating: UInt8(ascii: "x"), count: length)
      }
    }
    return block
  }
}
