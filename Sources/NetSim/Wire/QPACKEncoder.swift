/// How an encoder uses the dynamic table (RFC 9204 §2.1).
public enum QPACKPolicy: Equatable, Sendable {
  /// Not at all: nothing is added, and no stream ever waits.
  case staticOnly
  /// Fields are added, and used when the decoder has acknowledged them, so that no stream ever waits.
  case withoutBlocking
  /// Fields are used as soon as they are added, on as many streams as the decoder lets wait.
  case blocking
}

/// A section that was encoded.
public struct QPACKSection: Equatable, Sendable {
  /// What the encoder's stream has to carry for it, and what it had to carry before.
  public var instructions: [UInt8]
  /// The section itself, for its own stream.
  public var bytes: [UInt8]
  /// How many fields must have been added to the decoder's table before it can be decoded; 0 for a
  /// section that needs none of them.
  public var requiredInsertCount: Int64
}

/// Writes sections of fields and the instructions of the encoder's stream (RFC 9204 §4.3, §4.5), those
/// of one connection and one direction, and reads the instructions that answer.
///
/// A field that is referred to, or whose addition is not acknowledged, stays in the table
/// (RFC 9204 §2.1.1).
public struct QPACKEncoder: Sendable {
  /// How the dynamic table is used.
  public let policy: QPACKPolicy
  /// Whether strings take the Huffman code where that makes them shorter.
  public let usesHuffman: Bool
  /// Whether every field is added that may be. Else nghttp2's choice holds, which leaves out those
  /// whose values hardly come again.
  public let addsEverything: Bool
  /// What the encoder's table counts for at most, whatever the peer allows.
  public let mostTableBytes: UInt64

  /// The peer's SETTINGS_QPACK_MAX_TABLE_CAPACITY.
  public private(set) var tableLimit: UInt64 = 0
  /// The peer's SETTINGS_QPACK_BLOCKED_STREAMS.
  public private(set) var blockedLimit: UInt64 = 0
  /// How many fields are known to have been added to the decoder's table (RFC 9204 §2.1.4).
  public private(set) var knownReceivedCount: Int64 = 0

  private var table = DynamicFieldTable(maximumBytes: 0, isSearched: true)
  private var references = QPACKReferences()
  /// Instructions for the encoder stream that nobody has taken yet.
  private var instructions: [UInt8] = []
  /// The bytes of the decoder's instruction that is not whole yet.
  private var rest: [UInt8] = []
  private var failure: QPACKError?

  /// An encoder for a peer of which nothing is known, so that there is no table yet
  /// (RFC 9204 §3.2.3).
  public init(
    policy: QPACKPolicy, usesHuffman: Bool = true, addsEverything: Bool = false,
    mostTableBytes: UInt64 = 4_096
  ) {
    self.policy = policy
    self.usesHuffman = usesHuffman
    self.addsEverything = addsEverything
    self.mostTableBytes = mostTableBytes
  }

  /// The bytes that the dynamic table counts for now (RFC 9204 §3.2.1).
  public var tableBytes: Int { table.bytes }

  /// How many fields the dynamic table holds now.
  public var tableEntries: Int { table.count }

  /// How many fields were added so far.
  public var insertCount: Int64 { table.next }

  /// How many streams may have to wait at the decoder (RFC 9204 §2.1.2).
  public var streamsAtRisk: Int { references.streamsAtRisk }

  /// How many sections with references are not acknowledged.
  public var unacknowledgedSections: Int { references.sections }

  // MARK: The table

  /// Takes the peer's settings: those remembered for 0-RTT, then those of its SETTINGS frame. A limit
  /// of the table that was remembered must not change (RFC 9204 §3.2.3).
  public mutating func setLimits(
    tableLimit: UInt64, blockedLimit: UInt64
  ) throws(QPACKError) {
    guard self.tableLimit == 0 || self.tableLimit == tableLimit else {
      throw fail(.rememberedCapacity)
    }
    let isFirst = self.tableLimit == 0
    self.tableLimit = tableLimit
    self.blockedLimit = blockedLimit
    guard isFirst, policy != .staticOnly, tableLimit > 0 else { return }
    setCapacity(min(tableLimit, mostTableBytes))
  }

  /// Changes how much the table may hold, within the peer's limit and the encoder's own; gives whether
  /// it can, because no entry may leave that is referred to or not acknowledged (RFC 9204 §4.3.1).
  @discardableResult
  public mutating func setCapacity(_ bytes: UInt64) -> Bool {
    guard bytes <= min(tableLimit, mostTableBytes), policy != .staticOnly else { return false }
    let capacity = Int(clamping: bytes)
    guard table.bytes(from: firstHeld) <= capacity else { return false }
    guard capacity != table.maximumBytes else { return true }
    instructions.append(prefixed: bytes, prefix: 5, pattern: 0x20)
    table.resize(to: capacity)
    return true
  }

  /// Adds a field that no section needs yet; gives its number, or nil where there is no room.
  @discardableResult
  public mutating func insert(_ field: HeaderField) -> Int64? {
    let nameHash = field.name.fieldHash
    let fixed = QPACKStaticTable.find(field, nameHash: nameHash)
    return insert(field, nameHash, fixed, firstHeld: firstHeld)
  }

  /// Adds the entry of a number once more, so that the old one may leave (RFC 9204 §4.3.4); gives the
  /// new number, or nil where there is no room or no such entry.
  @discardableResult
  public mutating func duplicate(_ number: Int64) -> Int64? {
    duplicate(number, firstHeld: firstHeld)
  }

  /// Takes what the encoder's stream has to carry without a section.
  public mutating func takeInstructions() -> [UInt8] {
    let taken = instructions
    instructions.removeAll()
    return taken
  }

  /// The first entry that must stay (RFC 9204 §2.1.1).
  private var firstHeld: Int64 { min(knownReceivedCount, references.lowest) }

  private func hasRoom(for size: Int, firstHeld: Int64) -> Bool {
    size <= table.maximumBytes && table.bytes(from: firstHeld) <= table.maximumBytes - size
  }

  private mutating func insert(
    _ field: HeaderField, _ nameHash: UInt32, _ fixed: FieldMatch?, firstHeld: Int64
  ) -> Int64? {
    guard hasRoom(for: field.countedBytes, firstHeld: firstHeld) else { return nil }
    // The name may be that of an entry that leaves now (RFC 9204 §3.2.2).
    if let fixed {
      instructions.append(prefixed: UInt64(fixed.number), prefix: 6, pattern: 0xC0)
    } else if let added = table.find(field, nameHash: nameHash, nameOnly: true) {
      let index = UInt64(table.next - 1 - added.number)
      instructions.append(prefixed: index, prefix: 6, pattern: 0x80)
    } else {
      instructions.append(
        fieldString: field.name, prefix: 6, pattern: 0x40, usesHuffman: usesHuffman)
    }
    instructions.append(fieldString: field.value, usesHuffman: usesHuffman)
    table.insert(field, nameHash: nameHash)
    return table.next - 1
  }

  private mutating func duplicate(_ number: Int64, firstHeld: Int64) -> Int64? {
    guard let field = table.field(number),
      hasRoom(for: field.countedBytes, firstHeld: firstHeld)
    else { return nil }
    instructions.append(prefixed: UInt64(table.next - 1 - number), prefix: 5, pattern: 0)
    table.insert(field, nameHash: field.name.fieldHash)
    return table.next - 1
  }

  // MARK: Sections

  /// The section of these fields on a stream.
  public mutating func encode(_ fields: [HeaderField], streamID: UInt64) -> QPACKSection {
    let mayBlock =
      policy == .blocking
      && (references.isAtRisk(streamID) || UInt64(references.streamsAtRisk) < blockedLimit)
    var draft = QPACKDraft(
      base: table.next, limit: mayBlock ? .max : knownReceivedCount, usesHuffman: usesHuffman)
    for field in fields { append(field, to: &draft) }
    var section: [UInt8] = []
    draft.prefix.append(to: &section, tableLimit: tableLimit)
    section += draft.lines
    if draft.requiredInsertCount > 0 {
      references.add(
        streamID: streamID, lowest: draft.lowest, requiredInsertCount: draft.requiredInsertCount,
        isAtRisk: draft.requiredInsertCount > knownReceivedCount)
    }
    return QPACKSection(
      instructions: takeInstructions(), bytes: section,
      requiredInsertCount: draft.requiredInsertCount)
  }

  private mutating func append(_ field: HeaderField, to draft: inout QPACKDraft) {
    let nameHash = field.name.fieldHash
    let fixed = QPACKStaticTable.find(field, nameHash: nameHash)
    let indexing = indexing(field, fixed)
    if indexing != .never {
      if let fixed, fixed.isExact {
        draft.append(staticIndex: fixed.number)
        return
      }
      if let number = dynamicPlace(field, nameHash, fixed, indexing, draft) {
        draft.append(number: number)
        return
      }
    }
    let isSensitive = indexing == .never
    if let fixed {
      draft.append(field, staticName: fixed.number, isSensitive: isSensitive)
    } else if let named = find(field, nameHash, nameOnly: true, draft), !isDraining(named.number) {
      draft.append(field, name: named.number, isSensitive: isSensitive)
    } else {
      draft.append(field, isSensitive: isSensitive)
    }
  }

  private func indexing(_ field: HeaderField, _ fixed: FieldMatch?) -> FieldIndexing {
    if addsEverything { return field.isSensitive ? .never : .added }
    return FieldIndexing(
      of: field, values: QPACKStaticTable.values(at: fixed?.number), tableBytes: table.maximumBytes)
  }

  /// The entry with this name and value that the section may refer to. It is added where there is none
  /// yet; where the section may not wait for that, later ones have it.
  private mutating func dynamicPlace(
    _ field: HeaderField, _ nameHash: UInt32, _ fixed: FieldMatch?, _ indexing: FieldIndexing,
    _ draft: QPACKDraft
  ) -> Int64? {
    guard table.maximumBytes > 0 else { return nil }
    let firstHeld = min(firstHeld, draft.lowest)
    let newest = table.find(field, nameHash: nameHash, nameOnly: false)
    guard let newest, newest.isExact else {
      guard indexing == .added else { return nil }
      return draft.allowed(insert(field, nameHash, fixed, firstHeld: firstHeld))
    }
    guard draft.allowed(newest.number) != nil else {
      // It is on its way; an older one with the same value may be there.
      let older = find(field, nameHash, nameOnly: false, draft)
      return older?.isExact == true ? older?.number : nil
    }
    guard isDraining(newest.number) else { return newest.number }
    if draft.limit == .max {
      return duplicate(newest.number, firstHeld: firstHeld) ?? newest.number
    }
    // The old one is needed until the new one is acknowledged.
    _ = duplicate(newest.number, firstHeld: min(firstHeld, newest.number))
    return newest.number
  }

  private func find(
    _ field: HeaderField, _ nameHash: UInt32, nameOnly: Bool, _ draft: QPACKDraft
  ) -> FieldMatch? {
    guard table.maximumBytes > 0 else { return nil }
    return table.find(field, nameHash: nameHash, nameOnly: nameOnly, below: draft.limit)
  }

  /// Whether an entry stands in the oldest quarter of the table. References to those would keep the
  /// table from taking new ones (RFC 9204 §2.1.1.1).
  private func isDraining(_ number: Int64) -> Bool {
    Int64(table.bytes(from: number)) * 4 > Int64(table.maximumBytes) * 3
  }

  // MARK: The decoder's stream

  /// Takes bytes of the decoder's stream, in whatever pieces they come. After an error it stays in
  /// error.
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
      guard error == .truncated else { throw fail(error) }
    }
    rest.removeFirst(readBytes)
  }

  private mutating func readInstruction(
    _ first: UInt8, _ cursor: inout QPACKCursor
  ) throws(QPACKViolation) {
    if first & 0x80 != 0 {  // RFC 9204 §4.4.1
      let streamID = try cursor.integer(prefix: 7)
      guard let count = references.acknowledge(streamID: streamID) else {
        throw .acknowledgment(streamID)
      }
      acknowledgeInserts(max(count, knownReceivedCount))
    } else if first & 0x40 != 0 {  // RFC 9204 §4.4.2
      references.cancel(streamID: try cursor.integer(prefix: 6))
    } else {  // RFC 9204 §4.4.3
      let increment = try cursor.integer(prefix: 6)
      guard increment > 0, increment <= UInt64(insertCount - knownReceivedCount) else {
        throw .increment(increment)
      }
      acknowledgeInserts(knownReceivedCount + Int64(increment))
    }
  }

  private mutating func acknowledgeInserts(_ count: Int64) {
    knownReceivedCount = count
    references.acknowledgeInserts(count)
  }

  private mutating func fail(_ violation: QPACKViolation) -> QPACKError {
    let error = QPACKError(violation, .qpackDecoderStreamError)
    failure = error
    return error
  }
}
