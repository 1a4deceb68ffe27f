/// The frames and streams of one HTTP/2 connection, as both its ends know them.
struct HTTP2Session {
  var client: HTTP2End
  var server: HTTP2End
  /// The streams that the client has opened and the server has promised, in that order in time, and
  /// where those of either kind stand.
  var streams: [HTTP2Stream] = []
  private var opened: [UInt32] = []
  private var promised: [UInt32] = []
  /// How many of them are open as the client sees it, and as the server does.
  var openStreams = 0
  var takenStreams = 0
  /// How many promised streams the client awaits, and how many the server has not ended.
  var awaitedPushes = 0
  var openPushes = 0
  /// Streams of which the server has something to send, in the order of service.
  var waiting: StreamQueue
  /// Whether the connection's window holds all of them, so that none is looked at before that opens, or
  /// something changes about one.
  var allAreHeld = false
  /// Streams on which the client has content to send, in the order of its turns.
  var uploads = RingBuffer<UInt32>()
  /// Whether a request had content, so that what the client sends is more than a flight of a handshake.
  var hasContent = false
  /// How many streams their own windows hold.
  var stalledStreams = 0
  /// How each end, the client first, reads what the scenario injects; empty where that is nothing.
  var guards: [FrameGuard] = []
  /// The highest stream that the server has taken.
  var lastTaken: UInt32 = 0
  /// The highest stream that the server answers, once it has said that it ends, and once the client
  /// knows (RFC 9113 §6.8).
  var lastAnswered: UInt32?
  var lastStream: UInt32?

  /// The frames that the scenario injects, how many of each were sent, and since when they count.
  let injections: [HTTP2Injection]
  var injected: [Int] = []
  var beganAt = SimTime.zero

  init(_ settings: HTTP2Policy, injects: Bool) {
    client = HTTP2End(settings.client)
    server = HTTP2End(settings.server)
    if injects && !settings.injections.isEmpty {
      injections = settings.injections
      injected = Array(repeating: 0, count: injections.count)
      guards = [FrameGuard(.client, settings.client), FrameGuard(.server, settings.server)]
    } else {
      injections = []
    }
    waiting = StreamQueue(settings.server)
  }

  /// The end of a side.
  subscript(_ side: Side) -> HTTP2End {
    get { side == .client ? client : server }
    _modify {
      if side == .client { yield &client } else { yield &server }
    }
  }

  /// When a frame of an injection is due next; nil where all were sent.
  func nextTime(of injection: Int) -> SimTime? {
    let (plan, sent) = (injections[injection], injected[injection])
    return sent < plan.count ? beganAt + plan.after + plan.interval * Int64(sent) : nil
  }

  /// Whether the client awaits nothing.
  var isQuiet: Bool { openStreams == 0 && awaitedPushes == 0 }

  /// Whether streams are open as a side sees it.
  func hasStreams(_ side: Side) -> Bool { (side == .client ? openStreams : takenStreams) > 0 }

  /// Whether a stream is one of those that the client opened.
  func knows(_ stream: UInt32) -> Bool { stream % 2 == 1 && Int(stream / 2) < opened.count }

  /// Whether a stream is one of those that the server promised.
  func hasPromised(_ stream: UInt32) -> Bool {
    stream > 0 && stream % 2 == 0 && Int(stream / 2) <= promised.count
  }

  /// The place in `streams` of a stream that was opened or promised.
  func slot(of stream: UInt32) -> Int {
    stream % 2 == 1 ? Int(opened[Int(stream / 2)]) : Int(promised[Int(stream / 2 - 1)])
  }

  /// A stream that was opened or promised.
  subscript(stream number: UInt32) -> HTTP2Stream {
    get { streams[slot(of: number)] }
    _modify { yield &streams[slot(of: number)] }
  }

  /// Adds the client's next stream, or the server's next promise, and gives its number
  /// (RFC 9113 §5.1.1).
  mutating func addStream(for request: UInt32, isPromise: Bool = false) -> UInt32 {
    let number = UInt32(isPromise ? promised.count * 2 + 2 : opened.count * 2 + 1)
    let slot = UInt32(streams.count)
    if isPromise { promised.append(slot) } else { opened.append(slot) }
    streams.append(
      HTTP2Stream(number: number, request: request, window: server.peerStreamWindow))
    return number
  }

  /// Whether the client may open another stream.
  var mayOpen: Bool { openStreams < client.mostStreams && lastStream == nil }
}

/// One end: what it may send, what it has read, and its frames under way.
struct HTTP2End {
  let settings: HTTP2EndPolicy
  var encoder: HPACKEncoder
  /// What it still takes of what costs its peer nothing; nil where there is no limit.
  var resets: FloodGauge?
  var controls: FloodGauge?
  /// Frames that it has written and the peer has not read, in order.
  var sent = RingBuffer<PlacedFrame>()
  /// What the peer lets it send: on the connection, on a stream at first, in a frame, and how many
  /// streams it may open.
  var window = HTTP2EndPolicy.initialWindow
  var peerStreamWindow = HTTP2EndPolicy.initialWindow
  /// What it grants its peer: to a stream at first, and to all of them together.
  var streamWindow: Int64
  var connectionWindow: Int64
  /// What it finds out about the path, where its windows follow that.
  var estimate: WindowEstimate?
  /// What its PINGs under way are for, in their order, and when the next keep-alive is due.
  var pings = RingBuffer<PingPurpose>()
  var pingWakesAt = SimTime.never
  /// When something last came, when it asked whether the peer is there, and how the peer's PINGs came.
  var heardAt = SimTime.zero
  var heardEnd: Int64 = 0
  var askedAt: SimTime?
  var pingedAt: SimTime?
  var strikes = 0
  var peerFrameSize = HTTP2EndPolicy.initialFrameSize
  var mostStreams: Int
  /// Bytes that it has read and not given back.
  var unreturned: Int64 = 0
  /// How much of the peer's first unread frame it has read.
  var readOfFront: Int64 = 0
  /// Frames that it owes the peer: acknowledgements, updates of windows.
  var owed = RingBuffer<SessionFrame>()
  /// Whether it has said its settings, and read its peer's.
  var hasBegun = false
  var knowsPeer = false
  /// Whether it has sent no message yet.
  var isSilent = true

  /// Whether it gives back what it has read of a window.
  func returns(_ unreturned: Int64, of window: Int64) -> Bool {
    switch settings.windowUpdates {
    case .each: true
    case .half: unreturned * 2 >= window
    case .third, .adaptive: unreturned * 3 >= window
    }
  }

  /// What its first SETTINGS grant a stream.
  var firstStreamWindow: Int64 {
    settings.windowUpdates == .adaptive ? HTTP2EndPolicy.initialWindow : settings.streamWindow
  }

  init(_ settings: HTTP2EndPolicy) {
    self.settings = settings
    encoder = HPACKEncoder(mostTableBytes: settings.headerTableSize)
    let isAdaptive = settings.windowUpdates == .adaptive
    connectionWindow = isAdaptive ? HTTP2EndPolicy.initialWindow : settings.connectionWindow
    estimate = isAdaptive ? WindowEstimate() : nil
    streamWindow = isAdaptive ? HTTP2EndPolicy.initialWindow : settings.streamWindow
    resets = settings.resetLimit.map { FloodGauge($0) }
    controls = settings.controlLimit.map { FloodGauge($0) }
    mostStreams = settings.assumedStreams
  }
}

/// One stream: a request and its answer.
struct HTTP2Stream {
  let number: UInt32
  let request: UInt32
  /// What the peer lets the server send on it, which may be less than nothing (RFC 9113 §6.9.2).
  var window: Int64
  /// Bytes that the client has read of it and not given back.
  var unreturned: Int64 = 0
  /// Whether it waits in `HTTP2Session.waiting`.
  var isWaiting = false
  /// Which window holds it although it has something to send; nil where none does.
  var stall: Cause?
  /// What the client still has to send on it, what the server lets it send, and what the server has read
  /// and not given back.
  var uploadLeft: Int64 = 0
  var uploadWindow: Int64 = 0
  var uploadUnreturned: Int64 = 0
  /// How each end sees it (RFC 9113 §5.1).
  var clientState = HTTP2StreamState.idle
  var serverState = HTTP2StreamState.idle

  /// Whether it is over for the client.
  var isClosed: Bool { clientState == .closed || clientState == .closedByReset }
  /// Whether it is over for a side.
  func isOver(for side: Side) -> Bool {
    side == .client ? isClosed : serverState == .closed || serverState == .closedByReset
  }

  /// Bytes that a side has read of it and not given back.
  func unreturned(by side: Side) -> Int64 { side == .client ? unreturned : uploadUnreturned }

  mutating func setUnreturned(_ bytes: Int64, by side: Side) {
    if side == .client { unreturned = bytes } else { uploadUnreturned = bytes }
  }

  /// The peer lets a side send more on it, or less.
  mutating func widen(by more: Int64, for side: Side) {
    if side == .client { uploadWindow += more } else { window += more }
  }

  /// Whether the server may still send on it.
  var takesAnswer: Bool {
    serverState == .open || serverState == .halfClosedRemote || serverState == .reservedLocal
  }

  /// Whether it is lost with the streams above one; promises are lost with the connection only.
  func isLost(above last: UInt32, withPushes: Bool) -> Bool {
    if isPushed { return withPushes && !isClosed }
    return number > last && !isClosed
  }

  /// Whether the server has promised it.
  var isPushed: Bool { number % 2 == 0 }

  init(number: UInt32, request: UInt32, window: Int64) {
    self.number = number
    self.request = request
    self.window = window
  }
}

/// A frame as far as the simulator needs it (RFC 9113 §4.1).
struct SessionFrame {
  static let headerBytes = Int64(HTTP2FrameHeader.byteCount)

  let type: HTTP2FrameType
  /// The stream; of PRIORITY_UPDATE the one that it is about.
  var stream: UInt32 = 0
  /// Bytes of its payload.
  var length: Int64 = 0
  /// Whether it is the sender's last of its stream, or acknowledges (RFC 9113 §6).
  var isFlagged = false
  /// The increment, or the last stream, or what a reset says, or the priority.
  var value: Int64 = 0
  /// The error that GOAWAY gives beside the last stream.
  var code: UInt32 = 0
  /// Which of the scenario's frames it is; −1 for one of the stack's own.
  var injection: Int32 = -1

  var bytes: Int64 { Self.headerBytes + length }

  /// RST_STREAM (RFC 9113 §6.4).
  static func reset(_ stream: UInt32, _ code: HTTP2ErrorCode) -> SessionFrame {
    SessionFrame(type: .resetStream, stream: stream, length: 4, value: Int64(code.rawValue))
  }

  /// WINDOW_UPDATE, of a stream or of the connection (RFC 9113 §6.9).
  static func windowUpdate(by increment: Int64, on stream: UInt32 = 0) -> SessionFrame {
    SessionFrame(type: .windowUpdate, stream: stream, length: 4, value: increment)
  }

  /// PING, or the answer to one (RFC 9113 §6.7).
  static func ping(isAnswer: Bool = false) -> SessionFrame {
    SessionFrame(type: .ping, length: 8, isFlagged: isAnswer)
  }

  /// GOAWAY (RFC 9113 §6.8).
  static func goAway(after last: UInt32, _ code: HTTP2ErrorCode = .noError) -> SessionFrame {
    SessionFrame(type: .goAway, length: 8, value: Int64(last), code: code.rawValue)
  }
}

/// A frame with its place in the sender's stream of bytes.
struct PlacedFrame {
  let frame: SessionFrame
  /// Where it begins, and where it has been read: over TLS with its last record.
  let start: Int64
  let end: Int64
}
