/// The parts of a response's body, with its framing.
public struct ResponseLayout {
  /// How its end is told, to the client that asks.
  public let framing: BodyFraming
  /// Bytes of the body without its framing.
  public let bodyBytes: Int64
  private let parts: [ResponsePart]

  /// The parts of a body of `bodyBytes` bytes for a client of `application`.
  public init(
    _ response: ResponseSettings, bodyBytes: Int64, for application: ApplicationProtocol
  ) {
    framing = response.framing.asSent(to: application)
    self.bodyBytes = bodyBytes
    parts = response.parts
  }

  /// How many parts there are: one at least.
  public var partCount: Int { max(parts.count, 1) }

  /// How long the server takes for a part, from the part before it, or the head.
  func delay(of part: Int) -> SimDuration { parts.isEmpty ? .zero : parts[part].after }

  /// What a part takes in the stream; the last one with the end of the body.
  func framedBytes(of part: Int) -> Int64 {
    let body = bodyBytes(of: part)
    if framing != .chunked { return body }
    let end = part == partCount - 1 ? ChunkedCoding.lastChunkBytes : 0
    return ChunkedCoding.bytes(of: body) + end
  }

  /// What all parts take.
  var framedBytes: Int64 {
    var sum: Int64 = 0
    for part in 0..<partCount { sum += framedBytes(of: part) }
    return sum
  }

  /// Where the first `offset` bytes of the body end in the stream of the body with its framing.
  func position(of offset: Int64) -> Int64 {
    if framing != .chunked { return min(offset, bodyBytes) }
    var (position, left) = (Int64(0), min(offset, bodyBytes))
    for part in 0..<partCount {
      let body = bodyBytes(of: part)
      if left <= body { return position + ChunkedCoding.position(of: left, in: body) }
      position += ChunkedCoding.bytes(of: body)
      left -= body
    }
    return position
  }

  /// The bytes of the body that a part has; the last takes what the others leave.
  public func bodyBytes(of part: Int) -> Int64 {
    if parts.isEmpty { return bodyBytes }
    var left = bodyBytes
    for before in parts[..<part] { left -= min(before.bytes.bytes, left) }
    return part == parts.count - 1 ? left : min(parts[part].bytes.bytes, left)
  }
}
