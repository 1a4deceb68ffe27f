extension HTTP2Payload {
  /// What a payload says (RFC 9113 §6). Its length was held against its type before; of DATA whose
  /// content is only counted, there is at most the length of the padding.
  init(_ header: HTTP2FrameHeader, _ bytes: [UInt8]) throws(HTTP2Error) {
    guard let type = header.type else {
      self = .ignored(type: header.typeNumber)
      return
    }
    switch type {
    case .data, .headers, .pushPromise: self = try Self.padded(type, header, bytes)
    case .priority: self = .priority(HTTP2Priority(bytes, at: 0))
    case .resetStream: self = .resetStream(HTTP2ErrorCode(rawValue: bytes.uint32(at: 0)))
    case .settings:
      self =
        header.flags.contains(.acknowledgement)
        ? .settingsAcknowledgement : .settings(Self.settings(bytes))
    case .ping:
      self = .ping(
        UInt64(bytes.uint32(at: 0)) << 32 | UInt64(bytes.uint32(at: 4)),
        isAcknowledgement: header.flags.contains(.acknowledgement))
    case .goAway:
      self = .goAway(
        lastStream: bytes.uint32(at: 0) & 0x7FFF_FFFF,
        code: HTTP2ErrorCode(rawValue: bytes.uint32(at: 4)), debug: Array(bytes[8...]))
    case .windowUpdate: self = .windowUpdate(bytes.uint32(at: 0) & 0x7FFF_FFFF)
    case .continuation:
      self = .continuation(fragment: bytes, endsBlock: header.flags.contains(.endHeaders))
    case .priorityUpdate:
      self = .priorityUpdate(
        prioritized: bytes.uint32(at: 0) & 0x7FFF_FFFF, value: Array(bytes[4...]))
    case .alternativeService:
      self = Self.alternativeService(bytes) ?? .ignored(type: type.rawValue)
    case .origin:
      self = Self.origins(bytes, header) ?? .ignored(type: type.rawValue)
    }
  }

  /// DATA, HEADERS or PUSH_PROMISE: fixed fields and content between the padding's length and the
  /// padding (RFC 9113 §6.1, §6.2, §6.6).
  private static func padded(
    _ type: HTTP2FrameType, _ header: HTTP2FrameHeader, _ bytes: [UInt8]
  ) throws(HTTP2Error) -> HTTP2Payload {
    let padding = header.flags.contains(.padded) ? bytes[0] : nil
    let hasPriority = type == .headers && header.flags.contains(.priority)
    var start = padding == nil ? 0 : 1
    let fixedBytes = hasPriority ? 5 : type == .pushPromise ? 4 : 0
    let contentBytes = Int(header.length) - start - fixedBytes - Int(padding ?? 0)
    guard contentBytes >= 0 else { throw HTTP2Error(.padding) }
    let fixed = start
    start += fixedBytes
    // Content that is only counted is not there.
    let end = min(start + contentBytes, bytes.count)
    let content = start < end ? Array(bytes[start..<end]) : []
    switch type {
    case .headers:
      return .headers(
        fragment: content, priority: hasPriority ? HTTP2Priority(bytes, at: fixed) : nil,
        padding: padding, endsStream: header.flags.contains(.endStream),
        endsBlock: header.flags.contains(.endHeaders))
    case .pushPromise:
      return .pushPromise(
        promised: bytes.uint32(at: fixed) & 0x7FFF_FFFF, fragment: content, padding: padding,
        endsBlock: header.flags.contains(.endHeaders))
    default:
      return .data(
        content: content, padding: padding, endsStream: header.flags.contains(.endStream))
    }
  }

  private static func settings(_ bytes: [UInt8]) -> [HTTP2Setting] {
    stride(from: 0, to: bytes.count, by: 6).map { place in
      HTTP2Setting(
        HTTP2SettingIdentifier(rawValue: UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])),
        bytes.uint32(at: place + 2))
    }
  }

  /// Origin-Len, Origin, and the field's value (RFC 7838 §4).
  private static func alternativeService(_ bytes: [UInt8]) -> HTTP2Payload? {
    guard bytes.count >= 2 else { return nil }
    let length = Int(bytes[0]) << 8 | Int(bytes[1])
    guard length <= bytes.count - 2 else { return nil }
    return .alternativeService(
      origin: Array(bytes[2..<2 + length]), value: Array(bytes[(2 + length)...]))
  }

  /// Origins, each behind its length. A frame with one of the flags kept free for later is ignored
  /// (RFC 8336 Appendix A).
  private static func origins(_ bytes: [UInt8], _ header: HTTP2FrameHeader) -> HTTP2Payload? {
    guard header.flags.rawValue & 0x0F == 0 else { return nil }
    var origins: [[UInt8]] = []
    var place = 0
    while place < bytes.count {
      guard bytes.count - place >= 2 else { return nil }
      let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
      place += 2
      guard length <= bytes.count - place else { return nil }
      origins.append(Array(bytes[place..<place + length]))
      place += length
    }
    return .origin(origins)
  }

  /// Whether a receiver does anything with it. Alternative services and origins are a server's to
  /// tell, the former on stream 0 for an origin that is named, elsewhere for the stream's own
  /// (RFC 7838 §4), the latter on stream 0 (RFC 8336 Appendix A).
  func isMeant(onStream streamID: UInt32, fromClient: Bool) -> Bool {
    switch self {
    case .alternativeService(let origin, _):
      !fromClient && origin.isEmpty == (streamID != 0)
    case .origin: !fromClient && streamID == 0
    case .data, .headers, .priority, .resetStream, .settings, .settingsAcknowledgement,
      .pushPromise, .ping, .goAway, .windowUpdate, .continuation, .priorityUpdate, .ignored:
      true
    }
  }
}

extension HTTP2Priority {
  /// Reads the five bytes at `offset` (RFC 9113 §6.3).
  init(_ bytes: [UInt8], at offset: Int) {
    let number = bytes.uint32(at: offset)
    self.init(
      dependency: number & 0x7FFF_FFFF, isExclusive: number >> 31 == 1,
      weightLessOne: bytes[offset + 4])
  }

  func append(to bytes: inout [UInt8]) {
    bytes.append(bigEndian: dependency & 0x7FFF_FFFF | (isExclusive ? 0x8000_0000 : 0))
    bytes.append(weightLessOne)
  }
}
