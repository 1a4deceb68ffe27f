/// The settings of a TCP endpoint; both ends of a connection have the same.
public struct TransportSettings: Equatable, Sendable {
  /// Which congestion control.
  public var congestion: CongestionAlgorithm
  /// What ends slow start before a loss does.
  public var hyStart: HyStartVariant
  /// The initial window in segments (RFC 6928).
  public var initialWindow: UInt32
  /// The MSS option's value in bytes, without TCP options (RFC 9293 §3.7.1).
  public var maximumSegmentSize: UInt32
  /// Whether timestamps are used (RFC 7323); they take 12 bytes of each segment.
  public var timestamps: Bool
  /// Whether selective acknowledgements are used (RFC 2018).
  public var selectiveAcknowledgements: Bool
  /// How losses are found where selective acknowledgements are used.
  public var lossDetection: LossDetection
  /// The largest receive window in bytes.
  public var receiveWindow: ByteCount
  /// How acknowledgements are delayed.
  public var acknowledgements: AcknowledgementPolicy
  /// The least retransmission time-out (RFC 6298 §2.4).
  public var minimumRTO: SimDuration
  /// What `minimumRTO` is the floor of.
  public var rtoFloor: RTOFloor
  /// The retransmission time-out before any round trip was measured (RFC 6298 §2.1).
  public var initialRTO: SimDuration
  /// How often a SYN is repeated before the connection fails.
  public var synRetries: UInt32
  /// How many SYN time-outs stay at the initial time-out before it doubles.
  public var linearSYNTimeouts: UInt32
  /// How often a segment's time-out may repeat before the connection fails.
  public var dataRetries: UInt32
  /// How long the side that closes first waits for late segments (RFC 9293 §3.6).
  public var timeWait: SimDuration
  /// The receive window in bytes that a connection begins with, if it is less than `receiveWindow`;
  /// each segment that arrives opens it by two. A receiver that waits for data to show how large
  /// they are beside the memory they take begins with less than the whole.
  public var initialReceiveWindow = ByteCount(1 << 30)
  /// How the receive buffer grows, and when a closed window opens again.
  public var receivePolicy = ReceivePolicy()
  /// Whether the sender spreads segments over the round trip instead of sending what the window
  /// allows at once. Linux does where the connection began under BBR or leaves through `fq`.
  public var usesPacing = false
  /// Whether the congestion window falls while nothing is sent (RFC 5681 §4.1).
  public var slowStartAfterIdle = true
  /// How many repetitions of a SYN or SYN-ACK leave the initial window as it is; more make it one
  /// segment. RFC 5681 §3.1 allows none.
  public var forgivenHandshakeRetries: UInt32 = 0
  /// How long a tick of the clock behind timers is; zero where they are exact. Linux's timers run in
  /// ticks of 4 ms, and the longer ones still more coarsely.
  public var timerTick = SimDuration.zero

  /// Whether CUBIC counts its window in whole segments, as Linux does, and not by RFC 9438's letter.
  public var cubicCountsWholeSegments = true

  /// Whether a closed window is probed with a bare segment whose number was acknowledged, as Linux
  /// does, in place of an octet of new data (RFC 9293 §3.8.6.1).
  public var probesWithoutData = false

  /// How an idle connection is watched; nil where it is not (RFC 9293 §3.8.4).
  public var keepalive: KeepalivePolicy?
  /// Whether connections open fast: the client knows a cookie of the server's from before, so that
  /// its SYN carries data and the server answers it before the handshake is complete (RFC 7413).
  public var fastOpen = false
  /// Whether explicit congestion notification is asked for or granted (RFC 3168).
  public var congestionNotification = NotificationPolicy.never
  /// Whether a window that was not used of late grows no more and counts for what was used
  /// (RFC 7661); else it is halved for each time-out without use.
  public var validatesWindow = false
  /// Whether handshakes above TCP neither need the congestion window nor grow it (the `ideal` profile).
  public var handshakesAreFree = false
  /// Whether an acknowledgement of what was never sent is answered, as RFC 9293 §3.10.7.4 has it.
  public var answersUnsentAcknowledgements = true

  /// Settings with every value given; `standard(_:)` gives a profile's.
  public init(
    congestion: CongestionAlgorithm, hyStart: HyStartVariant, initialWindow: UInt32,
    maximumSegmentSize: UInt32,
    timestamps: Bool, selectiveAcknowledgements: Bool, lossDetection: LossDetection,
    receiveWindow: ByteCount,
    acknowledgements: AcknowledgementPolicy, minimumRTO: SimDuration, rtoFloor: RTOFloor,
    initialRTO: SimDuration, synRetries: UInt32, linearSYNTimeouts: UInt32, dataRetries: UInt32,
    timeWait: SimDuration
  ) {
    self.congestion = congestion
    self.hyStart = hyStart
    self.initialWindow = initialWindow
    self.maximumSegmentSize = maximumSegmentSize
    self.timestamps = timestamps
    self.selectiveAcknowledgements = selectiveAcknowledgements
    self.lossDetection = lossDetection
    self.receiveWindow = receiveWindow
    self.acknowledgements = acknowledgements
    self.minimumRTO = minimumRTO
    self.rtoFloor = rtoFloor
    self.initialRTO = initialRTO
    self.synRetries = synRetries
    self.linearSYNTimeouts = linearSYNTimeouts
    self.dataRetries = dataRetries
    self.timeWait = timeWait
  }
}

extension TransportSettings {
  /// Whether segments are paced: BBR cannot do without.
  var pacesSegments: Bool { usesPacing || congestion == .bbr }

  /// The shift that lets the header's 16 bits say the whole receive window (RFC 7323 §2.3).
  var windowShift: UInt8 {
    var shift: UInt8 = 0
    while shift < 14 && receiveWindow.bytes >> Int64(shift) > 65_535 { shift += 1 }
    return shift
  }
}

/// The congestion controls there are.
public enum CongestionAlgorithm: UInt8, CaseIterable, Sendable {
  /// NewReno (RFC 5681, RFC 6582).
  case reno
  /// CUBIC (RFC 9438).
  case cubic
  /// BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00, as in Linux); always paced.
  case bbr
}

/// What ends slow start before a loss does; BBR has its own.
public enum HyStartVariant: UInt8, CaseIterable, Sendable {
  /// Nothing.
  case none
  /// HyStart as Linux's CUBIC has it; Reno has none.
  case linux
  /// HyStart++ (RFC 9406), for Reno and CUBIC.
  case plusPlus
}

/// Whether a side uses explicit congestion notification; the numbers are those of Linux's `tcp_ecn`.
public enum NotificationPolicy: UInt8, Sendable {
  /// Neither asked for nor granted.
  case never = 0
  /// Asked for and granted.
  case asks = 1
  /// Granted where the peer asks.
  case answers = 2
}

/// How a sender finds losses by selective acknowledgements.
public enum LossDetection: UInt8, Sendable {
  /// A segment is lost when three above it were SACKed (RFC 6675).
  case duplicateAcknowledgements
  /// A segment is lost when one sent later has arrived and a round trip with some leave is over; a
  /// probe finds losses at the tail (RACK-TLP, RFC 8985).
  case rack
}

/// What the least retransmission time-out bounds.
public enum RTOFloor: UInt8, Sendable {
  /// The whole time-out (RFC 6298 §2.4).
  case total
  /// The part that stands for the variation, on top of the smoothed round trip (Linux).
  case variance
}

/// How a connection on which nothing happens is watched (RFC 9293 §3.8.4), in Linux's numbers.
public struct KeepalivePolicy: Equatable, Sendable {
  /// How long nothing is heard before the first probe.
  public var idle = SimDuration.seconds(7200)
  /// How long an answer is waited for.
  public var interval = SimDuration.seconds(75)
  /// How many probes go unanswered before the connection fails.
  public var probes: UInt32 = 9

  /// Two hours, then nine probes.
  public init() {}
}

/// How a receiver's buffer grows, and when a window that closed opens again.
public struct ReceivePolicy: Equatable, Sendable {
  /// The receive window in bytes that the buffer of a new connection allows, if it is less than
  /// `receiveWindow`.
  public var initialBuffer = ByteCount(1 << 30)
  /// Whether the buffer grows with what the application reads in a round trip.
  public var isTuned = false
  /// Whether nothing is offered while less than a sixteenth of the buffer is free (Linux); else the
  /// window's edge moves by a segment or half of the buffer at least (RFC 9293 §3.8.6.2.2).
  public var needsSixteenth = false

  /// A fixed buffer with the RFC's rule for its window.
  public init() {}
}

/// When a receiver acknowledges.
public struct AcknowledgementPolicy: Equatable, Sendable {
  /// Acknowledge at the latest when so many full segments wait; 1 acknowledges each at once.
  public var everySegments: UInt32
  /// Acknowledge at the latest after this long.
  public var delay: SimDuration
  /// How many segments at a connection's start are acknowledged at once (Linux's quick ACKs).
  public var quickSegments: UInt32
  /// Whether the end of a burst, which has PSH or is not full, is acknowledged when it is read.
  public var acknowledgesBursts = false
  /// How long acknowledgements of arrivals behind a hole are held together at most, after the first
  /// three; zero sends each at once (RFC 5681 §4.2).
  public var compressionDelay = SimDuration.zero

  /// A policy with its three limits.
  public init(everySegments: UInt32, delay: SimDuration, quickSegments: UInt32) {
    self.everySegments = everySegments
    self.delay = delay
    self.quickSegments = quickSegments
  }
}
