/// What stands before the fields of a section (RFC 9204 §4.5.1).
struct QPACKSectionPrefix: Equatable {
  /// How many fields must have been added to the table; 0 for a section that needs none of them.
  var requiredInsertCount: Int64
  /// The number of the table's entry from which the section counts.
  var base: Int64

  init(requiredInsertCount: Int64, base: Int64) {
    self.requiredInsertCount = requiredInsertCount
    self.base = base
  }

  /// Reads it, where `insertCount` fields were added and the table may hold `tableLimit` bytes at most.
  init(
    _ cursor: inout QPACKCursor, insertCount: Int64, tableLimit: UInt64
  ) throws(QPACKViolation) {
    let coded = try cursor.integer(prefix: 8)
    requiredInsertCount = try Self.requiredInsertCount(
      coded, insertCount: insertCount, tableLimit: tableLimit)
    let isNegative = (cursor.first ?? 0) & 0x80 != 0
    let difference = Int64(try cursor.integer(prefix: 7))
    base = requiredInsertCount + (isNegative ? -difference - 1 : difference)
    guard base >= 0 else { throw .base }
  }

  /// The count of which `coded` is the rest by twice the most entries, plus one (RFC 9204 §4.5.1.1).
  private static func requiredInsertCount(
    _ coded: UInt64, insertCount: Int64, tableLimit: UInt64
  ) throws(QPACKViolation) -> Int64 {
    guard coded > 0 else { return 0 }
    let most = mostEntries(tableLimit)
    guard coded <= UInt64(2 * most) else { throw .requiredInsertCount(coded) }
    let highest = insertCount + most
    var count = highest / (2 * most) * (2 * most) + Int64(coded) - 1
    if count > highest {
      guard count > 2 * most else { throw .requiredInsertCount(coded) }
      count -= 2 * most
    }
    guard count > 0 else { throw .requiredInsertCount(coded) }
    return count
  }

  /// Appends it.
  func append(to bytes: inout [UInt8], tableLimit: UInt64) {
    guard requiredInsertCount > 0 else {
      bytes.append(0)
      bytes.append(0)
      return
    }
    let coded = requiredInsertCount % (2 * Self.mostEntries(tableLimit)) + 1
    bytes.append(prefixed: UInt64(coded), prefix: 8, pattern: 0)
    let difference = base - requiredInsertCount
    if difference >= 0 {
      bytes.append(prefixed: UInt64(difference), prefix: 7, pattern: 0)
    } else {
      bytes.append(prefixed: UInt64(-difference - 1), prefix: 7, pattern: 0x80)
    }
  }

  /// How many entries a table of so many bytes may have: each counts for 32 at least.
  private static func mostEntries(_ tableLimit: UInt64) -> Int64 {
    Int64(clamping: tableLimit >> 5)
  }
}
