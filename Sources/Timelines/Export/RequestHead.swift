import NetSim

/// The head of a request of the length that the run gave it.
enum RequestHead {
  /// The head that curl would send, or one that differs from it just enough to be as long as the
  /// scenario says: with a field more, or with `Host` only.
  static func bytes(
    of request: RequestDescription, on connection: ConnectionDescription
  ) -> [UInt8] {
    let host = Array(connection.serverName.prefix { $0 != UInt8(ascii: ":") })
    let head = HTTP1Head.request(
      target: request.target, host: host, version: connection.application,
      keepAlive: connection.keepAlive)
    let length = Int(request.requestBytes)
    if length >= head.count { return extended(head, to: length) }
    let version = connection.application == .http10 ? "1.0" : "1.1"
    let short =
      request.method + [UInt8(ascii: " ")] + request.target
      + Array(" HTTP/\(version)\r\nHost: ".utf8) + host + Array("\r\n\r\n".utf8)
    // A head that is shorter still is no HTTP; its beginning is all that has room.
    return length >= short.count ? extended(short, to: length) : Array(head.prefix(length))
  }

  /// The head with a field more, of the length that is missing.
  private static func extended(_ head: [UInt8], to length: Int) -> [UInt8] {
    let missing = length - head.count
    if missing == 0 { return head }
    let field = Array("X-Padding: ".utf8)
    var longer = Array(head.dropLast(2))  // up to the empty line
    if missing >= field.count + 2 {
      longer += field
      longer += [UInt8](repeating: UInt8(ascii: "x"), count: missing - field.count - 2)
      longer += Array("\r\n".utf8)
    } else {
      // Space behind a field's value is legal and means nothing (RFC 9112 §5).
      longer.insert(
        contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: missing), at: longer.count - 2)
    }
    return longer + Array("\r\n".utf8)
  }
}
