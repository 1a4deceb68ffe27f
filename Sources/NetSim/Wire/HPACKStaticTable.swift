/// The static table: fields that are so common that both ends know them beforehand (RFC 7541 §2.3.1,
/// Appendix A).
enum HPACKStaticTable {
  /// How many fields it has. The dynamic table's first is the one behind them (RFC 7541 §2.3.3).
  static let count = 61

  /// The field at `index`, which counts from 1.
  static func field(at index: Int) -> HeaderField { table.fields[index - 1] }

  /// Where a field stands: the index of the one with this name and value, or else of the first with
  /// this name.
  static func find(_ field: HeaderField, nameHash: UInt32) -> HPACKMatch? {
    let table = Self.table
    var index = Int(table.heads[Int(nameHash % Table.bucketCount)])
    var match: HPACKMatch?
    while index > 0 {
      let entry = table.fields[index - 1]
      if entry.name == field.name {
        if match == nil { match = HPACKMatch(index: index, isExact: false) }
        if entry.value == field.value { return HPACKMatch(index: index, isExact: true) }
      }
      index = Int(table.next[index - 1])
    }
    return match
  }

  private struct Row {
    var name: StaticString
    var value: StaticString

    init(_ name: StaticString, _ value: StaticString = "") {
      self.name = name
      self.value = value
    }
  }

  /// The fields, and chains of those whose names have the same hash, in the order of the index.
  private struct Table {
    static let bucketCount: UInt32 = 64

    var fields: [HeaderField] = []
    /// The index of the first field of each chain; 0 for none.
    var heads = [UInt8](repeating: 0, count: Int(bucketCount))
    /// The index of the field behind each in its chain; 0 for none.
    var next = [UInt8](repeating: 0, count: HPACKStaticTable.count)

    init(_ rows: [Row]) {
      for row in rows {
        var field = HeaderField(name: [], value: [])
        field.name.appendText(row.name)
        field.value.appendText(row.value)
        fields.append(field)
      }
      for index in stride(from: fields.count, to: 0, by: -1) {
        let bucket = Int(fields[index - 1].name.fieldHash % Self.bucketCount)
        next[index - 1] = heads[bucket]
        heads[bucket] = UInt8(index)
      }
    }
  }

  private static let table = Table([
    Row(":authority"),
    Row(":method", "GET"),
    Row(":method", "POST"),
    Row(":path", "/"),
    Row(":path", "/index.html"),
    Row(":scheme", "http"),
    Row(":scheme", "https"),
    Row(":status", "200"),
    Row(":status", "204"),
    Row(":status", "206"),
    Row(":status", "304"),
    Row(":status", "400"),
    Row(":status", "404"),
    Row(":status", "500"),
    Row("accept-charset"),
    Row("accept-encoding", "gzip, deflate"),
    Row("accept-language"),
    Row("accept-ranges"),
    Row("accept"),
    Row("access-control-allow-origin"),
    Row("age"),
    Row("allow"),
    Row("authorization"),
    Row("cache-control"),
    Row("content-disposition"),
    Row("content-encoding"),
    Row("content-language"),
    Row("content-length"),
    Row("content-location"),
    Row("content-range"),
    Row("content-type"),
    Row("cookie"),
    Row("date"),
    Row("etag"),
    Row("expect"),
    Row("expires"),
    Row("from"),
    Row("host"),
    Row("if-match"),
    Row("if-modified-since"),
    Row("if-none-match"),
    Row("if-range"),
    Row("if-unmodified-since"),
    Row("last-modified"),
    Row("link"),
    Row("location"),
    Row("max-forwards"),
    Row("proxy-authenticate"),
    Row("proxy-authorization"),
    Row("range"),
    Row("referer"),
    Row("refresh"),
    Row("retry-after"),
    Row("server"),
    Row("set-cookie"),
    Row("strict-transport-security"),
    Row("transfer-encoding"),
    Row("user-agent"),
    Row("vary"),
    Row("via"),
    Row("www-authenticate"),
  ])
}
