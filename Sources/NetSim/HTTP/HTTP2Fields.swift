/// The fields of HTTP/2 messages as common programs send them, so that their blocks have real lengths
/// (RFC 9113 §8.3).
public enum HTTP2Fields {
  /// A request's fields in curl's order. Its priority comes last, where it is not the default
  /// (RFC 9218 §5).
  public static func request(
    _ method: HTTPMethod, target: [UInt8], host: [UInt8], isSecured: Bool,
    priority: HTTPPriority = HTTPPriority()
  ) -> [HeaderField] {
    let fields = [
      HeaderField(name: bytes(":method"), value: method.bytes),
      HeaderField(name: bytes(":path"), value: target),
      isSecured ? HeaderField(":scheme", "https") : HeaderField(":scheme", "http"),
      HeaderField(name: bytes(":authority"), value: host),
      HeaderField("user-agent", "curl/7.88.1"), HeaderField("accept", "*/*"),
    ]
    if priority == HTTPPriority() { return fields }
    return fields + [HeaderField(name: bytes("priority"), value: priority.fieldValue)]
  }

  /// A response's fields in nginx's order, for a file of `bodyBytes` bytes.
  public static func response(bodyBytes: Int64) -> [HeaderField] {
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
    ]
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
