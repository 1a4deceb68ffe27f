/// The static table: fields that are so common that both ends know them beforehand (RFC 9204 §3.1,
/// Appendix A). It counts from 0.
enum QPACKStaticTable {
  /// The field at `index`; nil behind the last.
  static func field(at index: UInt64) -> HeaderField? {
    index < UInt64(table.fields.count) ? table.fields[Int(index)] : nil
  }

  /// Where a field stands: the one with this name and value, or else the first with this name.
  static func find(_ field: HeaderField, nameHash: UInt32) -> FieldMatch? {
    table.find(field, nameHash: nameHash)
  }

  /// What the values of the name at `index` are like; nil stands for a name that is not here.
  static func values(at index: Int64?) -> FieldValues {
    switch index {
    case 84: .secret  // authorization
    case 5: .cookies
    // :path, age, content-length, etag, if-modified-since, if-none-match, location, set-cookie
    case 1, 2, 4, 7, 8, 9, 12, 14: .fleeting
    default: .lasting
    }
  }

  private typealias Row = StaticFieldTable.Row

  private static let table = StaticFieldTable([
    Row(":authority"),
    Row(":path", "/"),
    Row("age", "0"),
    Row("content-disposition"),
    Row("content-length", "0"),
    Row("cookie"),
    Row("date"),
    Row("etag"),
    Row("if-modified-since"),
    Row("if-none-match"),
    Row("last-modified"),
    Row("link"),
    Row("location"),
    Row("referer"),
    Row("set-cookie"),
    Row(":method", "CONNECT"),
    Row(":method", "DELETE"),
    Row(":method", "GET"),
    Row(":method", "HEAD"),
    Row(":method", "OPTIONS"),
    Row(":method", "POST"),
    Row(":method", "PUT"),
    Row(":scheme", "http"),
    Row(":scheme", "https"),
    Row(":status", "103"),
    Row(":status", "200"),
    Row(":status", "304"),
    Row(":status", "404"),
    Row(":status", "503"),
    Row("accept", "*/*"),
    Row("accept", "application/dns-message"),
    Row("accept-encoding", "gzip, deflate, br"),
    Row("accept-ranges", "bytes"),
    Row("access-control-allow-headers", "cache-control"),
    Row("access-control-allow-headers", "content-type"),
    Row("access-control-allow-origin", "*"),
    Row("cache-control", "max-age=0"),
    Row("cache-control", "max-age=2592000"),
    Row("cache-control", "max-age=604800"),
    Row("cache-control", "no-cache"),
    Row("cache-control", "no-store"),
    Row("cache-control", "public, max-age=31536000"),
    Row("content-encoding", "br"),
    Row("content-encoding", "gzip"),
    Row("content-type", "application/dns-message"),
    Row("content-type", "application/javascript"),
    Row("content-type", "application/json"),
    Row("content-type", "application/x-www-form-urlencoded"),
    Row("content-type", "image/gif"),
    Row("content-type", "image/jpeg"),
    Row("content-type", "image/png"),
    Row("content-type", "text/css"),
    Row("content-type", "text/html; charset=utf-8"),
    Row("content-type", "text/plain"),
    Row("content-type", "text/plain;charset=utf-8"),
    Row("range", "bytes=0-"),
    Row("strict-transport-security", "max-age=31536000"),
    Row("strict-transport-security", "max-age=31536000; includesubdomains"),
    Row("strict-transport-security", "max-age=31536000; includesubdomains; preload"),
    Row("vary", "accept-encoding"),
    Row("vary", "origin"),
    Row("x-content-type-options", "nosniff"),
    Row("x-xss-protection", "1; mode=block"),
    Row(":status", "100"),
    Row(":status", "204"),
    Row(":status", "206"),
    Row(":status", "302"),
    Row(":status", "400"),
    Row(":status", "403"),
    Row(":status", "421"),
    Row(":status", "425"),
    Row(":status", "500"),
    Row("accept-language"),
    Row("access-control-allow-credentials", "FALSE"),
    Row("access-control-allow-credentials", "TRUE"),
    Row("access-control-allow-headers", "*"),
    Row("access-control-allow-methods", "get"),
    Row("access-control-allow-methods", "get, post, options"),
    Row("access-control-allow-methods", "options"),
    Row("access-control-expose-headers", "content-length"),
    Row("access-control-request-headers", "content-type"),
    Row("access-control-request-method", "get"),
    Row("access-control-request-method", "post"),
    Row("alt-svc", "clear"),
    Row("authorization"),
    Row("content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'"),
    Row("early-data", "1"),
    Row("expect-ct"),
    Row("forwarded"),
    Row("if-range"),
    Row("origin"),
    Row("purpose", "prefetch"),
    Row("server"),
    Row("timing-allow-origin", "*"),
    Row("upgrade-insecure-requests", "1"),
    Row("user-agent"),
    Row("x-forwarded-for"),
    Row("x-frame-options", "deny"),
    Row("x-frame-options", "sameorigin"),
  ])
}
