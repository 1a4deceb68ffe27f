/// What the clients' connection pools did in a run.
public struct PoolReport: Equatable, Sendable {
  /// How often a probe was sent, and how often it found a connection dead.
  public struct Probes: Equatable, Sendable {
    /// How many were sent.
    public var sent = 0
    /// How many got no answer.
    public var failed = 0
  }

  /// How long requests waited for a connection, those included that did not wait at all and those that
  /// gave up.
  public struct Waits: Equatable, Sendable {
    /// How many waited for more than no time.
    public var count = 0
    /// The mean of all, the waits of none included.
    public var mean = SimDuration.zero
    /// What half of them waited at most.
    public var median = SimDuration.zero
    /// What 99 in a hundred of them waited at most.
    public var percentile99 = SimDuration.zero
    /// The longest.
    public var longest = SimDuration.zero
  }

  /// Whether a client's settings ask for anything of what pools do, or for arrivals.
  public var isAskedFor = false
  /// Connections opened, by requests and ahead of them.
  public var opened = 0
  /// Requests answered.
  public var answered = 0
  /// Those of them whose connection had served another before.
  public var reused = 0
  /// Connections closed because of their age.
  public var expired = 0
  /// How long requests waited.
  public var waits = Waits()
  /// Requests that failed because too many waited already.
  public var turnedAway = 0
  /// Requests that failed because they had waited too long.
  public var timedOut = 0
  /// Checks before use.
  public var checks = Probes()
  /// Heartbeats.
  public var heartbeats = Probes()

  /// A report of nothing.
  public init() {}

  /// The share of answered requests whose connection had served another, in millionths; nil where
  /// none was answered.
  public var reusedMillionths: Int64? {
    answered == 0 ? nil : Int64(reused) * 1_000_000 / Int64(answered)
  }
}

extension PoolReport.Waits {
  /// The summary of waits in any order. A percentile is the least wait that so many do not exceed.
  init(_ waits: [SimDuration]) {
    if waits.isEmpty { return }
    let sorted = waits.sorted()
    var sum = SimDuration.zero
    for wait in sorted {
      sum += wait
      if wait > .zero { count += 1 }
    }
    mean = sum / Int64(sorted.count)
    median = sorted[(sorted.count + 1) / 2 - 1]
    percentile99 = sorted[(sorted.count / 100) * 99 + (sorted.count % 100 * 99 + 99) / 100 - 1]
    longest = sorted[sorted.count - 1]
  }
}
