/// The frames and streams of one HTTP/2 connection, as both its ends know them.
struct HTTP2Session {
  var client: HTTP2End
  var server: HTTP2End
  /// The streams that the client has opened, by half of their numbers.
  var streams: [HTTP2Stream] = []
  /// How many of them are open as the client sees it.
  var openStreams = 0
  /// Streams of which the server has something to send, in the order of service.
  var waiting = RingBuffer<UInt32>()
  /// How many streams their own windows hold.
  var stalledStreams = 0
  /// The highest stream that the server answers, once it has said that it ends, and once the client
  /// knows (RFC 9113 §6.8).
  var lastAnswered: UInt32?
  var lastStream: UInt32?

  init(_ settings: HTTP2Policy) {
    client = HTTP2End(settings.client)
    server = HTTP2End(settings.server)
  }

  /// The end of a side.
  subscript(_ side: Side) -> HTTP2End {
    get { side == .client ? client : server }
    _modify {
      if side == .client { yield &client } else { yield &server }
    }
  }

  /// Whether the client may open another stream.
  var mayOpen: Bool { openStreams < client.mostStreams && lastStream == nil }
}

/// One end: what it may send, what it has read, and its frames under way.
struct HTTP2End {
  let settings: HTTP2EndPolicy
  var encoder: HPACKEncoder
  /// Frames that it has written and the peer has not read, in order.
  var sent = RingBuffer<PlacedFrame>()
  /// What the peer lets it send: on the connection, on a stream at first, in a frame, and how many
  /// streams it may open.
  var window = HTTP2EndPolicy.initialWindow
  var peerStreamWindow = HTTP2EndPolicy.initialWindow
  var peerFrameSize = HTTP2EndPolicy.initialFrameSize
  var mostStreams: Int
  /// Bytes that it has read and not given back.
  var unreturned: Int64 = 0
  /// How much of the peer's first unread frame it has read.
  var readOfFront: Int64 = 0
  /// Frames that it owes the peer: acknowledgements, updates of windows.
  var owed = RingBuffer<SessionFrame>()
  /// Whether it has said its settings.
  var hasBegun = false
  /// Whether it has sent no message yet.
  var isSilent = true

  init(_ settings: HTTP2EndPolicy) {
    self.settings = settings
    encoder = HPACKEncoder(mostTableBytes: settings.headerTableSize)
    mostStreams = settings.assumedStreams
  }
}

/// One stream: a request and its answer.
struct HTTP2Stream {
  let request: UInt32
  /// What the peer lets the server send on it, which may be less than nothing (RFC 9113 §6.9.2).
  var window: Int64
  /// Bytes that the client has read of it and not given back.
  var unreturned: Int64 = 0
  /// Whether it waits in `HTTP2Session.waiting`.
  var isWaiting = false
  /// Which window holds it although it has something to send; nil where none does.
  var stall: Cause?
  var isClosed = false

  init(request: UInt32, window: Int64) {
    self.request = request
    self.window = window
  }
}

/// A frame as far as the simulator needs it (RFC 9113 §4.1).
struct SessionFrame {
  static let headerBytes = Int64(HTTP2FrameHeader.byteCount)

  let type: HTTP2FrameType
  var stream: UInt32 = 0
  /// Bytes of its payload.
  var length: Int64 = 0
  /// Whether it is the sender's last of its stream, or acknowledges (RFC 9113 §6).
  var isFlagged = false
  /// The increment, or the last stream, or the error.
  var value: Int64 = 0

  var bytes: Int64 { Self.headerBytes + length }
}

/// A frame with its place in the sender's stream of bytes.
struct PlacedFrame {
  let frame: SessionFrame
  /// Where it begins, and where it has been read: over TLS with its last record.
  let start: Int64
  let end: Int64
}
