/// The streams of one HTTP/3 connection as both its ends know them (RFC 9114 §6).
struct HTTP3Session {
  /// The streams of requests, by a quarter of their numbers.
  var streams: [HTTP3Stream] = []
  /// How many of them are open as the client sees it.
  var openStreams = 0
  /// The streams for the connection's own use, the client's three first.
  var own: [HTTP3Stream] = []
  /// Whether each end, the client first, has opened its own streams.
  var hasBegun: InlineArray<2, Bool> = [false, false]
  /// The field sections that were sent, as they stand in HEADERS frames.
  var sections: [[UInt8]] = []
  /// What each end knows of QPACK's tables.
  var client: HTTP3End
  var server: HTTP3End

  subscript(_ side: Side) -> HTTP3End {
    get { side == .client ? client : server }
    _modify { if side == .client { yield &client } else { yield &server } }
  }

  /// The kinds of streams in one direction that an end opens, in that order (RFC 9114 §6.2,
  /// RFC 9204 §4.2).
  enum OwnStream: Int, CaseIterable {
    case control
    case encoder
    case decoder

    /// The number of the stream that an end opens for it.
    func number(of side: Side) -> UInt32 {
      UInt32(rawValue) << 2 | (side == .client ? 2 : 3)
    }
  }

  /// Where a stream in one direction stands in `own`; nil where it is another.
  func place(ofOwn number: UInt32) -> Int? {
    let place = (number & 1 == 0 ? 0 : OwnStream.allCases.count) + Int(number >> 2)
    return number & 2 == 2 && place < own.count ? place : nil
  }

  /// The stream of a number, be it a request's or for the connection's own use.
  subscript(stream number: UInt32) -> HTTP3Stream {
    get { place(ofOwn: number).map { own[$0] } ?? streams[Int(number >> 2)] }
    _modify {
      if let place = place(ofOwn: number) {
        yield &own[place]
      } else {
        yield &streams[Int(number >> 2)]
      }
    }
  }

  init(_ policy: QUICPolicy) {
    client = HTTP3End(policy.client)
    server = HTTP3End(policy.server)
    for side in [Side.client, .server] {
      for kind in OwnStream.allCases {
        own.append(HTTP3Stream(kind.number(of: side), request: .max))
      }
    }
  }

  /// Adds the client's next stream for a request, and gives its number.
  mutating func addStream(for request: UInt32) -> UInt32 {
    let number = UInt32(streams.count) << 2
    streams.append(HTTP3Stream(number, request: request))
    openStreams += 1
    return number
  }
}

/// What one end of an HTTP/3 connection knows of QPACK's tables (RFC 9204 §2).
struct HTTP3End {
  var encoder: QPACKEncoder
  var decoder: QPACKDecoder
  /// What it has written to the streams of QPACK and the peer has not read, by `OwnStream`, and how much
  /// the peer has read.
  var written: InlineArray<3, [UInt8]> = [[], [], []]
  private var read: InlineArray<3, Int> = [0, 0, 0]
  /// Streams with a section that it cannot decode yet.
  var blocked: [UInt32] = []

  init(_ policy: QUICEndPolicy) {
    encoder = QPACKEncoder(policy: policy.fieldPolicy)
    decoder = QPACKDecoder(
      tableLimit: policy.fieldTableBytes, blockedLimit: policy.mostBlockedStreams)
  }

  /// Takes what its peer reads of one of its streams now that `end` bytes have come.
  mutating func take(_ kind: HTTP3Session.OwnStream, upTo end: Int) -> [UInt8] {
    let place = kind.rawValue
    let count = end - read[place]
    guard count > 0 else { return [] }
    let bytes = Array(written[place].prefix(count))
    written[place].removeFirst(count)
    read[place] = end
    return bytes
  }
}

/// A stream of an HTTP/3 connection with its frames under way.
struct HTTP3Stream {
  let number: UInt32
  let request: UInt32
  /// Frames that were written and not read, in order: the client's, and the server's.
  var fromClient = RingBuffer<HTTP3Frame>()
  var fromServer = RingBuffer<HTTP3Frame>()
  /// Whether a section on it waits for the encoder's stream.
  var isBlocked = false
  /// Whether the client is done with it.
  var isClosed = false

  init(_ number: UInt32, request: UInt32) {
    self.number = number
    self.request = request
  }

  /// The frames that a side has written.
  subscript(from side: Side) -> RingBuffer<HTTP3Frame> {
    get { side == .client ? fromClient : fromServer }
    _modify { if side == .client { yield &fromClient } else { yield &fromServer } }
  }
}

/// A frame as far as the simulator needs it (RFC 9114 §7).
struct HTTP3Frame: BitwiseCopyable {
  /// The types that are written here (RFC 9114 §7.2); PRIORITY_UPDATE has a number of its own in the log.
  enum Kind: UInt8, BitwiseCopyable {
    case data = 0x00
    case headers = 0x01
    case settings = 0x04
    case goAway = 0x07
    case priorityUpdate = 0x10
    /// What a stream in one direction begins with (RFC 9114 §6.2): no frame.
    case streamType = 0x7F
  }

  let kind: Kind
  let start: Int64
  let end: Int64
  /// Where its section stands in `HTTP3Session.sections`; −1 for none that is encoded.
  var section: Int32 = -1

  /// Bytes of a frame with `length` bytes of content.
  static func bytes(_ length: Int64) -> Int64 {
    1 + Int64(QUICVarint.size(UInt64(length))) + length
  }
}
