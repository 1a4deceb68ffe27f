import NetSim

/// How a capture is to be read.
public struct CaptureOptions: Sendable {
  /// A filter in libpcap's language (pcap-filter(7)); nil takes every packet.
  public var filter: String?
  /// How much of the log is kept. `totals` keeps none, and memory then grows with connections and
  /// requests, not with packets.
  public var logLevel: EventLog.Level
  /// Whether the messages of HTTP/1.x are read; without them only the protocol is found out.
  public var readsMessages: Bool
  /// Bytes that may wait behind a hole, for each direction of each connection.
  public var reassemblyByteLimit: Int
  /// Connections followed; packets of further ones are counted only.
  public var connectionLimit: Int
  /// Connections followed at a time; with more, those that were silent longest are summed up, unless
  /// a log is kept.
  public var openLimit: Int
  /// Requests kept; further ones are counted only.
  public var requestLimit: Int

  /// Options; those left out suit captures of up to some million packets.
  public init(
    filter: String? = nil, logLevel: EventLog.Level = .everything,
    readsMessages: Bool = true, reassemblyByteLimit: Int = 4 << 20, connectionLimit: Int = 1 << 18,
    openLimit: Int = 1 << 16, requestLimit: Int = 1 << 20
  ) {
    self.filter = filter
    self.logLevel = logLevel
    self.readsMessages = readsMessages
    self.reassemblyByteLimit = reassemblyByteLimit
    self.connectionLimit = connectionLimit
    self.openLimit = max(openLimit, 1)
    self.requestLimit = requestLimit
  }
}
