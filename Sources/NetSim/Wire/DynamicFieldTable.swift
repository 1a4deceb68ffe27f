/// A place in a table of fields.
struct FieldMatch: Equatable {
  /// Its number there: the first field has 0. In a dynamic table that is the absolute index of QPACK
  /// (RFC 9204 §3.2.4).
  var number: Int64
  /// Whether name and value are the same, or the name alone.
  var isExact: Bool
}

/// A dynamic table of HPACK or QPACK: the fields that were added last (RFC 7541 §2.3.2, §4, RFC 9204
/// §3.2).
///
/// A ring of entries that are numbered as they come, from 0. In an encoder's table, chains of entries whose
/// names have the same hash lead from the newest to older ones. An entry's number tells whether it
/// is still there, so nothing is to be done to the chains when the oldest leave.
///
/// Adding and leaving take constant time for each entry; a search takes the length of a chain.
struct DynamicFieldTable: Sendable {
  private struct Entry {
    var field: HeaderField
    var nameHash: UInt32
    var valueHash: UInt32
    /// The number of the next older entry in the chain.
    var older: Int64
    /// What all entries that came before it count for.
    var bytesBefore: Int64
  }

  /// Chains of an encoder's table. A table of 4,096 bytes has at most 128 entries.
  private static let bucketCount: UInt32 = 128
  /// The number of no entry.
  private static let none: Int64 = -1

  /// The most bytes that it may hold (RFC 7541 §4.2, RFC 9204 §3.2.2).
  private(set) var maximumBytes: Int
  /// What its entries count for together (RFC 7541 §4.1).
  private(set) var bytes = 0
  /// The number of the oldest entry.
  private(set) var oldest: Int64 = 0
  /// The number that the next entry will have, which tells how many there have been.
  private(set) var next: Int64 = 0

  /// The entries, each at its number modulo the ring's length, which is a power of two.
  private var ring = [Entry?](repeating: nil, count: 8)
  /// What all entries that there have been count for.
  private var totalBytes: Int64 = 0
  /// The newest entry of each chain; empty in a decoder's table, which is not searched.
  private var heads: [Int64]

  /// An empty table. An encoder's is searched.
  init(maximumBytes: Int, isSearched: Bool) {
    self.maximumBytes = maximumBytes
    heads = isSearched ? [Int64](repeating: Self.none, count: Int(Self.bucketCount)) : []
  }

  /// How many entries it has.
  var count: Int { Int(next - oldest) }

  /// The field of a number; nil where it has left, or has not come.
  func field(_ number: Int64) -> HeaderField? {
    number >= oldest && number < next ? ring[place(number)]?.field : nil
  }

  /// What the entries from `number` on count for: those that are newer, and itself.
  func bytes(from number: Int64) -> Int {
    guard number < next, let entry = ring[place(max(number, oldest))] else { return 0 }
    return Int(totalBytes - entry.bytesBefore)
  }

  /// Changes how much it may hold; the oldest entries leave where it holds more (RFC 7541 §4.3).
  mutating func resize(to maximumBytes: Int) {
    self.maximumBytes = maximumBytes
    evict(toFit: maximumBytes)
  }

  /// Adds a field at the front. One that is larger than the table empties it (RFC 7541 §4.4).
  mutating func insert(_ field: HeaderField, nameHash: UInt32 = 0) {
    let size = field.countedBytes
    evict(toFit: maximumBytes - size)
    guard size <= maximumBytes else { return }
    if count == ring.count { grow() }
    var entry = Entry(
      field: field, nameHash: nameHash, valueHash: 0, older: Self.none, bytesBefore: totalBytes)
    if !heads.isEmpty {
      let bucket = Int(nameHash % Self.bucketCount)
      entry.valueHash = field.value.fieldHash
      entry.older = heads[bucket]
      heads[bucket] = next
    }
    ring[place(next)] = entry
    next += 1
    bytes += size
    totalBytes += Int64(size)
  }

  /// Where a field stands among the entries below `limit`: the newest with this name and value, or
  /// else the newest with this name.
  func find(
    _ field: HeaderField, nameHash: UInt32, nameOnly: Bool, below limit: Int64 = .max
  ) -> FieldMatch? {
    var match: FieldMatch?
    let valueHash = nameOnly ? 0 : field.value.fieldHash
    var number = heads[Int(nameHash % Self.bucketCount)]
    while number >= oldest, let entry = ring[place(number)] {
      if number < limit, entry.nameHash == nameHash, entry.field.name == field.name {
        if match == nil { match = FieldMatch(number: number, isExact: false) }
        if nameOnly { return match }
        if entry.valueHash == valueHash, entry.field.value == field.value {
          return FieldMatch(number: number, isExact: true)
        }
      }
      number = entry.older
    }
    return match
  }

  private func place(_ number: Int64) -> Int {
    Int(truncatingIfNeeded: number) & (ring.count - 1)
  }

  /// Lets the oldest entries leave until those that stay have at most `limit` bytes.
  private mutating func evict(toFit limit: Int) {
    while bytes > 0, bytes > limit {
      let place = place(oldest)
      bytes -= ring[place]?.field.countedBytes ?? 0
      ring[place] = nil
      oldest += 1
    }
  }

  private mutating func grow() {
    let old = self
    ring = [Entry?](repeating: nil, count: 2 * old.ring.count)
    for number in oldest..<next { ring[place(number)] = old.ring[old.place(number)] }
  }
}
