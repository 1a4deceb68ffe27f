/// The fields of HTTP/2 messages as common programs send them, so that their blocks have real lengths
/// (RFC 9113 §8.3).
public enum HTTP2Fields {
  /// A request's fields as a style has them, in the order of its program: curl names the authority last
  /// of the pseudo-fields, Chromium behind the method. Its priority comes last, where it is not the
  /// default (RFC 9218 §5).
  public static func request(
    _ method: HTTPMethod, target: [UInt8], host: [UInt8], isSecured: Bool,
    style: RequestStyle = RequestStyle(), priority: HTTPPriority = HTTPPriority()
  ) -> [HeaderField] {
    let method = HeaderField(name: bytes(":method"), value: method.bytes)
    let path = HeaderField(name: bytes(":path"), value: target)
    let scheme = isSecured ? HeaderField(":scheme", "https") : HeaderField(":scheme", "http")
    let authority = HeaderField(name: bytes(":authority"), value: host)
    var fields: [HeaderField]
    switch style.fields {
    case .curl: fields = [method, path, scheme, authority]
    case .browser: fields = [method, authority, scheme, path]
    }
    fields += RequestFieldList.fields(style, host: host).map { field in
      HeaderField(name: field.name.map(lowercased), value: field.value)
    }
    if priority != HTTPPriority() {
      fields.append(HeaderField(name: bytes("priority"), value: priority.fieldValue))
    }
    return fields
  }

  /// A letter of ASCII as HTTP/2 has it in names (RFC 9113 §8.2.1).
  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  /// A response's fields in nginx's order, for a file of `bodyBytes` bytes; with `namesHTTP3` it says
  /// that the same is to be had over HTTP/3 (RFC 7838 §3).
  public static func response(bodyBytes: Int64, namesHTTP3: Bool = false) -> [HeaderField] {
    var length: [UInt8] = []
    length.appendDecimal(bodyBytes)
    var tag = bytes("\"6955b900-")  // the time of modification, then the size, in hex
    tag.appendHexadecimal(bodyBytes)
    tag.appendText("\"")
    return [
      HeaderField(":status", "200"), HeaderField("server", "nginx/1.22.1"),
      HeaderField("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
      HeaderField("content-type", "application/octet-stream"),
      HeaderField(name: bytes("content-length"), value: length),
      HeaderField("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
      HeaderField(name: bytes("etag"), value: tag), HeaderField("accept-ranges", "bytes"),
    ] + (namesHTTP3 ? [HeaderField("alt-svc", "h3=\":443\"; ma=86400")] : [])
  }

  /// The fields of the interim response that names what a page will need (RFC 8297 §2), by the targets.
  public static func earlyHints(_ links: [[UInt8]]) -> [HeaderField] {
    [HeaderField(":status", "103")]
      + links.map { target in
        HeaderField(
          name: bytes("link"), value: bytes("<") + target + bytes(">; rel=preload"))
      }
  }

  /// The fields of a response of a proxy that got none (RFC 9110 §15.6.3).
  public static func badGateway() -> [HeaderField] {
    [
      HeaderField(":status", "502"), HeaderField("server", "nginx/1.22.1"),
      HeaderField("date", "Thu, 01 Jan 2026 00:00:00 GMT"), HeaderField("content-length", "0"),
    ]
  }

  private static func bytes(_ text: StaticString) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendText(text)
    return bytes
  }
}
