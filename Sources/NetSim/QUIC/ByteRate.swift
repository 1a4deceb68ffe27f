/// How fast the network delivers, in bytes (draft-cheng-iccrg-delivery-rate-estimation §3).
struct ByteRate {
  /// What a packet remembers from when it was sent.
  struct Snapshot: BitwiseCopyable {
    var delivered: Int64 = 0
    var deliveredAt = SimTime.zero
    var firstSentAt = SimTime.zero
    /// Whether the application had nothing more to send.
    var isLimited = false
  }

  private(set) var delivered: Int64 = 0
  private var deliveredAt = SimTime.zero
  private var firstSentAt = SimTime.zero
  /// What the latest packet remembered of those acknowledged, and how long sending took up to it.
  private var prior = Snapshot()
  private var hasPrior = false
  private var sendElapsed = SimDuration.zero
  /// Until so much is delivered, samples show what the application had; 0 for not.
  private var limitedUntil: Int64 = 0

  /// Whether what is sent now is limited by the application.
  var isLimited: Bool { limitedUntil > 0 }

  /// The application has nothing more to send while so many bytes are under way.
  mutating func limit(inFlight bytes: Int64) { limitedUntil = max(delivered + bytes, 1) }

  /// What a packet that is sent at `now` remembers.
  mutating func sent(at now: SimTime, nothingInFlight: Bool) -> Snapshot {
    if nothingInFlight {
      firstSentAt = now
      deliveredAt = now
    }
    return Snapshot(
      delivered: delivered, deliveredAt: deliveredAt, firstSentAt: firstSentAt,
      isLimited: isLimited)
  }

  /// A packet is acknowledged.
  mutating func acknowledged(_ packet: SentPacket, at now: SimTime) {
    delivered += Int64(packet.bytes)
    if isLimited && delivered > limitedUntil { limitedUntil = 0 }
    deliveredAt = now
    if !hasPrior || packet.delivery.delivered > prior.delivered {
      hasPrior = true
      prior = packet.delivery
      sendElapsed = packet.sentAt - packet.delivery.firstSentAt
      firstSentAt = packet.sentAt
    }
  }

  /// The rate in bytes per second that an acknowledgement shows; nil where it shows none.
  mutating func sample(minimum: SimDuration?, at now: SimTime) -> Int64? {
    guard hasPrior else { return nil }
    let interval = max(sendElapsed, deliveredAt - prior.deliveredAt)
    guard let minimum, interval >= minimum, interval > .zero else { return nil }
    return (delivered - prior.delivered) * 1_000_000 / max(interval.nanoseconds / 1000, 1)
  }
}
