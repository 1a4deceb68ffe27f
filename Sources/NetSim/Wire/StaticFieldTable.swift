/// A static table of HPACK or QPACK: fields that both ends know beforehand, numbered from 0, and found
/// by the hash of their names.
struct StaticFieldTable: Sendable {
  /// A field of the table.
  struct Row {
    var name: StaticString
    var value: StaticString

    init(_ name: StaticString, _ value: StaticString = "") {
      self.name = name
      self.value = value
    }
  }

  private static let bucketCount: UInt32 = 64

  /// The fields in the order of their numbers.
  private(set) var fields: [HeaderField] = []

  /// One more than the number of the first field of each chain, whose names have the same hash; 0 for
  /// none.
  private var heads = [UInt8](repeating: 0, count: Int(bucketCount))
  /// One more than the number of the field behind each in its chain; 0 for none.
  private var next: [UInt8]

  init(_ rows: [Row]) {
    next = [UInt8](repeating: 0, count: rows.count)
    for row in rows { fields.append(HeaderField(row.name, row.value)) }
    for place in stride(from: rows.count, to: 0, by: -1) {
      let bucket = Int(fields[place - 1].name.fieldHash % Self.bucketCount)
      next[place - 1] = heads[bucket]
      heads[bucket] = UInt8(place)
    }
  }

  /// Where a field stands: the one with this name and value, or else the first with this name.
  func find(_ field: HeaderField, nameHash: UInt32) -> FieldMatch? {
    var place = Int(heads[Int(nameHash % Self.bucketCount)])
    var match: FieldMatch?
    while place > 0 {
      let entry = fields[place - 1]
      if entry.name == field.name {
        let number = Int64(place - 1)
        if match == nil { match = FieldMatch(number: number, isExact: false) }
        if entry.value == field.value { return FieldMatch(number: number, isExact: true) }
      }
      place = Int(next[place - 1])
    }
    return match
  }
}
