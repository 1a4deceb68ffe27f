/// Writes blocks of header fields (RFC 7541 §6), one connection's of one direction, in order.
///
/// What is added to the table and what never is follows nghttp2, so that blocks are as long as those
/// of a common program.
public struct HPACKEncoder: Sendable {
  /// Whether strings take the Huffman code where that makes them shorter.
  public let usesHuffman: Bool
  /// What the encoder's table counts for at most, whatever the peer allows.
  public let mostTableBytes: UInt32

  private var table: DynamicFieldTable
  /// The size of the table as the decoder knows it.
  private var announcedBytes: UInt32
  /// The size that the table is to have, and the smallest since the last block.
  private var wantedBytes: UInt32
  private var smallestBytes: UInt32

  /// An encoder for a peer that has not said how large a table it allows, so that it is 4,096 bytes
  /// (RFC 9113 §6.5.2).
  public init(usesHuffman: Bool = true, mostTableBytes: UInt32 = 4_096) {
    self.usesHuffman = usesHuffman
    self.mostTableBytes = mostTableBytes
    announcedBytes = 4_096
    wantedBytes = min(announcedBytes, mostTableBytes)
    smallestBytes = wantedBytes
    table = DynamicFieldTable(maximumBytes: Int(clamping: wantedBytes), isSearched: true)
  }

  /// The bytes that the dynamic table counts for now (RFC 7541 §4.1).
  public var tableBytes: Int { table.bytes }

  /// How many fields the dynamic table holds now.
  public var tableEntries: Int { table.count }

  /// Takes the peer's SETTINGS_HEADER_TABLE_SIZE. The next block begins with what changes by it.
  public mutating func setTableLimit(_ bytes: UInt32) {
    wantedBytes = min(bytes, mostTableBytes)
    smallestBytes = min(smallestBytes, wantedBytes)
    table.resize(to: Int(clamping: wantedBytes))
  }

  /// The block of these fields.
  public mutating func encode(_ fields: [HeaderField]) -> [UInt8] {
    var block: [UInt8] = []
    appendSizeUpdates(to: &block)
    for field in fields { append(field, to: &block) }
    return block
  }

  // MARK: Representations

  /// The smallest size since the last block, and the final one (RFC 7541 §4.2).
  private mutating func appendSizeUpdates(to block: inout [UInt8]) {
    let dips = smallestBytes < min(wantedBytes, announcedBytes)
    if dips { block.append(prefixed: UInt64(smallestBytes), prefix: 5, pattern: 0x20) }
    if dips || wantedBytes != announcedBytes {
      block.append(prefixed: UInt64(wantedBytes), prefix: 5, pattern: 0x20)
    }
    announcedBytes = wantedBytes
    smallestBytes = wantedBytes
  }

  private mutating func append(_ field: HeaderField, to block: inout [UInt8]) {
    let nameHash = field.name.fieldHash
    let fixed = HPACKStaticTable.find(field, nameHash: nameHash)
    let fixedIndex = fixed.map { Int($0.number) + 1 }
    let indexing = FieldIndexing(
      of: field, values: HPACKStaticTable.values(at: fixedIndex), tableBytes: table.maximumBytes)
    let match = find(field, nameHash, fixed, nameOnly: indexing == .never)
    if let match, match.isExact, indexing != .never {
      block.append(prefixed: match.index, prefix: 7, pattern: 0x80)
      return
    }
    let nameIndex = match?.index ?? 0
    switch indexing {
    case .added: block.append(prefixed: nameIndex, prefix: 6, pattern: 0x40)
    case .notAdded: block.append(prefixed: nameIndex, prefix: 4, pattern: 0)
    case .never: block.append(prefixed: nameIndex, prefix: 4, pattern: 0x10)
    }
    if match == nil { block.append(fieldString: field.name, usesHuffman: usesHuffman) }
    block.append(fieldString: field.value, usesHuffman: usesHuffman)
    if indexing == .added { table.insert(field, nameHash: nameHash) }
  }

  /// Where a field stands, or its name. A name of the static table keeps its index there.
  private func find(
    _ field: HeaderField, _ nameHash: UInt32, _ fixed: FieldMatch?, nameOnly: Bool
  ) -> (index: UInt64, isExact: Bool)? {
    // The static table counts from 1, the newest of the dynamic one stands behind (RFC 7541 §2.3.3).
    let fixedPlace = fixed.map { (index: UInt64($0.number) + 1, isExact: $0.isExact) }
    if let fixedPlace, fixedPlace.isExact || nameOnly { return fixedPlace }
    guard let added = table.find(field, nameHash: nameHash, nameOnly: nameOnly) else {
      return fixedPlace
    }
    if let fixedPlace, !added.isExact { return fixedPlace }
    return (
      index: UInt64(HPACKStaticTable.count) + UInt64(table.next - added.number),
      isExact: added.isExact
    )
  }
}
