/// A place in a block of HPACK, whose integers here have 32 bits.
private typealias Cursor = FieldCursor<HPACKError>

/// Reads blocks of header fields (RFC 7541 §3.2, §6), one connection's of one direction, in order.
///
/// After an error it stays in error: the tables of both ends no longer agree.
public struct HPACKDecoder: Sendable {
  /// What a list counts for at most (RFC 9113 §6.5.2); the fields behind are counted and not kept. A
  /// single name or value is no longer either.
  public let maximumListBytes: Int

  private var table: DynamicFieldTable
  /// The limit of the table that the encoder has to keep to.
  private var limit: UInt32
  /// The lowest limit since the last block; nil where the table has been within all of them.
  private var loweredLimit: UInt32?
  private var failure: HPACKError?

  /// A decoder whose own SETTINGS_HEADER_TABLE_SIZE is `tableLimit` (RFC 9113 §6.5.2).
  public init(tableLimit: UInt32 = 4_096, maximumListBytes: Int = 65_536) {
    self.maximumListBytes = maximumListBytes
    limit = tableLimit
    table = DynamicFieldTable(maximumBytes: Int(clamping: tableLimit), isSearched: false)
  }

  /// The bytes that the dynamic table counts for now (RFC 7541 §4.1).
  public var tableBytes: Int { table.bytes }

  /// Changes the limit of the table, when the encoder has acknowledged the SETTINGS that says so
  /// (RFC 7541 §4.2, §6.3). Where the table is larger, the next block has to begin with an update.
  public mutating func setTableLimit(_ bytes: UInt32) {
    limit = bytes
    if Int(clamping: bytes) < table.maximumBytes {
      loweredLimit = min(bytes, loweredLimit ?? bytes)
    }
  }

  /// The fields of a block, which must be whole.
  public mutating func decode(_ block: [UInt8]) throws(HPACKError) -> HeaderList {
    if let failure { throw failure }
    do {
      var cursor = Cursor(block, integerBits: 32)
      var list = HeaderList()
      try readSizeUpdates(&cursor)
      while let first = cursor.first { try readField(first, &cursor, &list) }
      return list
    } catch {
      failure = error
      throw error
    }
  }

  // MARK: Representations

  /// Any number of size updates at the beginning of a block: an encoder needs two at most, but more
  /// do no harm (RFC 7541 §4.2).
  private mutating func readSizeUpdates(_ cursor: inout Cursor) throws(HPACKError) {
    while let first = cursor.first, first & 0xE0 == 0x20 {
      let bytes = UInt32(try cursor.integer(prefix: 5))
      guard bytes <= limit else { throw .sizeUpdate(bytes) }
      if let lowered = loweredLimit {
        guard bytes <= lowered else { throw .sizeUpdateMissing }
        loweredLimit = nil
      }
      table.resize(to: Int(clamping: bytes))
    }
    guard loweredLimit == nil || cursor.first == nil else { throw .sizeUpdateMissing }
  }

  private mutating func readField(
    _ first: UInt8, _ cursor: inout Cursor, _ list: inout HeaderList
  ) throws(HPACKError) {
    // RFC 7541 §6.1: one bit of the pattern.
    if first & 0x80 != 0 {
      list.append(try field(at: UInt32(try cursor.integer(prefix: 7))), limit: maximumListBytes)
      return
    }
    let isAdded = first & 0xC0 == 0x40  // RFC 7541 §6.2.1
    guard isAdded || first & 0xE0 == 0 else { throw .sizeUpdatePlace }
    let index = UInt32(try cursor.integer(prefix: isAdded ? 6 : 4))
    var field = HeaderField(name: [], value: [])
    field.name =
      index == 0 ? try cursor.string(limit: maximumListBytes) : try self.field(at: index).name
    field.value = try cursor.string(limit: maximumListBytes)
    field.isSensitive = first & 0xF0 == 0x10  // RFC 7541 §6.2.3
    if isAdded { table.insert(field) }
    list.append(field, limit: maximumListBytes)
  }

  /// The field of an index in the space of both tables (RFC 7541 §2.3.3).
  private func field(at index: UInt32) throws(HPACKError) -> HeaderField {
    guard index > 0 else { throw .index(index) }
    if index <= UInt32(HPACKStaticTable.count) { return HPACKStaticTable.field(at: Int(index)) }
    let number = table.next + Int64(HPACKStaticTable.count) - Int64(index)
    guard let field = table.field(number) else { throw .index(index) }
    return field
  }
}
