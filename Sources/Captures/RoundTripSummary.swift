import NetSim

/// Round-trip times, summed up.
public struct RoundTripSummary: Equatable, Sendable {
  /// How many samples there are.
  public var count: Int64
  /// The least.
  public var minimum: SimDuration
  /// The mean.
  public var mean: SimDuration
  /// The greatest.
  public var maximum: SimDuration

  /// The summary of samples; nil when there are none.
  init?(_ trips: RoundTrips) {
    guard let least = trips.minimumNs else { return nil }
    count = trips.count
    minimum = SimDuration(nanoseconds: least)
    mean = SimDuration(nanoseconds: trips.sumNs / trips.count)
    maximum = SimDuration(nanoseconds: trips.maximumNs)
  }
}

/// How the room went that an end announces for the other's data.
public struct WindowSummary: Equatable, Sendable {
  /// How often it went down to nothing.
  public var zeroCount: Int64 = 0
  /// For how long there was none.
  public var closed = SimDuration.zero
  /// How often data filled it.
  public var fullCount: Int64 = 0

  /// No announcement.
  init() {}

  init(_ room: WindowWatch) {
    zeroCount = room.zeroCount
    closed = room.closed
    fullCount = room.fullCount
  }
}

/// A value for each end.
public struct PerSide<Value: Sendable & Equatable>: Equatable, Sendable {
  /// The client's.
  public var client: Value
  /// The server's.
  public var server: Value

  /// The same value for both.
  public init(_ value: Value) {
    client = value
    server = value
  }

  /// The value of `side`.
  public subscript(side: Side) -> Value {
    get { side == .client ? client : server }
    set { if side == .client { client = newValue } else { server = newValue } }
  }
}
