/// RED: drops or marks packets at random as they enter, the more often the longer the queue has
/// been on average (Floyd and Jacobson 1993; RFC 2309 §3), in its gentle form.
struct RandomEarlyDetection {
  /// What becomes of a packet.
  enum Verdict {
    case pass
    /// Marked if it can be, else dropped.
    case notify
    /// Dropped even if it could be marked: the queue is overloaded (RFC 3168 §7).
    case drop
  }

  /// The bytes of the packets that could have been sent while the line was idle.
  private static var typicalPacketBytes: Int { 1_000 }
  /// Binary places of `average`.
  private static var fraction: UInt64 { 32 }
  /// One, in parts per billion.
  private static var whole: UInt64 { 1_000_000_000 }

  private let settings: REDSettings
  private var random: RandomStream
  /// The average queue in packets, with 32 binary places.
  private(set) var average: UInt64 = 0
  /// When the latest packet was observed.
  private var latest = SimTime.zero
  /// Packets that passed since one was picked, or since the average was below the minimum.
  private var passed: UInt64 = 0

  init(_ settings: REDSettings, random: RandomStream) {
    self.settings = settings
    self.random = random
  }

  /// Takes the queue's length, in packets, as a packet finds it that enters at `now`. If it is zero,
  /// the line has had nothing to send, at `rate`, from `idleSince` on.
  mutating func observe(queue: Int, idleSince: SimTime, at now: SimTime, rate: Bitrate) {
    if queue == 0 {
      var carry: UInt64 = 0
      let each = rate.transmissionTime(bytes: Self.typicalPacketBytes, remainder: &carry)
      // A packet that was not let in has counted the time before it.
      let idle = now - max(idleSince, latest)
      let missed = each > .zero ? idle.nanoseconds / each.nanoseconds : .max
      decay(UInt64(max(0, missed)))
    }
    latest = now
    let length = UInt64(queue) << Self.fraction
    if length >= average {
      average += (length - average) >> UInt64(settings.weightShift)
    } else {
      average -= (average - length) >> UInt64(settings.weightShift)
    }
  }

  /// What becomes of the packet whose queue was just observed.
  mutating func judge() -> Verdict {
    let each = probability
    if each == 0 || each >= Self.whole {
      passed = 0
      return each == 0 ? .pass : .drop
    }
    // Evens out the gaps between those picked, up to 1/p: §7 of the paper, method 2.
    let taken = passed * each
    let now = taken + each >= Self.whole ? Self.whole : each * Self.whole / (Self.whole - taken)
    passed += 1
    if UInt64(random.next(below: 1_000_000_000)) >= now { return .pass }
    passed = 0
    return .notify
  }

  /// The probability by the average alone, in parts per billion: none below the minimum, up to
  /// `maximumProbability` at the maximum, and from there gently up to one at twice the maximum.
  var probability: UInt64 {
    // With 16 binary places and thresholds of 16 bits no product passes 64 bits.
    let average = self.average >> 16
    let minimum = UInt64(settings.minimum) << 16
    let maximum = UInt64(settings.maximum) << 16
    let top = UInt64(settings.maximumProbability.partsPerBillion)
    if average < minimum { return 0 }
    if average < maximum { return top * (average - minimum) / (maximum - minimum) }
    if average >= 2 * maximum { return Self.whole }
    return top + (Self.whole - top) * (average - maximum) / maximum
  }

  /// The average after so many packets found the queue empty: times (1 − w)ⁿ.
  private mutating func decay(_ packets: UInt64) {
    let one: UInt64 = 1 << Self.fraction
    var base = one - one >> UInt64(settings.weightShift)
    var left = packets
    while left > 0 && average > 0 {
      if left & 1 == 1 {
        // Whole packets and the rest one after the other, so that no product passes 64 bits.
        let rest = average & (one - 1)
        average = (average >> Self.fraction) * base + (rest * base) >> Self.fraction
      }
      base = (base * base) >> Self.fraction
      left >>= 1
    }
  }
}
