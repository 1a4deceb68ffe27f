import NetSim

/// A socket of the host under test, as the application sees it.
struct HostSocket {
  /// What became of it.
  enum Role {
    /// Neither connected nor listening.
    case fresh
    /// Waits for connections; the ones that are open and not accepted yet stand in their order.
    case listening
    /// Belongs to the connection with this index.
    case connected(Int)
  }

  var role = Role.fresh
  var isNonblocking = false
  /// The MSS that was asked for by TCP_MAXSEG.
  var segmentSize: UInt32?
  var sendBuffer: Int64?
  /// How idle connections are watched, and whether they are.
  var keepalive = KeepalivePolicy()
  var keepsAlive = false
  /// The receive buffer that was asked for by SO_RCVBUF, in bytes.
  var receiveBuffer: Int64?
  var holdsSmallSegments = true
  var congestion: CongestionAlgorithm?
  var synRetries: UInt32?
  /// Whether closing resets (SO_LINGER with no time).
  var resetsOnClose = false

  /// Whether a connect that did not wait has been told the outcome.
  var connectWasReported = false

  /// The connection it belongs to.
  var connection: Int? {
    if case .connected(let index) = role { index } else { nil }
  }
}
