/// Writes the frames of one direction of a stream of HTTP/3, and only what is legal there (RFC 9114
/// §7). What is not is refused with the error that the receiver would find; then nothing is written.
public struct HTTP3FrameWriter: Sendable {
  private var rules: HTTP3FrameRules

  /// A writer of what a client or a server sends on a stream. A stream of QPACK has no frames.
  public init(_ kind: HTTP3StreamKind, isFromClient: Bool) {
    rules = HTTP3FrameRules(
      kind, isFromClient: isFromClient, maximumPayloadBytes: QUICVarint.maximum)
  }

  /// Lets pushes with numbers below `limit` be named.
  public mutating func setPushLimit(_ limit: UInt64) { rules.pushLimit = limit }

  /// Appends a frame.
  public mutating func append(
    _ payload: HTTP3Payload, to bytes: inout [UInt8]
  ) throws(HTTP3Error) {
    guard let type = payload.type else { throw HTTP3Error(.frameOnStream) }
    var content: [UInt8] = []
    payload.append(to: &content)
    try append(type.rawValue, content, payload, to: &bytes)
  }

  /// Appends a frame that means nothing, of the type 0x1f · `number` + 0x21 (RFC 9114 §7.2.8).
  public mutating func append(
    grease number: UInt64, _ content: [UInt8], to bytes: inout [UInt8]
  ) throws(HTTP3Error) {
    let type = 0x1F * number + 0x21
    try append(type, content, .ignored(type: type), to: &bytes)
  }

  private mutating func append(
    _ type: UInt64, _ content: [UInt8], _ payload: HTTP3Payload, to bytes: inout [UInt8]
  ) throws(HTTP3Error) {
    var rules = rules
    try rules.take(type: type, length: UInt64(content.count))
    try rules.take(payload)
    self.rules = rules
    bytes.append(quicVarint: type)
    bytes.append(quicVarint: UInt64(content.count))
    bytes += content
  }
}
