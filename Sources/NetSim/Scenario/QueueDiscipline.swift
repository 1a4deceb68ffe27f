/// How a queue tells senders that it grows.
public enum QueueDiscipline: Equatable, Sendable {
  /// It drops what has no room.
  case dropTail
  /// It drops or marks at random by its average length (RFC 2309 §3), and what has no room.
  case red(REDSettings)
  /// It drops or marks when packets wait too long (RFC 8289), and drops what has no room.
  case codel(CoDelSettings)
}

/// The parameters of RED (Floyd and Jacobson 1993), in its gentle form.
public struct REDSettings: Equatable, Sendable {
  /// The average queue, in packets, up to which nothing is dropped or marked.
  public var minimum: UInt32
  /// The average queue at which `maximumProbability` is reached: more than `minimum`, at most 65,535.
  public var maximum: UInt32
  /// The probability of a drop or mark at `maximum`; from there it grows to one at twice `maximum`.
  public var maximumProbability: Probability
  /// The weight of a packet in the average is 2 to the power of minus this, at most 16.
  public var weightShift: UInt8

  /// Parameters, by default those that Floyd recommends: 5 and 15 packets, a tenth, and 1/512.
  public init(
    minimum: UInt32 = 5, maximum: UInt32 = 15,
    maximumProbability: Probability = Probability(partsPerBillion: 100_000_000),
    weightShift: UInt8 = 9
  ) {
    precondition(minimum < maximum && maximum <= 65_535, "thresholds that RED cannot work with")
    precondition(weightShift <= 16, "a weight that RED cannot work with")
    self.minimum = minimum
    self.maximum = maximum
    self.maximumProbability = maximumProbability
    self.weightShift = weightShift
  }
}

/// The parameters of CoDel (RFC 8289 §4).
public struct CoDelSettings: Equatable, Sendable {
  /// The wait that a standing queue may come to; more than zero.
  public var target: SimDuration
  /// How long waits may be longer: about the longest round trip. At most `longestInterval`.
  public var interval: SimDuration

  /// The longest interval: its square in nanoseconds fits 64 bits.
  public static var longestInterval: SimDuration { .seconds(4) }

  /// Parameters, by default those of RFC 8289 §4.2 and §4.3.
  public init(target: SimDuration = .milliseconds(5), interval: SimDuration = .milliseconds(100)) {
    self.target = target
    self.interval = interval
  }
}
