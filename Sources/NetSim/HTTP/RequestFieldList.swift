/// The fields of requests as common programs send them, but for those that say where a request goes or
/// what becomes of its connection. Names are spelled as in HTTP/1.1; HTTP/2 has them in lower case
/// (RFC 9113 §8.2.1).
enum RequestFieldList {
  /// The fields of a style, for a server that goes by `host`.
  static func fields(_ style: RequestStyle, host: [UInt8]) -> [HeaderField] {
    switch style.fields {
    case .curl:
      [HeaderField("User-Agent", "curl/7.88.1"), HeaderField("Accept", "*/*")] + cookie(style)
    case .browser: browser(style, host) + cookie(style)
    }
  }

  /// What Chromium says, in its order: what tells of the browser and of the page's doings only to
  /// servers whose word can be trusted (User-Agent Client Hints §3.2, Fetch Metadata §2).
  private static func browser(_ style: RequestStyle, _ host: [UInt8]) -> [HeaderField] {
    let isDocument = style.destination == .document
    var fields = style.isSecured ? hints : []
    if isDocument { fields.append(HeaderField("Upgrade-Insecure-Requests", "1")) }
    fields.append(
      field(
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ",
        "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"))
    fields.append(HeaderField("Accept", style.destination.accept))
    if style.isSecured { fields += metadata(style.destination) }
    if !isDocument {
      var referer = field("Referer", style.isSecured ? "https://" : "http://")
      referer.value += host
      referer.value.append(UInt8(ascii: "/"))
      fields.append(referer)
    }
    return fields + [
      HeaderField(
        "Accept-Encoding", style.isSecured ? "gzip, deflate, br, zstd" : "gzip, deflate"),
      HeaderField("Accept-Language", "en-US,en;q=0.9"),
    ]
  }

  private static var hints: [HeaderField] {
    [
      field(
        "sec-ch-ua", "\"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", ",
        "\"Not_A Brand\";v=\"24\""),
      HeaderField("sec-ch-ua-mobile", "?0"), HeaderField("sec-ch-ua-platform", "\"Linux\""),
    ]
  }

  private static func metadata(_ destination: RequestDestination) -> [HeaderField] {
    let isDocument = destination == .document
    var fields = [
      HeaderField("Sec-Fetch-Site", isDocument ? "none" : "same-origin"),
      HeaderField("Sec-Fetch-Mode", destination.mode),
    ]
    if isDocument { fields.append(HeaderField("Sec-Fetch-User", "?1")) }
    fields.append(HeaderField("Sec-Fetch-Dest", destination.name))
    return fields
  }

  /// A cookie whose name and value have so many bytes (RFC 6265 §4.2.1). It is one pair, so that a
  /// browser has nothing to split for HTTP/2 (RFC 9113 §8.2.3).
  private static func cookie(_ style: RequestStyle) -> [HeaderField] {
    if style.cookieBytes == .zero { return [] }
    var cookie = field("Cookie", "id=")
    for index in 3..<max(style.cookieBytes.bytes, 3) {
      cookie.value.append(UInt8(ascii: "0") + UInt8(index % 10))
    }
    return [cookie]
  }

  private static func field(_ name: StaticString, _ parts: StaticString...) -> HeaderField {
    var field = HeaderField(name, "")
    for part in parts { field.value.appendText(part) }
    return field
  }
}
