/// What a decoder makes of a section.
public enum QPACKReading: Equatable, Sendable {
  /// Its fields.
  case fields(HeaderList)
  /// It waits until so many fields were added to the table, and is then to be handed over again
  /// (RFC 9204 §2.2.1).
  case blocked(until: Int64)
}

/// A place in bytes of QPACK, whose integers have 62 bits (RFC 9204 §4.1.1).
typealias QPACKCursor = FieldCursor<QPACKViolation>

/// Reads sections of fields and the instructions of the encoder's stream (RFC 9204 §4.3, §4.5), those
/// of one connection and one direction, and writes the instructions that answer.
///
/// After an error of the connection it stays in error.
public struct QPACKDecoder: Sendable {
  /// Its own SETTINGS_QPACK_MAX_TABLE_CAPACITY: what the encoder's table may hold at most.
  public let tableLimit: UInt64
  /// Its own SETTINGS_QPACK_BLOCKED_STREAMS: how many streams may wait for the table.
  public let blockedLimit: UInt64
  /// What a list counts for at most (RFC 9114 §4.2.2); the fields behind are counted and not kept. A
  /// single name or value is no longer either.
  public let maximumListBytes: Int

  private struct BlockedStream {
    var streamID: UInt64
    var requiredInsertCount: Int64
  }

  private var table = DynamicFieldTable(maximumBytes: 0, isSearched: false)
  /// The bytes of an instruction that is not whole yet.
  private var rest: [UInt8] = []
  private var blocked: [BlockedStream] = []
  /// How many insertions the encoder knows, or will when it has read the instructions
  /// (RFC 9204 §2.1.4).
  private var knownReceivedCount: Int64 = 0
  /// Instructions for the decoder stream that nobody has taken yet.
  private var instructions: [UInt8] = []
  private var failure: QPACKError?

  /// A decoder with these settings.
  public init(tableLimit: UInt64, blockedLimit: UInt64, maximumListBytes: Int = 65_536) {
    self.tableLimit = tableLimit
    self.blockedLimit = blockedLimit
    self.maximumListBytes = maximumListBytes
  }

  /// The bytes that the dynamic table counts for now (RFC 9204 §3.2.1).
  public var tableBytes: Int { table.bytes }

  /// The most bytes that the dynamic table may hold now, by the encoder's word (RFC 9204 §3.2.2).
  public var tableCapacity: Int { table.maximumBytes }

  /// How many fields were added to the table so far.
  public var insertCount: Int64 { table.next }

  /// How many streams wait for the table.
  public var blockedStreams: Int { blocked.count }

  /// Whether a section of this required insert count can be decoded now (RFC 9204 §2.2.1).
  public func meets(_ requiredInsertCount: Int64) -> Bool { requiredInsertCount <= insertCount }

  // MARK: The encoder's stream

  /// Takes bytes of the encoder's stream, in whatever pieces they come.
  public mutating func receive(_ bytes: [UInt8]) throws(QPACKError) {
    if let failure { throw failure }
    rest += bytes
    var cursor = QPACKCursor(rest, integerBits: 62)
    var readBytes = 0
    do throws(QPACKViolation) {
      while let first = cursor.first {
        try readInstruction(first, &cursor)
        readBytes = cursor.position
      }
    } catch {
      // The rest of an instruction may still come.
      guard error == .truncated else { throw fail(QPACKError(error, .qpackEncoderStreamError)) }
    }
    rest.removeFirst(readBytes)
    let count = insertCount
    blocked.removeAll { $0.requiredInsertCount <= count }
  }

  private mutating func readInstruction(
    _ first: UInt8, _ cursor: inout QPACKCursor
  ) throws(QPACKViolation) {
    // Strings that do not fit the table need not be there to be wrong.
    let limit = table.maximumBytes
    if first & 0x80 != 0 {  // RFC 9204 §4.3.2
      let index = try cursor.integer(prefix: 6)
      let name = try first & 0x40 != 0 ? Self.staticField(index).name : newest(index).name
      try insert(HeaderField(name: name, value: try cursor.string(limit: limit)))
    } else if first & 0x40 != 0 {  // RFC 9204 §4.3.3
      let name = try cursor.string(prefix: 6, limit: limit)
      try insert(HeaderField(name: name, value: try cursor.string(limit: limit)))
    } else if first & 0x20 != 0 {  // RFC 9204 §4.3.1
      let capacity = try cursor.integer(prefix: 5)
      guard capacity <= tableLimit else { throw .capacity(capacity) }
      table.resize(to: Int(clamping: capacity))
    } else {  // RFC 9204 §4.3.4
      try insert(try newest(try cursor.integer(prefix: 5)))
    }
  }

  private mutating func insert(_ field: HeaderField) throws(QPACKViolation) {
    guard field.countedBytes <= table.maximumBytes else { throw .entryTooLarge }
    table.insert(field)
  }

  /// The field of an index that counts from the newest one (RFC 9204 §3.2.5).
  private func newest(_ index: UInt64) throws(QPACKViolation) -> HeaderField {
    guard let field = table.field(table.next - 1 - Int64(index)) else {
      throw .dynamicIndex(index)
    }
    return field
  }

  // MARK: Sections

  /// The fields of a section, which must be whole, or what it waits for.
  ///
  /// A section that waits is to be handed over again when its count is met. Where a stream has several
  /// sections, each is decoded before the next is handed over.
  public mutating func decode(
    _ section: [UInt8], streamID: UInt64
  ) throws(QPACKError) -> QPACKReading {
    if let failure { throw failure }
    do throws(QPACKViolation) {
      var cursor = QPACKCursor(section, integerBits: 62)
      let prefix = try QPACKSectionPrefix(
        &cursor, insertCount: insertCount, tableLimit: tableLimit)
      let required = prefix.requiredInsertCount
      guard meets(required) else {
        try block(streamID, until: required)
        return .blocked(until: required)
      }
      var list = HeaderList()
      while let first = cursor.first {
        list.append(try readField(first, &cursor, prefix), limit: maximumListBytes)
      }
      if required > 0 {  // RFC 9204 §2.2.2.1
        instructions.append(prefixed: streamID, prefix: 7, pattern: 0x80)
        knownReceivedCount = max(knownReceivedCount, required)
      }
      return .fields(list)
    } catch {
      throw fail(QPACKError(error, .qpackDecompressionFailed))
    }
  }

  /// Counts a stream that waits (RFC 9204 §2.1.2).
  private mutating func block(
    _ streamID: UInt64, until requiredInsertCount: Int64
  ) throws(QPACKViolation) {
    if let place = blocked.firstIndex(where: { $0.streamID == streamID }) {
      let most = max(blocked[place].requiredInsertCount, requiredInsertCount)
      blocked[place].requiredInsertCount = most
      return
    }
    guard UInt64(blocked.count) < blockedLimit else { throw .blockedStreams }
    blocked.append(BlockedStream(streamID: streamID, requiredInsertCount: requiredInsertCount))
  }

  private func readField(
    _ first: UInt8, _ cursor: inout QPACKCursor, _ prefix: QPACKSectionPrefix
  ) throws(QPACKViolation) -> HeaderField {
    if first & 0x80 != 0 {  // RFC 9204 §4.5.2
      let index = try cursor.integer(prefix: 6)
      return try first & 0x40 != 0 ? Self.staticField(index) : field(before: prefix, index)
    }
    if first & 0xF0 == 0x10 {  // RFC 9204 §4.5.3
      return try field(behind: prefix, try cursor.integer(prefix: 4))
    }
    var field = HeaderField(name: [], value: [])
    if first & 0x40 != 0 {  // RFC 9204 §4.5.4
      let index = try cursor.integer(prefix: 4)
      field.name =
        try first & 0x10 != 0
        ? Self.staticField(index).name : self.field(before: prefix, index).name
      field.isSensitive = first & 0x20 != 0
    } else if first & 0x20 != 0 {  // RFC 9204 §4.5.6
      field.name = try cursor.string(prefix: 4, limit: maximumListBytes)
      field.isSensitive = first & 0x10 != 0
    } else {  // RFC 9204 §4.5.5
      field.name = try self.field(behind: prefix, try cursor.integer(prefix: 3)).name
      field.isSensitive = first & 0x08 != 0
    }
    field.value = try cursor.string(limit: maximumListBytes)
    return field
  }

  private static func staticField(_ index: UInt64) throws(QPACKViolation) -> HeaderField {
    guard let field = QPACKStaticTable.field(at: index) else { throw .staticIndex(index) }
    return field
  }

  /// The field of an index that counts down from the base (RFC 9204 §3.2.5).
  private func field(
    before prefix: QPACKSectionPrefix, _ index: UInt64
  ) throws(QPACKViolation) -> HeaderField {
    let number = prefix.base - 1 - Int64(index)
    guard number < prefix.requiredInsertCount, let field = table.field(number) else {
      throw .dynamicIndex(index)
    }
    return field
  }

  /// The field of an index that counts up from the base (RFC 9204 §3.2.6).
  private func field(
    behind prefix: QPACKSectionPrefix, _ index: UInt64
  ) throws(QPACKViolation) -> HeaderField {
    guard Int64(index) < prefix.requiredInsertCount - prefix.base,
      let field = table.field(prefix.base + Int64(index))
    else { throw .dynamicIndex(index) }
    return field
  }

  private mutating func fail(_ error: QPACKError) -> QPACKError {
    if !error.isOfStream { failure = error }
    return error
  }

  // MARK: The decoder's stream

  /// Gives up a stream of which not all sections were decoded: it was reset, or is not read any more
  /// (RFC 9204 §2.2.2.2).
  public mutating func cancel(streamID: UInt64) {
    blocked.removeAll { $0.streamID == streamID }
    // Without a table there is nothing to refer to.
    guard tableLimit > 0 else { return }
    instructions.append(prefixed: streamID, prefix: 6, pattern: 0x40)
  }

  /// Takes what the decoder's stream has to carry: acknowledgements of sections, cancellations and, if
  /// `acknowledgesInserts`, how many fields were added that no section acknowledges
  /// (RFC 9204 §2.2.2.3, §4.4).
  public mutating func takeInstructions(acknowledgesInserts: Bool = true) -> [UInt8] {
    if acknowledgesInserts, knownReceivedCount < insertCount {
      let increment = UInt64(insertCount - knownReceivedCount)
      instructions.append(prefixed: increment, prefix: 6, pattern: 0)
      knownReceivedCount = insertCount
    }
    let taken = instructions
    instructions.removeAll()
    return taken
  }
}
