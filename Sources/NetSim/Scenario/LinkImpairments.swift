extension LinkSettings {
  /// Whether a middlebox at the link's end next to the client keeps state of connections.
  var keepsState: Bool {
    stateLimit != nil || datagramStateLimit != nil || !rebindings.isEmpty
  }

  /// The longest jitter: what one draw of 32 bits covers in nanoseconds.
  public static var longestJitter: SimDuration { .seconds(4) }
}

/// Losses in bursts: a link is in a good or a bad state and may change it with each packet (Gilbert
/// 1960, Elliott 1963). It begins in the good one.
public struct BurstLoss: Equatable, Sendable {
  /// Probability to go from the good state to the bad one before a packet.
  public var entry: Probability
  /// Probability to go from the bad state to the good one before a packet; its inverse is the mean
  /// length of a burst in packets.
  public var exit: Probability
  /// Probability that a packet is lost in the bad state.
  public var lossInBad: Probability
  /// Probability that a packet is lost in the good state.
  public var lossInGood: Probability

  /// Bursts of those probabilities.
  public init(
    entry: Probability, exit: Probability,
    lossInBad: Probability = Probability(partsPerBillion: 1_000_000_000),
    lossInGood: Probability = .zero
  ) {
    self.entry = entry
    self.exit = exit
    self.lossInBad = lossInBad
    self.lossInGood = lossInGood
  }
}

/// Packets that arrive late, so that those behind overtake them.
public struct Reordering: Equatable, Sendable {
  /// Probability that a packet is late.
  public var probability: Probability
  /// By how much.
  public var delay: SimDuration

  /// Late packets.
  public init(_ probability: Probability, delay: SimDuration) {
    self.probability = probability
    self.delay = delay
  }
}

/// A span of time in which nothing passes a link.
public struct Outage: Equatable, Sendable {
  /// When it begins.
  public var from: SimTime
  /// When it is over; packets that come at this moment pass.
  public var to: SimTime
  /// Whether packets wait in the queue for its end, a packet in service included. If not, those that
  /// enter are lost, and those that had entered before are sent.
  public var holds: Bool

  /// An outage between two times.
  public init(from: SimTime, to: SimTime, holds: Bool = false) {
    self.from = from
    self.to = to
    self.holds = holds
  }

  func contains(_ time: SimTime) -> Bool { from <= time && time < to }
}

/// A change of a link's rate.
public struct RateStep: Equatable, Sendable {
  /// When.
  public var time: SimTime
  /// The rate from then on, for a packet in service too.
  public var rate: Bitrate

  /// A change to `rate`.
  public init(_ time: SimTime, _ rate: Bitrate) {
    self.time = time
    self.rate = rate
  }
}
