/// What a stream of HTTP/3 is for (RFC 9114 §6, RFC 9204 §4.2).
public enum HTTP3StreamKind: Equatable, Sendable {
  /// A request and its response, in both directions.
  case request
  /// What concerns the connection.
  case control
  /// A response that the server sends unasked, by its number.
  case push(UInt64)
  /// The instructions of the sender's encoder.
  case qpackEncoder
  /// The instructions of the sender's decoder.
  case qpackDecoder
  /// A type that is not known here, whose bytes are discarded.
  case ignored(UInt64)

  /// Whether the connection ends when it does (RFC 9114 §6.2.1, RFC 9204 §4.2).
  public var isCritical: Bool {
    switch self {
    case .control, .qpackEncoder, .qpackDecoder: true
    case .request, .push, .ignored: false
    }
  }

  /// Appends the head of a stream of one direction, which says its type (RFC 9114 §6.2); nothing for a
  /// request's stream.
  public func appendHead(to bytes: inout [UInt8]) {
    switch self {
    case .request: break
    case .control: bytes.append(0x00)
    case .push(let pushID):
      bytes.append(0x01)
      bytes.append(quicVarint: pushID)
    case .qpackEncoder: bytes.append(0x02)
    case .qpackDecoder: bytes.append(0x03)
    case .ignored(let type): bytes.append(quicVarint: type)
    }
  }
}

/// Reads the head of a stream of one direction, whatever the pieces in which its bytes come (RFC 9114
/// §6.2).
public struct HTTP3StreamHeadReader: Sendable {
  private var head: [UInt8] = []

  /// A reader of a stream's first bytes.
  public init() {}

  /// Reads on from `position` in `bytes`, up to the end of the head; nil when the bytes are used up.
  public mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> HTTP3StreamKind? {
    while position < bytes.count {
      head.append(bytes[position])
      position += 1
      if let kind { return kind }
    }
    return nil
  }

  /// What the bytes so far say.
  private var kind: HTTP3StreamKind? {
    var place = 0
    guard let type = head.quicVarint(at: &place) else { return nil }
    switch type {
    case 0x00: return .control
    case 0x01: return head.quicVarint(at: &place).map { .push($0) }
    case 0x02: return .qpackEncoder
    case 0x03: return .qpackDecoder
    default: return .ignored(type)
    }
  }
}

/// The streams that one end opens on a connection: how many of each kind, and which pushes (RFC 9114
/// §6, RFC 9204 §4.2).
public struct HTTP3Streams: Sendable {
  /// Whether the client opens them.
  public let isFromClient: Bool
  /// How many pushes the server may send: their numbers are below, one more than MAX_PUSH_ID.
  public var pushLimit: UInt64 = 0

  private var hasControl = false
  private var hasEncoder = false
  private var hasDecoder = false
  private var pushes: [UInt64] = []

  /// The streams of an end that has opened none.
  public init(isFromClient: Bool) { self.isFromClient = isFromClient }

  /// Takes a stream of one direction when its head is there, or a request's stream.
  public mutating func open(_ kind: HTTP3StreamKind) throws(HTTP3Error) {
    switch kind {
    case .request:
      guard isFromClient else { throw HTTP3Error(.bidirectionalByServer) }
    case .control: try Self.open(&hasControl)
    case .qpackEncoder: try Self.open(&hasEncoder)
    case .qpackDecoder: try Self.open(&hasDecoder)
    case .push(let pushID):
      guard !isFromClient else { throw HTTP3Error(.pushByClient) }
      guard pushID < pushLimit else { throw HTTP3Error(.pushID) }
      guard !pushes.contains(pushID) else { throw HTTP3Error(.pushTwice) }
      pushes.append(pushID)
    case .ignored: break
    }
  }

  private static func open(_ isThere: inout Bool) throws(HTTP3Error) {
    guard !isThere else { throw HTTP3Error(.secondStream) }
    isThere = true
  }

  /// Takes the end or the reset of a stream.
  public func close(_ kind: HTTP3StreamKind) throws(HTTP3Error) {
    guard !kind.isCritical else { throw HTTP3Error(.criticalStreamClosed) }
  }
}
