/// One end of a TCP connection by itself, for whoever is not the simulator: scripts, replays.
///
/// It is the very machine that the simulator runs (`TCPEndpoint`), with its verbs: `receive` takes a
/// segment, `timerFired` says that time has come, `nextDeadline` is when it wants to hear that, and
/// `pollTransmit` gives the next segment to send, until there is none.
public struct TCPMachine {
  var endpoint: TCPEndpoint
  // Nobody reads it: the machine writes as in a run that asks only for totals.
  private var log = EventLog(level: .totals)

  /// A machine that neither listens nor connects yet.
  public init(settings: TransportSettings, initialSequence: SequenceNumber, side: Side) {
    endpoint = TCPEndpoint(
      connection: 0, side: side, settings: settings, initialSequence: initialSequence)
  }

  /// Whether it ended by a reset of the peer's.
  public private(set) var failedByReset = false

  /// Whether a segment that is not full waits while another such is not acknowledged.
  public var holdsSmallSegments: Bool {
    get { endpoint.holdsSmallSegments }
    set { endpoint.holdsSmallSegments = newValue }
  }

  /// Whether a segment that is not full waits in any case, as with Linux's TCP_CORK. How long it
  /// waits is the caller's affair.
  public var isCorked: Bool {
    get { endpoint.isCorked }
    set { endpoint.isCorked = newValue }
  }

  // MARK: The application's side

  /// Begins to open the connection.
  public mutating func connect(at now: SimTime) { endpoint.connect(at: now, log: &log) }

  /// Waits for a SYN.
  public mutating func listen() { endpoint.listen() }

  /// Says that the application reads only what `read` says; else it reads at once.
  public mutating func readsWhenAsked() { endpoint.receiveBuffer.reader = .asked }

  /// The application takes bytes that were delivered.
  public mutating func read(_ bytes: Int64, at now: SimTime) { endpoint.read(bytes, at: now) }

  /// Hands over bytes to send.
  public mutating func write(_ bytes: Int64) { _ = endpoint.write(bytes) }

  /// Says that nothing more will be written.
  public mutating func close() { endpoint.close() }

  /// Gives the connection up with a reset.
  public mutating func abort() { endpoint.abort() }

  // MARK: Time and segments

  /// Takes a segment that arrived.
  public mutating func receive(_ segment: Segment, at now: SimTime) {
    let hadFailed = endpoint.hasFailed
    endpoint.receive(segment, packet: 0, at: now, log: &log)
    if !hadFailed && endpoint.hasFailed && segment.flags.contains(.rst) { failedByReset = true }
  }

  /// Does what is due; harmless when nothing is.
  public mutating func timerFired(at now: SimTime) { endpoint.timerFired(at: now, log: &log) }

  /// When it wants `timerFired` to be called.
  public var nextDeadline: SimTime { endpoint.nextDeadline }

  /// The next segment to send, or nil when there is none for now.
  public mutating func pollTransmit(at now: SimTime) -> Segment? {
    endpoint.pollTransmit(at: now, log: &log)
  }

  // MARK: What is seen from outside

  /// The bytes of a connection's state at one end, without the lists that it allocates.
  public static var stateBytes: Int { MemoryLayout<TCPEndpoint>.stride }

  /// The state of the connection.
  public var state: TCPState { endpoint.state }

  /// Whether it ended by a reset or by giving up.
  public var hasFailed: Bool { endpoint.hasFailed }

  /// Whether the peer has closed its side and everything that it sent was delivered.
  public var peerHasClosed: Bool { endpoint.peerHasClosed }

  /// Bytes that arrived in order since the connection began.
  public var deliveredBytes: Int64 { max(endpoint.delivered - 1, 0) }

  /// Bytes that were written and not acknowledged yet.
  public var unacknowledgedBytes: Int64 {
    max(endpoint.writeEnd - max(endpoint.sendUnacknowledged, 1), 0)
  }

  /// Bytes that were written and not sent yet.
  public var unsentBytes: Int64 { max(endpoint.writeEnd - max(endpoint.sendNext, 1), 0) }

  /// The position after the last byte that was written; the first byte's is 1.
  public var writeEnd: Int64 { endpoint.writeEnd }

  /// The position of the next byte to send.
  public var sendNext: Int64 { endpoint.sendNext }

  /// The position of the first byte of a segment that this machine sent.
  public func position(of segment: Segment) -> Int64 {
    segment.sequence.offset(from: endpoint.initialSequence, near: endpoint.sendUnacknowledged)
  }

  /// The position in this machine's stream that a number in a segment of the peer's names.
  public func position(ofOwn number: SequenceNumber) -> Int64 {
    number.offset(from: endpoint.initialSequence, near: endpoint.sendUnacknowledged)
  }

  /// The measured state of the connection.
  public var information: TCPInformation { TCPInformation(endpoint) }
}
