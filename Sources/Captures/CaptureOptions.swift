import NetSim

/// How a capture is to be read.
public struct CaptureOptions: Sendable {
  /// A filter in libpcap's language (pcap-filter(7)); nil takes every packet.
  public var filter: String?
  /// How much of the log is kept. `totals` keeps none, and memory then grows with connections and
  /// requests, not with packets.
  public var logLevel: EventLog.Level
  /// Bytes that may wait behind a hole, for each direction of each connection.
  public var reassemblyByteLimit: Int
  /// Connections followed; packets of further ones are counted only.
  public var connectionLimit: Int
  /// Requests kept; further ones are counted only.
  public var requestLimit: Int

  /// Options; those left out suit captures of up to some million packets.
  public init(
    filter: String? = nil, logLevel: EventLog.Level = .everything,
    reassemblyByteLimit: Int = 4 << 20, connectionLimit: Int = 1 << 18,
    requestLimit: Int = 1 << 20
  ) {
    self.filter = filter
    self.logLevel = logLevel
    self.reassemblyByteLimit = reassemblyByteLimit
    self.connectionLimit = connectionLimit
    self.requestLimit = requestLimit
  }
}
