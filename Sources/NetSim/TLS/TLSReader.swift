/// Finds the records of one direction of a TLS connection, whatever the pieces in which its bytes
/// come, and the handshake messages that are in the clear (RFC 8446 §4, §5; RFC 5246 §6.2, §7.4).
///
/// It keeps the bytes of hello messages only, up to a limit; everything else is counted. After an
/// error it stays in error: where the next record begins can no longer be known.
public struct TLSReader: Sendable {
  private enum State {
    case header
    case fragment(left: Int)
    case failed(TLSError)
  }

  /// Bytes of a hello message, at most.
  public let limit: Int
  /// Where the next byte stands in the stream.
  public private(set) var offset: Int64
  /// The version agreed upon, once it is known: from the ServerHello in this direction, or as
  /// `agree` was told.
  public private(set) var version: TLSVersion?

  private var state = State.header
  private var record: TLSRecord
  /// The bytes so far of a record's header, and how many.
  private var header: UInt64 = 0
  private var headerCount = 0
  private var changesCipher = false
  /// The bytes of an alert in the clear.
  private var alert: [UInt8] = []

  // The handshake message that is being collected.

  private var messageHeader: UInt32 = 0
  private var messageHeaderCount = 0
  private var messageStart: Int64 = 0
  private var messageLeft = 0
  private var body: [UInt8] = []

  /// A reader whose first byte is that of a record, at `offset` in the stream.
  public init(offset: Int64, limit: Int = 65_536) {
    self.offset = offset
    self.limit = limit
    record = TLSRecord(
      offset: offset, contentType: .handshake, legacyVersion: .tls12, length: 0, isProtected: false)
  }

  /// Tells it which version the other direction's ServerHello chose. In TLS 1.3 a change of the
  /// cipher means nothing, and a handshake record behind it is in the clear (RFC 8446 §D.4).
  public mutating func agree(on version: TLSVersion) { self.version = version }

  /// Whether nothing was begun that has not ended.
  public var isBetweenRecords: Bool {
    if case .header = state { return headerCount == 0 && messageHeaderCount == 0 }
    return false
  }

  /// Reads on from `position` in `bytes`, up to the next event; nil when the bytes are used up.
  public mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(TLSError) -> TLSEvent? {
    do {
      while true {
        if let event = try step(bytes, &position) { return event }
        if position >= bytes.count, needsBytes { return nil }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Whether the state can do nothing without another byte.
  private var needsBytes: Bool {
    switch state {
    case .fragment(let left): left > 0
    case .header, .failed: true
    }
  }

  private mutating func step(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(TLSError) -> TLSEvent? {
    switch state {
    case .header: if readHeader(bytes, &position) { try beginRecord() }
    case .fragment(left: 0):
      state = .header
      return try endRecord()
    case .fragment(let left):
      guard position < bytes.count else { return nil }
      return try readFragment(bytes, &position, left: left)
    case .failed(let error): throw error
    }
    return nil
  }

  /// Passes over bytes that the capture does not have. Allowed where what they hold does not matter:
  /// within protected records, and within messages that are only counted. Elsewhere it throws
  /// `missingBytes`. Events that it leads to come from `next`.
  public mutating func skip(_ count: Int64) throws(TLSError) {
    guard count > 0 else { return }
    guard case .fragment(let left) = state, count <= left, fitsUnread(count) else {
      state = .failed(.missingBytes)
      throw .missingBytes
    }
    if !record.isProtected, record.contentType == .handshake { messageLeft -= Int(count) }
    state = .fragment(left: left - Int(count))
    offset += count
  }

  /// Whether the next `count` bytes of the record are not looked at. The last byte of a message is,
  /// so that the message ends by it.
  private func fitsUnread(_ count: Int64) -> Bool {
    switch record.contentType {
    case .applicationData, .heartbeat: true
    case .changeCipherSpec: false
    case .alert: record.isProtected
    case .handshake:
      record.isProtected || (messageHeaderCount == 4 && !keepsBody && count < messageLeft)
    }
  }

  // MARK: Records

  /// ContentType, ProtocolVersion, uint16 length (RFC 8446 §5.1). Gives whether it is complete.
  private mutating func readHeader(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> Bool {
    if headerCount == 0 { record.offset = offset }
    while headerCount < 5 {
      guard position < bytes.count else { return false }
      header = header << 8 | UInt64(bytes[position])
      position += 1
      offset += 1
      headerCount += 1
    }
    return true
  }

  private mutating func beginRecord() throws(TLSError) {
    let type = UInt8(truncatingIfNeeded: header >> 32)
    record.legacyVersion = TLSVersion(rawValue: UInt16(truncatingIfNeeded: header >> 16))
    record.length = UInt16(truncatingIfNeeded: header)
    header = 0
    headerCount = 0
    guard let contentType = TLSContentType(rawValue: type) else { throw .contentType(type) }
    guard record.legacyVersion.rawValue >> 8 == 3 else {
      throw .recordVersion(record.legacyVersion.rawValue)
    }
    record.contentType = contentType
    switch contentType {
    case .applicationData: record.isProtected = true
    case .changeCipherSpec: record.isProtected = false
    case .alert, .handshake, .heartbeat:
      record.isProtected = changesCipher && version?.isVersion13 != true
    }
    guard Int(record.length) <= lengthLimit else { throw .recordLength(record.length) }
    alert.removeAll(keepingCapacity: true)
    state = .fragment(left: Int(record.length))
  }

  /// The most that a record holds: 2^14 bytes in the clear, and what protection adds: up to 256 bytes
  /// in TLS 1.3 (RFC 8446 §5.2), up to 2,048 before (RFC 5246 §6.2.3).
  private var lengthLimit: Int {
    let plain = Int(TLSRecords.mostPlaintext)
    guard record.isProtected else { return plain }
    return plain + (version?.isVersion13 == true ? 256 : 2_048)
  }

  private mutating func readFragment(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, left: Int
  ) throws(TLSError) -> TLSEvent? {
    let start = position
    let end = position + min(left, bytes.count - position)
    var event: TLSEvent?
    if record.isProtected {
      pass(&position, to: end)
    } else {
      switch record.contentType {
      case .handshake: event = try readHandshake(bytes, &position, to: end)
      case .changeCipherSpec:
        // One byte of the value 1 (RFC 5246 §7.1, RFC 8446 §5).
        guard record.length == 1, bytes[position] == 1 else { throw .recordContent }
        pass(&position, to: end)
      case .alert:
        // Two bytes: level and description (RFC 8446 §6).
        guard record.length == 2 else { throw .recordContent }
        alert += bytes[position..<end]
        pass(&position, to: end)
        if alert.count == 2 { event = .alert(TLSAlert(code: alert[1], offset: record.offset)) }
      case .applicationData, .heartbeat: pass(&position, to: end)
      }
    }
    state = .fragment(left: left - (position - start))
    return event
  }

  private mutating func pass(_ position: inout Int, to end: Int) {
    offset += Int64(end - position)
    position = end
  }

  private mutating func endRecord() throws(TLSError) -> TLSEvent? {
    switch record.contentType {
    case .changeCipherSpec:
      guard record.length == 1 else { throw .recordContent }
      changesCipher = true
      // What was begun in the clear cannot go on protected.
      if version?.isVersion13 != true { dropMessage() }
    case .alert: guard record.isProtected || alert.count == 2 else { throw .recordContent }
    case .handshake, .applicationData, .heartbeat: break
    }
    return .record(record)
  }

  // MARK: Handshake messages

  private var messageType: UInt8 { UInt8(truncatingIfNeeded: messageHeader >> 24) }
  private var messageBytes: Int { Int(messageHeader & 0xFF_FFFF) }

  /// Whether the bytes of the message are kept: those of hellos are.
  private var keepsBody: Bool { messageType == 1 || messageType == 2 }

  private mutating func dropMessage() {
    messageHeaderCount = 0
    body = []
  }

  /// Reads on in a handshake record, up to the end of a message or to `end`.
  private mutating func readHandshake(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, to end: Int
  ) throws(TLSError) -> TLSEvent? {
    while position < end {
      if messageHeaderCount < 4 {
        if messageHeaderCount == 0 {
          // The header of a record belongs to the message that begins right behind it.
          messageStart = offset == record.offset + TLSRecords.headerBytes ? record.offset : offset
          messageHeader = 0
        }
        messageHeader = messageHeader << 8 | UInt32(bytes[position])
        messageHeaderCount += 1
        pass(&position, to: position + 1)
        guard messageHeaderCount == 4 else { continue }
        messageLeft = messageBytes
        if keepsBody, messageLeft > limit { throw .tooLong }
      }
      let count = min(messageLeft, end - position)
      if keepsBody { body += bytes[position..<position + count] }
      messageLeft -= count
      pass(&position, to: position + count)
      if messageLeft == 0 { return .message(try finishMessage()) }
    }
    return nil
  }

  private mutating func finishMessage() throws(TLSError) -> TLSPlainMessage {
    var content = TLSPlainMessage.Content.notRead
    switch messageType {
    case 1: content = .clientHello(try TLSClientHello(body))
    case 2:
      let hello = try TLSServerHello(body)
      version = hello.version
      content = .serverHello(hello)
    default: break
    }
    dropMessage()
    return TLSPlainMessage(
      type: messageType, offset: messageStart, wireBytes: offset - messageStart,
      bodyBytes: messageBytes, content: content)
  }
}
