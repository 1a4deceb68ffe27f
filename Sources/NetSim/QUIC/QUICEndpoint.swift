/// One end of a QUIC connection (RFC 9000, RFC 9001, RFC 9002), without input or output of its own.
///
/// It is a value with the same four verbs as `TCPEndpoint`: `receive` takes a datagram, `timerFired`
/// says that time has come, `nextDeadline` is when it wants to hear that, and `pollTransmit` gives the
/// next datagram to send, until there is none. The application opens streams, writes to them and is
/// told of those on which something came.
///
/// The parts: `QUICEndpoint+Input.swift` (datagrams), `+Acknowledgements.swift` (the sender learns),
/// `+Handshake.swift`, `+Streams.swift`, `+Output.swift` and `+Frames.swift` (what to send),
/// `+Paths.swift` (the client's address), `+Timers.swift`, `+Log.swift`. It is never copied: it is large, and one of it is the truth.
struct QUICEndpoint: ~Copyable {
  /// Where a connection stands (RFC 9000 §10).
  enum State: UInt8 {
    case idle
    case open
    /// It has said that it ends, and says so again to what comes.
    case closing
    case closed
  }

  let connection: UInt32
  let side: Side
  let policy: QUICEndPolicy
  let peerPolicy: QUICEndPolicy
  let settings: TransportSettings
  let isStreamAware: Bool
  let retries: Bool
  let negotiatesVersion: Bool
  let seed: UInt32
  var state = State.idle
  var hasFailed = false

  // Packets.

  private let spaces = PacketSpaceTable()
  /// What a datagram of it has at most.
  var datagramSize: Int64
  /// Which of the policy's sizes is tried next, and whether a try is under way.
  var sizesTried = 0
  var triesSize = false
  /// Packets that came before the keys that read them.
  var unread: [UnreadPacket] = []
  var codepoint = CongestionCodepoint.notCapable

  // The handshake.

  var handshake: QUICHandshake
  /// How many flights it has written or read.
  var flight = 0
  /// The server computes until then.
  var busyUntil = SimTime.zero
  var isComplete = false
  var isConfirmed = false
  /// Whether the peer's address is proved, what came from it, and what went there before that
  /// (RFC 9000 §8.1).
  var isValidated: Bool
  var bytesReceived: Int64 = 0
  var bytesSent: Int64 = 0
  /// Whether a Retry or Version Negotiation packet has to go out.
  var stateless: QUICPacketType?
  /// Bytes of the token that the client's Initial packets carry.
  var tokenBytes: Int64 = 0
  var hasRetried = false
  var hasNegotiated = false
  /// Whether the peer's address validation of this client is known to be over.
  var isKnownToServer = false

  // Where it sends.

  var paths = QUICPaths()

  // Recovery.

  var roundTrip = QUICRoundTrip()
  var congestion: QUICCongestion
  var pacer: QUICPacer
  var rate = ByteRate()
  var bytesInFlight: Int64 = 0
  /// How often in a row the probe time-out ran out.
  var timeoutsInARow = 0
  /// Packets declared lost that may have arrived all the same, and all that were ever declared lost.
  var doubtful = 0
  var lossesFound: UInt32 = 0
  /// What holds the sender, as the log has it.
  var limit: Cause?
  var idleCause: Cause
  /// Whether the window held something back since the last round of the application's.
  var isWindowLimited = false

  // Streams.

  var streams = QUICStreams()
  /// Streams of the connection's own use, and the others, that have something new.
  var critical = RingBuffer<UInt32>()
  var waiting: StreamQueue
  /// Streams that have something to send again, in the order of the losses.
  var repeating = RingBuffer<UInt32>()
  /// Frames other than those of streams that are to be sent.
  var control = RingBuffer<QUICItem>()
  /// What the peer takes of all streams together, and what was sent.
  var connectionLimit: Int64
  var newBytes: Int64 = 0
  /// What this end takes, and what its application has read.
  var connectionGranted: Int64
  var readBytes: Int64 = 0
  /// How many streams in both directions it may open, and lets its peer open.
  var mostStreams: Int64
  var grantedStreams: Int64
  /// What was delivered while streams are not told apart.
  var ordered = Reassembly()
  /// Streams on which something came, and whether the application wants to hear of it.
  var news = OwnedRing<UInt32>()
  var hasNews = true

  // Time.

  var ackDeadline = SimTime.never
  var lossDeadline = SimTime.never
  var idleDeadline = SimTime.never
  var pacedUntil = SimTime.never
  var closeDeadline = SimTime.never
  var pathDeadline = SimTime.never
  /// How this end answers, and how long its peer's answers may wait.
  var answering: Answering
  var peerDelay: SimDuration
  var keepAliveDeadline = SimTime.never
  var hasAskedSinceHeard = false
  var closeIsDue = false
  var cameWhileClosing = 0

  // Totals, kept at every log level.

  var repeated: Int64 = 0
  var spurious: Int64 = 0
  var timeouts: Int64 = 0
  var windowMax: Int64 = 0

  init(
    connection: UInt32, side: Side, settings: TransportSettings, policy: QUICPolicy,
    tls: TLSSettings, scheduler: StreamScheduler, seed: UInt32
  ) {
    self.connection = connection
    self.side = side
    self.settings = settings
    self.policy = policy[side]
    peerPolicy = policy[side.peer]
    isStreamAware = policy.isStreamAware
    retries = policy.retries
    negotiatesVersion = policy.negotiatesVersion
    handshake = QUICHandshake(tls)
    let own = policy[side]
    answering = Answering(own)
    peerDelay = policy[side.peer].mostDelay
    datagramSize =
      own.carriesSegments ? Int64(settings.maximumSegmentSize) : Int64(own.datagramSize)
    self.seed = seed
    congestion = QUICCongestion(settings, policy: own.sized(settings), seed: seed)
    pacer = QUICPacer(own)
    isValidated = side == .client || policy.hasToken
    tokenBytes = side == .client && policy.hasToken ? policy.server.tokenBytes : 0
    idleCause = side == .server ? .server : .client
    // HTTP/3 has no tree of priorities (RFC 9114 §A.2.2).
    waiting = StreamQueue(scheduler == .tree ? .urgency : scheduler)
    connectionLimit = policy[side.peer].connectionWindow
    connectionGranted = own.connectionWindow
    mostStreams = policy[side.peer].mostStreams
    grantedStreams = own.mostStreams
    codepoint = settings.congestionNotification == .never ? .notCapable : .capable0
    windowMax = congestion.window
  }

  subscript(_ space: PacketSpaceName) -> PacketSpace {
    @inline(__always) unsafeAddress { UnsafePointer(spaces.address(of: space)) }
    @inline(__always) unsafeMutableAddress { spaces.address(of: space) }
  }

  /// Whether the application may send on streams.
  @inline(__always)
  var maySend: Bool {
    state == .open
      && (isComplete || self[.application].maySend || (side == .client && handshake.sendsEarlyData))
  }

  /// The first space that is still in use.
  @inline(__always)
  var firstSpace: PacketSpaceName { isConfirmed ? .application : .initial }

  /// Whether everything is over.
  @inline(__always)
  var isClosed: Bool { state == .closed || state == .closing }

  /// When it wants `timerFired` to be called.
  @inline(__always)
  var nextDeadline: SimTime {
    if state == .closed { return .never }
    if state == .closing { return closeDeadline }
    if busyUntil > .zero { return busyUntil }
    let others = min(pacedUntil, pathDeadline, keepAliveDeadline)
    return min(ackDeadline, lossDeadline, idleDeadline, others)
  }

  /// Whether something happened that the application wants to hear of, since this was last asked.
  @inline(__always)
  mutating func takeNews() -> Bool {
    if hasNews {
      hasNews = false
      return true
    }
    news.removeAll()
    return false
  }
}

/// A packet that waits for the keys that read it.
struct UnreadPacket {
  let space: PacketSpaceName
  /// The number of the datagram that it came in, and a datagram with nothing else in it.
  let number: UInt32
  let datagram: Datagram
}
