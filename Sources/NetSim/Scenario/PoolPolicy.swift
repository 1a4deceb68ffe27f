/// How a client keeps the connections to an origin and hands them to requests: what HTTP libraries
/// call a connection pool. How many there may be, and for how long they may be idle, stands in
/// `ClientSettings.connections` and `PersistencePolicy`.
public struct PoolPolicy: Equatable, Sendable {
  /// How many requests to an origin may wait for a connection; one more fails at once. Nil for any
  /// number.
  public var queueLimit: Int?
  /// How long a request may wait for a connection before it fails; nil for as long as it takes.
  public var longestWait: SimDuration?
  /// The age from which a connection is used no more: it is closed when it is next free. Nil for any.
  public var lifetime: SimDuration?
  /// A connection that was idle for longer than `after` is asked whether it works before it is used;
  /// nil where that is left to the request itself.
  public var validation: ProbePolicy?
  /// A connection on which nothing passed for `after` gets a small request, so that neither the
  /// server nor a middlebox takes it for forgotten; nil for none.
  public var heartbeat: ProbePolicy?
  /// Which of several idle connections is used next.
  public var order = IdleOrder.latestFirst
  /// Whether the client sees at once that a server has closed an idle connection. One that does not,
  /// as with blocking sockets, finds out when it uses the connection.
  public var noticesClosing = true
  /// How many connections to each origin are opened before anything is asked, at most as many as
  /// there may be.
  public var openedAhead = 0

  /// A pool that does none of this.
  public init() {}
}

/// A small request that finds out whether a connection works: `OPTIONS *` (RFC 9110 §9.3.7).
public struct ProbePolicy: Equatable, Sendable {
  /// After how long it is sent.
  public var after: SimDuration
  /// How long its answer may take before the connection is given up.
  public var patience: SimDuration

  /// Five seconds, which is what HikariCP gives a connection to prove that it is alive.
  public static let standardPatience = SimDuration.seconds(5)

  /// A probe with its times.
  public init(after: SimDuration, patience: SimDuration = ProbePolicy.standardPatience) {
    self.after = after
    self.patience = patience
  }
}

/// Which of several idle connections a pool hands out.
public enum IdleOrder: UInt8, CaseIterable, Sendable {
  /// The one used last: the others grow old and are closed.
  case latestFirst
  /// The one idle for longest: all are kept in use.
  case oldestFirst
}

/// What a request is for.
public enum RequestPurpose: UInt8, Sendable {
  /// An object of the workload.
  case object
  /// To find out whether an idle connection works, before it is used.
  case check
  /// To keep an idle connection open.
  case heartbeat
  /// An attacker's repetition of another request, which was early data.
  case replay
  /// A proxy's, for another request.
  case relay
  /// A server's promise that its client has no use for (RFC 9113 §8.4).
  case push

  /// Whether it is one that nobody asked for: a check or a heartbeat.
  public var isProbe: Bool { self == .check || self == .heartbeat }
}

/// Why a request failed: the `detail` of `EventKind.requestFailed`.
public enum RequestFailure: UInt8, Sendable {
  /// Its connection ended, or never came about.
  case connection
  /// As many requests as may do so were waiting for a connection.
  case queueFull
  /// It had waited for a connection for as long as it may.
  case waitedTooLong
  /// The client had no use for its answer any more.
  case cancelled
  /// It was not answered within the client's time limit.
  case tooLate
  /// The server reset its stream.
  case reset
}
