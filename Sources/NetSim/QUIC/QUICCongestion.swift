/// The congestion window of a QUIC connection in bytes, whichever algorithm moves it: those of TCP,
/// which count packets of full size, or one that counts bytes.
struct QUICCongestion {
  /// Those of TCP; their window is in datagrams.
  private var shared: CongestionController
  /// The one that counts bytes, and whether it is that which decides.
  private var inBytes: ByteCUBIC
  private let countsBytes: Bool
  /// Bytes acknowledged that do not make up a datagram yet.
  private var counted: Int64 = 0
  /// When the latest reduction began; nil before one (RFC 9002 §7.3.2).
  private var recoveryStart: SimTime?
  /// What a datagram has at most.
  private(set) var datagram: Int64
  private let initialWindow: Int64
  /// The window and threshold before the latest reduction.
  private var prior: (window: UInt32, threshold: UInt32)?

  init(_ settings: TransportSettings, policy: QUICEndPolicy, seed: UInt32) {
    datagram = Int64(policy.countedSize ?? policy.datagramSize)
    shared = CongestionController(settings, seed: seed)
    initialWindow = policy.initialWindow(datagrams: settings.initialWindow)
    inBytes = ByteCUBIC(window: initialWindow)
    countsBytes = settings.congestion == .cubic && policy.countsBytes
  }

  /// The window in bytes.
  @inline(__always)
  var window: Int64 {
    countsBytes ? inBytes.window : max(Int64(shared.window) * datagram, 2 * datagram)
  }

  /// Where slow start ends; nil while that is not known.
  @inline(__always)
  var threshold: Int64? {
    if countsBytes { return inBytes.threshold == .max ? nil : inBytes.threshold }
    return shared.slowStartThreshold >= CongestionController.unlimited
      ? nil : Int64(shared.slowStartThreshold) * datagram
  }

  @inline(__always)
  var isInSlowStart: Bool { countsBytes ? inBytes.isInSlowStart : shared.isInSlowStart }

  /// Whether what was sent then was sent before the latest reduction.
  @inline(__always)
  func isRepairing(_ sentAt: SimTime) -> Bool { recoveryStart.map { sentAt <= $0 } ?? false }

  /// Datagrams have another size from now on.
  mutating func resize(_ bytes: Int64) { datagram = bytes }

  // MARK: What happens

  /// A packet leaves; `number` is that of 1-RTT packets, else nil.
  mutating func sent(number: Int64?) {
    if countsBytes { inBytes.sent(number: number) }
  }

  /// Something is sent after nothing was under way since `last`.
  mutating func resume(last: SimTime, at now: SimTime) {
    if countsBytes { inBytes.resume(last: last, at: now) }
  }

  /// A round trip was measured; `measure` as for `CongestionController.sampled`.
  mutating func sampled(_ roundTrip: SimDuration, _ measure: HyStart.Measure) {
    if countsBytes {
      inBytes.sampled(roundTrip)
    } else {
      _ = shared.sampled(roundTrip, measure)
    }
  }

  /// An acknowledgement was read whole.
  mutating func delivered(rate: Int64?, minimum: SimDuration?) {
    if countsBytes {
      inBytes.delivered(rate: rate, minimum: minimum, initialWindow: initialWindow)
    }
  }

  /// A packet was acknowledged. `isUsed` tells whether the window was, which else does not grow
  /// (RFC 9002 §7.8).
  mutating func acknowledged(
    _ packet: SentPacket, number: Int64?, isUsed: Bool, smoothed: SimDuration, at now: SimTime
  ) {
    if countsBytes {
      inBytes.acknowledged(
        bytes: Int64(packet.bytes), number: number, sentAt: packet.sentAt, datagram: datagram,
        smoothed: smoothed, at: now)
      return
    }
    if isRepairing(packet.sentAt) || !isUsed { return }
    counted += Int64(packet.bytes)
    let datagrams = counted / datagram
    if datagrams == 0 { return }
    counted %= datagram
    shared.acknowledged(UInt32(datagrams), at: now)
  }

  /// Packets were lost, the latest of them sent at `sentAt`, or marked. Returns whether that lowers the
  /// window: once for all that was under way (RFC 9002 §7.3.2).
  mutating func lost(sentAt: SimTime, at now: SimTime) -> Bool {
    if isRepairing(sentAt) { return false }
    recoveryStart = now
    if countsBytes {
      inBytes.lost(sentAt: sentAt, datagram: datagram, at: now)
      return true
    }
    prior = (shared.window, shared.slowStartThreshold)
    counted = 0
    shared.congestionEvent()
    shared.endReduction()
    return true
  }

  /// Everything that was declared lost had arrived: the reduction is taken back.
  mutating func undo() {
    if countsBytes {
      inBytes.undo()
      recoveryStart = nil
    } else if let prior {
      shared.undo(window: prior.window, threshold: prior.threshold)
      self.prior = nil
      recoveryStart = nil
    }
  }

  // MARK: A model of the path

  /// Whether the window follows from a model of the path.
  var hasModel: Bool { shared.hasModel }

  /// The model, if there is one.
  var bbr: BBR? { shared.bbr }

  /// The handshake is over: the model, if there is one, begins.
  mutating func begin(_ roundTrip: QUICRoundTrip, at now: SimTime) {
    shared.begin(
      roundTrip: roundTrip.minimum == nil ? nil : roundTrip.smoothed,
      minimumRTT: roundTrip.minimum, payload: UInt32(datagram), at: now)
  }

  /// Takes what an acknowledgement says about deliveries, in datagrams.
  mutating func take(_ sample: DeliverySample) { _ = shared.take(sample) }

  /// Something is sent after the application had nothing to send.
  mutating func endLimitedTime(at now: SimTime) {
    if hasModel { shared.endLimitedTime(payload: UInt32(datagram), at: now) }
  }

  /// Where losses stand as what was sent then arrives.
  func phase(of sentAt: SimTime) -> CongestionPhase {
    if isRepairing(sentAt) { return .recovery }
    return isInSlowStart ? .slowStart : .congestionAvoidance
  }

  /// Congestion has lasted: the window is the least (RFC 9002 §7.6.2).
  mutating func persist() {
    recoveryStart = nil
    if countsBytes { inBytes.persist(datagram: datagram) } else { shared.persist() }
  }
}
