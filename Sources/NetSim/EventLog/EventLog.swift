/// The typed record of everything that happened, simulated or captured, and its fingerprint.
///
/// Records stand in the order of their times. A run that asks only for totals keeps none, and
/// has the same fingerprint.
public struct EventLog: Sendable {
  /// How much is kept.
  public enum Level: UInt8, CaseIterable, Comparable, Sendable {
    /// Nothing but the fingerprint and the counters.
    case totals
    /// Connections and requests.
    case requests
    /// Everything.
    case everything

    /// A level that keeps less comes before one that keeps more.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// How much is kept.
  public let level: Level
  /// What happened, in order of time.
  public private(set) var records: [EventRecord] = []
  /// The connections that records refer to by index.
  public var connections: [ConnectionDescription] = []
  /// The requests that records refer to by index.
  public var requests: [RequestDescription] = []
  /// The TCP headers of a simulated run's packets, packet number 1 first; kept at the level
  /// `everything` and empty in a captured log. They stand beside the records because they would
  /// not fit one, and because nothing but an exporter of packets reads them.
  public private(set) var segmentHeaders: [SegmentHeader] = []
  /// How many links there are; records refer to them by index. Zero in a captured log.
  public var linkCount: Int = 0
  /// A fold over every packet and delivery, the same at every level.
  public private(set) var fingerprint = Fingerprint()

  /// An empty log.
  public init(level: Level = .everything) { self.level = level }

  /// Keeps a record about a packet, segment or a sender's state.
  @inline(__always)
  public mutating func record(_ make: @autoclosure () -> EventRecord) {
    if level == .everything { records.append(make()) }
  }

  /// Keeps the header of the packet after the one whose header was kept last.
  @inline(__always)
  public mutating func recordHeader(_ make: @autoclosure () -> SegmentHeader) {
    if level == .everything { segmentHeaders.append(make()) }
  }

  /// Keeps a record about a connection or a request.
  @inline(__always)
  public mutating func recordMilestone(_ make: @autoclosure () -> EventRecord) {
    if level >= .requests { records.append(make()) }
  }

  /// Folds a packet or delivery event into the fingerprint.
  @inline(__always)
  mutating func fold(_ time: SimTime, _ kind: EventKind, _ connection: UInt32, _ value: Int64) {
    fingerprint.fold(UInt64(bitPattern: time.nanoseconds))
    fingerprint.fold(
      UInt64(kind.rawValue) << 56 ^ UInt64(connection) << 40 ^ UInt64(bitPattern: value))
  }

  /// The log up to a moment, that moment included. Connections and requests keep their numbers.
  public func cut(after end: SimTime) -> EventLog {
    var log = self
    log.records.removeAll { $0.time > end }
    return log
  }

  /// Puts the records of a log that was not written in order into the order of their times;
  /// records of one time keep theirs.
  public mutating func sortByTime() {
    let order = records.indices.sorted {
      (records[$0].time, $0) < (records[$1].time, $1)
    }
    records = order.map { records[$0] }
  }
}

/// A 64-bit hash over the events of a run: the same scenario and seed give the same value
/// everywhere, and a change of any packet or delivery changes it.
public struct Fingerprint: Equatable, Sendable {
  /// The value so far.
  public private(set) var value: UInt64 = 0x6E65_7473_696D_3031

  /// The fingerprint of nothing.
  public init() {}

  /// Folds 64 bits in: xor, multiply by an odd constant, and mix the high half down.
  @inline(__always)
  mutating func fold(_ word: UInt64) {
    value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 32
  }
}
