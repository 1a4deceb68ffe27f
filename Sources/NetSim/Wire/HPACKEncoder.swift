/// Writes blocks of header fields (RFC 7541 §6), one connection's of one direction, in order.
///
/// What is added to the table and what never is follows nghttp2, so that blocks are as long as those
/// of a common program.
public struct HPACKEncoder: Sendable {
  /// Whether strings take the Huffman code where that makes them shorter.
  public let usesHuffman: Bool
  /// What the encoder's table counts for at most, whatever the peer allows.
  public let mostTableBytes: UInt32

  private var table: HPACKDynamicTable
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
    table = HPACKDynamicTable(maximumBytes: Int(clamping: wantedBytes), isSearched: true)
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
    if dips { block.append(hpackInteger: smallestBytes, prefix: 5, pattern: 0x20) }
    if dips || wantedBytes != announcedBytes {
      block.append(hpackInteger: wantedBytes, prefix: 5, pattern: 0x20)
    }
    announcedBytes = wantedBytes
    smallestBytes = wantedBytes
  }

  private mutating func append(_ field: HeaderField, to block: inout [UInt8]) {
    let nameHash = field.name.fieldHash
    let fixed = HPACKStaticTable.find(field, nameHash: nameHash)
    let indexing = HPACKIndexing(
      of: field, nameIndex: fixed?.index ?? 0, tableBytes: table.maximumBytes)
    let match = find(field, nameHash, fixed, nameOnly: indexing == .never)
    if let match, match.isExact, indexing != .never {
      block.append(hpackInteger: UInt32(match.index), prefix: 7, pattern: 0x80)
      return
    }
    switch indexing {
    case .added: block.append(hpackInteger: UInt32(match?.index ?? 0), prefix: 6, pattern: 0x40)
    case .notAdded: block.append(hpackInteger: UInt32(match?.index ?? 0), prefix: 4, pattern: 0)
    case .never: block.append(hpackInteger: UInt32(match?.index ?? 0), prefix: 4, pattern: 0x10)
    }
    if match == nil { block.append(hpackString: field.name, usesHuffman: usesHuffman) }
    block.append(hpackString: field.value, usesHuffman: usesHuffman)
    if indexing == .added { table.insert(field, nameHash: nameHash) }
  }

  /// Where a field stands, or its name. A name of the static table keeps its index there.
  private func find(
    _ field: HeaderField, _ nameHash: UInt32, _ fixed: HPACKMatch?, nameOnly: Bool
  ) -> HPACKMatch? {
    if let fixed, fixed.isExact || nameOnly { return fixed }
    let added = table.find(field, nameHash: nameHash, nameOnly: nameOnly)
    if let added, added.isExact { return added }
    return fixed ?? added
  }
}

/// What an encoder does with a field that no table has.
enum HPACKIndexing: Equatable {
  /// It is added to the table (RFC 7541 §6.2.1).
  case added
  /// It is not, because its value hardly comes again (RFC 7541 §6.2.2).
  case notAdded
  /// It must not be, and no hop behind may add it (RFC 7541 §6.2.3).
  case never

  /// nghttp2's choice for a field whose name stands at `nameIndex` in the static table, or nowhere
  /// there (0), when the dynamic table holds `tableBytes` at most.
  ///
  /// What has few values can be guessed by the lengths of messages (RFC 7541 §7.1.3).
  init(of field: HeaderField, nameIndex: Int, tableBytes: Int) {
    if field.isSensitive {
      self = .never
      return
    }
    switch nameIndex {
    case 23: self = .never  // authorization
    case 32 where field.value.count < 20: self = .never  // cookie
    // :path, age, content-length, etag, if-modified-since, if-none-match, location, set-cookie
    case 4, 5, 21, 28, 34, 40, 41, 46, 55: self = .notAdded
    default:
      self = Int64(field.countedBytes) * 4 > Int64(tableBytes) * 3 ? .notAdded : .added
    }
  }
}
