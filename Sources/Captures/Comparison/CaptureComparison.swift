import NetSim

/// Two captures of one run, made at two places, set against each other: which packets came through, and
/// how long they took.
public struct CaptureComparison: Sendable {
  /// One of the two captures.
  public struct Source: Equatable, Sendable {
    /// Its path as it was given.
    public var file: String
    /// Its packets.
    public var packets: Int64
    /// Packets of TCP and UDP in conversations that the other capture has not.
    public var unshared: Int64
    /// From its first packet to its last.
    public var duration: SimDuration
  }

  /// The two captures.
  public var first: Source
  /// The second of them.
  public var second: Source
  /// Conversations that both have.
  public var conversations: Int
  /// Those among them whose addresses or ports are others in the second capture.
  public var translated: Int
  /// Packets that both have.
  public var pairs: Int64
  /// What went from the first capture's place to the second's.
  public var forth: ComparedWay
  /// What went the other way.
  public var back: ComparedWay
  /// What the captures tell of their clocks; nil where packets of one way alone are in both.
  public var clocks: ClockEstimate?
  /// Why captures could not be read to their ends, one for each at most.
  public var problems: [CaptureError]

  /// Compares the captures at two paths, of which one may be `-`, standard input.
  ///
  /// Throws when there is nothing to read in one of them, or when they have no packet in common. Time
  /// grows with the packets, and so does memory: about 40 bytes for each of TCP and UDP, and as much
  /// again while a conversation's are paired.
  public static func read(
    _ first: String, _ second: String, filter: String? = nil
  ) throws(CaptureError) -> CaptureComparison {
    var sighted = SightedConversations()
    try sighted.read(CaptureSeries(paths: [first]), as: 0, filter: filter, name: first)
    try sighted.read(CaptureSeries(paths: [second]), as: 1, filter: filter, name: second)
    sighted.joinTranslated()
    let judge = PairedConversations(sighted)
    guard judge.pairs > 0 else {
      throw sighted.problems.first
        ?? CaptureError(
          .nothingInCommon, file: second,
          "it has no packet in common with \(first); two captures of one run are needed, made at "
            + "two places")
    }
    return judge.comparison(first, second)
  }
}
