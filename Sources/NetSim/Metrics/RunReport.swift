/// The totals of one connection. "Up" is from the client to the server.
public struct ConnectionReport: Sendable {
  /// A count for each direction.
  public struct Both: Equatable, Sendable {
    /// From the client to the server.
    public var up: Int64 = 0
    /// From the server to the client.
    public var down: Int64 = 0

    /// The count of the direction in which `side` sends.
    public subscript(sentBy side: Side) -> Int64 {
      get { side == .client ? up : down }
      set { if side == .client { up = newValue } else { down = newValue } }
    }
  }

  /// When the client began to connect.
  public var opened: SimTime?
  /// When the client's transport handshake was complete.
  public var established: SimTime?
  /// When the client's TLS handshake was complete; nil without TLS.
  public var secured: SimTime?
  /// Packets sent, retransmissions and pure acknowledgements included.
  public var packets = Both()
  /// IP bytes sent.
  public var bytes = Both()
  /// Packets lost on the way, copies included.
  public var lost = Both()
  /// Copies that links made of packets.
  public var duplicated = Both()
  /// Segments sent again, by both ends.
  public var retransmitted: Int64 = 0
  /// Segments that were sent again and had arrived before.
  public var spurious: Int64 = 0
  /// How often a retransmission timer ran out.
  public var timeouts: Int64 = 0
  /// The largest congestion window of the server, in bytes.
  public var congestionWindowMax: Int64 = 0
  /// Whether it failed before its work was done.
  public var failed = false

  /// The report of a connection on which nothing happened yet.
  public init() {}
}

/// What became of a run.
public struct RunReport: Sendable {
  /// The fold over its packets and deliveries.
  public var fingerprint: Fingerprint
  /// When the last byte of the last object was delivered; nil when a request failed.
  public var complete: SimTime?
  /// One for each connection, by index.
  public var connections: [ConnectionReport]
  /// One for each request in their order, without probes; empty in runs that ask for totals only.
  public var requests: [RequestReport]
  /// Whether the scenario's time limit ended the run before everything had happened.
  public var wasStopped: Bool
  /// Who waits for what, where the run ended although requests are open: one after the other, the last
  /// of a request for something that never comes.
  public var waits: [StandingWait]
  /// How often a request was sent again because its connection had ended.
  public var retriedRequests: Int
  /// What the clients' connection pools did.
  public var pool = PoolReport()
  /// How many of the packets that the scenario's `DropRule`s name never came.
  public var unusedDrops: Int
  /// How many events the engine handled.
  public var events: UInt64
}
