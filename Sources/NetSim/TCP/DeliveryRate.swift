/// Measures how fast the network delivers what is sent
/// (draft-cheng-iccrg-delivery-rate-estimation §3).
///
/// Each segment remembers how much had been delivered when it was sent. When it is delivered itself,
/// what was delivered between is set against the time that took: that of sending or that of
/// acknowledging, whichever was longer, so that acknowledgements which arrive together show no rate
/// that never was.
struct DeliveryRate {
  /// What a segment remembers from when it was sent.
  struct Snapshot {
    /// C.delivered: segments delivered by then.
    var delivered: Int64 = 0
    /// C.delivered_time: when the last of them was.
    var deliveredAt = SimTime.zero
    /// C.first_sent_time: when the segment was sent whose delivery was the latest.
    var firstSentAt = SimTime.zero
    /// Whether the application had nothing more to send.
    var isLimited = false
  }

  /// Of the segments that an acknowledgement delivers, the one sent last.
  struct Choice {
    private(set) var snapshot = Snapshot()
    private(set) var sentAt = SimTime.zero
    /// Which of all sendings it was, from 1; 0 before any.
    private(set) var sending = 0

    /// A segment was delivered.
    mutating func delivered(_ entry: Scoreboard.Entry, _ snapshot: Snapshot) {
      guard entry.sending > sending else { return }
      self.snapshot = snapshot
      sentAt = entry.sentAt
      sending = entry.sending
    }
  }

  /// Segments delivered since the connection began, those of the handshake included.
  private(set) var delivered: Int64 = 0
  /// When the last of them was.
  private(set) var deliveredAt = SimTime.zero
  private var firstSentAt = SimTime.zero
  /// C.app_limited: until so much is delivered, samples show what the application had; 0 for not.
  private var limitedUntil: Int64 = 0

  /// Whether what is sent now is limited by the application.
  var isLimited: Bool { limitedUntil > 0 }

  /// What a segment that is sent at `now` remembers.
  mutating func sent(at now: SimTime, nothingOutstanding: Bool) -> Snapshot {
    if nothingOutstanding {
      firstSentAt = now
      deliveredAt = now
    }
    return Snapshot(
      delivered: delivered, deliveredAt: deliveredAt, firstSentAt: firstSentAt,
      isLimited: isLimited)
  }

  /// The application has nothing more to send while `pipe` segments are in the network.
  mutating func limit(pipe: UInt32) { limitedUntil = max(delivered + Int64(pipe), 1) }

  /// The handshake is over, which delivered a segment; before it the application could send nothing.
  mutating func begin() {
    delivered = 1
    limitedUntil = 1
  }

  /// Takes `segments` that an acknowledgement at `now` delivered. Returns the time that the sample's
  /// delivery took; nil where there is no sample.
  mutating func acknowledged(
    _ segments: UInt32, _ choice: Choice, at now: SimTime
  ) -> SimDuration? {
    delivered += Int64(segments)
    if isLimited && delivered > limitedUntil { limitedUntil = 0 }
    if segments > 0 { deliveredAt = now }
    guard choice.sending > 0 else { return nil }
    firstSentAt = choice.sentAt
    return max(choice.sentAt - choice.snapshot.firstSentAt, now - choice.snapshot.deliveredAt)
  }
}
