import NetSim

/// A connection of the host under test: the machine, and what a kernel keeps around it.
struct HostConnection {
  /// The host's initial sequence number. Any would do; this one makes the numbers wrap early, so that
  /// every script tests that, too.
  static let initialSequence = SequenceNumber(0xFFFF_F000)

  var machine: TCPMachine
  let isServer: Bool
  /// What a script calls this connection's initial sequence numbers; the peer's is nil until its SYN.
  var scriptSequence: UInt32 = 0
  var peerSequence: UInt32?
  /// The first timestamp that was sent, and what the script calls it.
  var timestampBase: (script: UInt32, actual: UInt32)?
  /// Timestamps that were sent, by what the script calls them.
  var timestamps: [UInt32: UInt32] = [:]

  var offload = SegmentationOffload()
  /// Bytes that the application took.
  var readBytes: Int64 = 0
  /// Whether TCP_CORK holds small segments back.
  var isCorked = false
  /// When what a cork holds back goes out all the same.
  var corkDeadline = SimTime.never
  var isReadShut = false
  var isWriteShut = false
  /// Whether the application closed it: what arrives from now on is for nobody.
  var isOrphaned = false
  /// Whether the application learned of a failure.
  var errorWasReported = false
  var wasEstablished = false
  var lastDataReceived = SimTime.zero
  var lastDataSent = SimTime.zero
  var lastAcknowledgementReceived = SimTime.zero
  var segmentsSent: Int64 = 0
  var segmentsReceived: Int64 = 0
  var dataSegmentsSent: Int64 = 0
  var dataSegmentsReceived: Int64 = 0

  init(settings: TransportSettings, isServer: Bool, holdsSmallSegments: Bool) {
    self.isServer = isServer
    machine = TCPMachine(
      settings: settings, initialSequence: HostConnection.initialSequence,
      side: isServer ? .server : .client)
    machine.holdsSmallSegments = holdsSmallSegments
    machine.readsWhenAsked()
  }

  /// Bytes that wait to be read.
  var readableBytes: Int64 { machine.deliveredBytes - readBytes }

  /// What the cutting into pieces depends on now.
  func conditions(_ settings: RunSettings) -> SegmentationOffload.Conditions {
    let information = machine.information
    return SegmentationOffload.Conditions(
      window: information.window, threshold: information.threshold,
      payloadLimit: information.payloadLimit, smoothedRTT: information.smoothedRTT,
      minimumRTT: information.minimumRTT, leastSegments: settings.leastSegmentsInPiece)
  }

  // MARK: Numbers of the script and of the machine

  /// The number on the wire for a number of the peer's stream in the script.
  func wire(peer number: UInt32, isSYN: Bool) -> SequenceNumber {
    SequenceNumber(isSYN ? number : number &+ (peerSequence ?? 0))
  }

  /// The number on the wire for a number of the host's stream in the script.
  func wire(own number: UInt32, isSYN: Bool) -> SequenceNumber {
    SequenceNumber(
      number &+ HostConnection.initialSequence.rawValue &- (isSYN ? scriptSequence : 0))
  }

  /// What the script calls a number of the host's stream.
  func script(own number: SequenceNumber, isSYN: Bool) -> UInt32 {
    number.rawValue &- HostConnection.initialSequence.rawValue &+ (isSYN ? scriptSequence : 0)
  }

  /// What the script calls a number of the peer's stream.
  func script(peer number: SequenceNumber, isSYN: Bool) -> UInt32 {
    number.rawValue &- (isSYN ? 0 : peerSequence ?? 0)
  }
}
