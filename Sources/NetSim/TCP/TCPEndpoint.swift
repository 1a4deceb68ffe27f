/// One end of a TCP connection (RFC 9293), without input or output of its own.
///
/// It is a value with four verbs: `receive` takes a segment, `timerFired` says that time has come,
/// `nextDeadline` is when it wants to hear that, and `pollTransmit` gives the next segment to send,
/// until there is none. The application writes, closes and looks at `delivered`. Client and server
/// are the same machine: `connect` makes the one, `listen` the other.
///
/// Positions in the byte streams are relative sequence numbers in 64 bits: the SYN is 0, the first
/// byte of data 1. Only a segment's own fields are 32-bit numbers that wrap.
///
/// The parts: `TCPEndpoint+Input.swift` (segments), `+Acknowledgements.swift` (the sender learns),
/// `+Output.swift` (what to send), `+Timers.swift`, `+Log.swift`.
struct TCPEndpoint {
  // What is needed with each segment stands first and together, and what is rarely looked at last: a
  // run with many connections spends its time on fetching their state from memory.

  let connection: UInt32
  let side: Side
  var state = TCPState.closed { didSet { hasNews = true } }
  /// Whether the state changed since the application was told, and from which position on what is
  /// delivered is of interest to it.
  private var hasNews = true
  /// Whether it ended by a reset or by giving up.
  var hasFailed = false
  /// Whether both SYNs carried the window-scale option (RFC 7323 §2.2); what is announced before the
  /// peer's SYN assumes so.
  var usesWindowScaling = true
  var usesTimestamps = false
  var usesSACK = false
  /// Whether losses are found by RACK-TLP.
  var usesRACK = false
  /// Whether segments are paced, and whether the window is validated.
  let pacesSegments: Bool
  let validatesWindow: Bool
  var peerWindowShift: UInt8 = 0
  /// The shift that lets the header's 16 bits say the whole receive window (RFC 7323 §2.3).
  let windowShift: UInt8
  /// Whether the application has closed its side: a FIN follows the last byte.
  var isClosing = false
  var finWasSent = false
  /// Whether a SYN or SYN-ACK has to go out (again).
  var handshakeIsDue = false
  /// Whether it sent a SYN of its own accord; and whether the SYN-ACK that is due answers the peer's
  /// in a simultaneous open.
  var openedActively = false
  var answersSYN = false
  /// Whether a tail-loss probe has to go out.
  var probeIsDue = false
  /// Whether a segment that is not full waits while another such is not acknowledged: Nagle's rule
  /// in Minshall's form, which Linux uses. The simulated applications have switched it off.
  var holdsSmallSegments = false
  /// Whether a segment that is not full waits in any case: the application is about to write more.
  var isCorked = false
  /// Whether the burst has more than one segment, so that its last says so with PSH.
  var burstIsWhole = false
  /// Whether new data waits for more room, to go out in a burst.
  var isDeferring = false
  /// Whether new data was sent since `pollTransmit` last said that there is nothing.
  var isBursting = false
  /// What holds the sender, as the log has it; and as it was found since.
  var limit: Cause?
  var pendingLimit: Cause?
  /// The reset that has to go out, if any.
  var reset: PendingReset?
  var keepaliveProbes = KeepaliveProbes()
  let initialSequence: SequenceNumber
  var peerInitialSequence = SequenceNumber(0)
  /// The largest payload of a segment we send.
  var payloadLimit: UInt32 = 0
  /// How many segments of a burst that has begun are still to go out.
  var burstRemaining: UInt32 = 0
  /// The timestamp to echo (TS.Recent), and the position acknowledged last, which says whose it is
  /// (RFC 7323 §4.3).
  var latestTimestamp: UInt32 = 0
  /// The echo that was measured last.
  var measuredEcho: UInt32 = 0
  var lastAcknowledged: Int64 = 0
  var newsPosition: Int64 = 0
  /// The position of the peer's FIN, once seen.
  var peerFIN: Int64?

  /// The oldest position that is not acknowledged.
  var sendUnacknowledged: Int64 = 0
  /// The next position to send.
  var sendNext: Int64 = 0
  /// The position after the last byte that the application wrote.
  var writeEnd: Int64 = 1
  /// The position after the last that the peer's window allows; it never moves back.
  var peerWindowEnd: Int64 = 0
  /// The largest window that the peer ever offered, in bytes.
  var peerWindowMax: Int64 = 0
  /// When something was heard of the peer last.
  var lastHeard = SimTime.zero
  /// How long a tick of the clock behind timers is; zero where they are exact.
  let timerTick: SimDuration
  /// When the pacer lets the next burst out, while it holds one back; else `never`.
  var pacedUntil = SimTime.never
  var timers = TimerTable()
  /// Where the handshake of what runs on top ends, for the profile in which it is free: what stands
  /// before it leaves whatever the window says, and grows it by nothing.
  var freeEnd: Int64 = 0

  /// What holds it where it has nothing to send: its application, or what holds that.
  var idleCause: Cause

  /// Whether its application reads nothing for now, because it computes.
  var applicationIsBusy = false

  // What it receives.
  var reassembly = Reassembly()
  var acknowledgements: AcknowledgementSchedule
  /// What is offered to the peer, and the application's reading.
  var receiveBuffer: ReceiveBuffer
  /// The round trip as the receiver sees it by the echoes of its timestamps; nil before any.
  var receiverRTT: SimDuration?

  // What it sends.
  var probe = TailLossProbe()
  var fastOpen = FastOpen()
  var windowProbes = WindowProbes()
  /// Explicit congestion notification, both ways.
  var notification = CongestionNotification()
  var recovery = LossRecovery()
  var pacer = Pacer()
  var rtt: RTTEstimator
  var rack = RACK()
  var reordering = ReorderingAllowance()
  var scoreboard = Scoreboard()
  var windowUse = WindowUse()
  /// When data was sent last; nil before any.
  var lastSent: SimTime?
  /// The position after the last segment sent that was not full.
  var lastSmallEnd: Int64 = 0
  /// Time-outs in a row without an acknowledgement of new data.
  var timeoutsInARow: UInt32 = 0
  var congestionWindowMax: UInt32
  var congestion: CongestionController
  /// Whether the window is validated; nil where that makes no difference.
  var validation: WindowValidation?
  var deliveryRate = DeliveryRate()

  // Totals, kept at every log level.
  var segmentsRetransmitted: Int64 = 0
  var segmentsSpurious: Int64 = 0
  var timeouts: Int64 = 0

  let settings: TransportSettings

  init(
    connection: UInt32, side: Side, settings: TransportSettings, initialSequence: SequenceNumber
  ) {
    self.connection = connection
    self.side = side
    self.settings = settings
    idleCause = side == .server ? .server : .client
    self.initialSequence = initialSequence
    windowShift = settings.windowShift
    rtt = RTTEstimator(settings)
    congestion = CongestionController(settings, seed: initialSequence.rawValue)
    pacesSegments = settings.pacesSegments
    timerTick = settings.timerTick
    validatesWindow = settings.validatesWindow && settings.congestion != .bbr
    if validatesWindow { validation = WindowValidation() }
    scoreboard.keepsDeliveries = settings.congestion == .bbr
    acknowledgements = AcknowledgementSchedule(settings.acknowledgements)
    receiveBuffer = ReceiveBuffer(settings)
    congestionWindowMax = settings.initialWindow
  }

  // MARK: The application's side

  /// Begins to open the connection.
  mutating func connect(at now: SimTime, log: inout EventLog) {
    precondition(state == .closed, "connect on an endpoint that is in use")
    state = .synSent
    openedActively = true
    handshakeIsDue = true
    recordMilestone(.connectionOpened, at: now, &log)
  }

  /// Waits for a SYN.
  mutating func listen() {
    precondition(state == .closed, "listen on an endpoint that is in use")
    state = .listen
  }

  /// Hands over `bytes` bytes to send; their content is described elsewhere. Returns the position
  /// of the first.
  mutating func write(_ bytes: Int64) -> Int64 {
    precondition(!isClosing, "writing after closing")
    precondition(bytes >= 0, "writing a negative number of bytes")
    noteApplicationLimit()
    defer { writeEnd += bytes }
    return writeEnd
  }

  /// Bytes that were written and not acknowledged.
  var bufferedBytes: Int64 { writeEnd - sendUnacknowledged }

  /// How many bytes its buffer takes: twice the congestion window, as Linux sizes it while it grows by
  /// itself.
  var sendBufferBytes: Int64 { 2 * Int64(congestion.window) * Int64(payloadLimit) }

  /// Its application goes on reading, all that has come.
  mutating func applicationReads() { acknowledgements.wasRead() }

  /// Says that nothing more will be written (RFC 9293 §3.10.4).
  mutating func close() {
    isClosing = true
    if state == .listen || state == .synSent { end() }
  }

  /// Gives the connection up with a reset (RFC 9293 §3.10.5).
  mutating func abort() {
    let hasPeer = state.isSynchronized || state == .synReceived
    end()
    if hasPeer { reset = .ownAccord }
  }

  /// Whether both sides know that the connection is open (or it was, and is being closed).
  var isEstablished: Bool { state.isSynchronized }

  /// Whether everything is over.
  var isClosed: Bool { state == .closed }

  /// The position after the last byte that was handed to the application.
  @inline(__always)
  var delivered: Int64 { min(reassembly.front, peerFIN ?? .max) }

  /// Whether the peer has closed its side and everything it sent was delivered.
  @inline(__always)
  var peerHasClosed: Bool { peerFIN.map { reassembly.front > $0 } ?? false }

  /// Whether the application has read everything before `position`.
  func hasRead(upTo position: Int64) -> Bool {
    receiveBuffer.reader.isPrompt || receiveBuffer.reader.position >= position
  }

  /// When it wants `timerFired` to be called.
  var nextDeadline: SimTime {
    @inline(__always) get {
      min(timers.next, acknowledgements.deadline, pacedUntil, receiveBuffer.wakesAt)
    }
  }

  /// Whether something happened that the application wants to hear of, since this was last asked. A
  /// reader that takes its time is told of everything.
  @inline(__always)
  mutating func takeNews() -> Bool {
    if !hasNews && delivered < newsPosition && receiveBuffer.reader.isPrompt { return false }
    hasNews = false
    return true
  }

  // MARK: Ends

  /// Goes back to waiting for a SYN: what began was not meant (RFC 9293 §3.10.7.4).
  mutating func listenAgain() {
    let reader = receiveBuffer.reader
    self = TCPEndpoint(
      connection: connection, side: side, settings: settings, initialSequence: initialSequence)
    receiveBuffer.reader = reader
    listen()
  }

  /// Stops everything without a word.
  mutating func end() {
    state = .closed
    probeIsDue = false
    keepaliveProbes = KeepaliveProbes()
    windowProbes = WindowProbes()
    timers.stopAll()
    pacedUntil = .never
    burstRemaining = 0
    acknowledgements.sent()
    scoreboard.removeAll()
    handshakeIsDue = false
  }

  /// Gives up: too many time-outs, or a reset from the peer.
  mutating func fail(_ kind: EventKind, at now: SimTime, _ log: inout EventLog) {
    hasFailed = true
    end()
    recordMilestone(kind, at: now, &log)
  }
}
