/// The static table: fields that are so common that both ends know them beforehand (RFC 7541 §2.3.1,
/// Appendix A).
enum HPACKStaticTable {
  /// How many fields it has. The dynamic table's first is the one behind them (RFC 7541 §2.3.3).
  static let count = 61

  /// The field at `index`, which counts from 1.
  static func field(at index: Int) -> HeaderField { table.fields[index - 1] }

  /// Where a field stands: the one with this name and value, or else the first with this name. Its
  /// number is its index less one.
  static func find(_ field: HeaderField, nameHash: UInt32) -> FieldMatch? {
    table.find(field, nameHash: nameHash)
  }

  /// What the values of the name at `index` are like; nil stands for a name that is not here.
  static func values(at index: Int?) -> FieldValues {
    switch index {
    case 23: .secret  // authorization
    case 32: .cookies
    // :path, age, content-length, etag, if-modified-since, if-none-match, location, set-cookie
    case 4, 5, 21, 28, 34, 40, 41, 46, 55: .fleeting
    default: .lasting
    }
  }

  private typealias Row = StaticFieldTable.Row

  private static let table = StaticFieldTable([
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
