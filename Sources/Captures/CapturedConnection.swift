import NetSim

/// A TCP connection of a capture, summed up.
public struct CapturedConnection: Sendable {
  /// Its index, the same as in `EventLog.connections`.
  public var index: UInt32
  /// The end that opened it; in captures that begin later, the one with the higher port.
  public var client: Endpoint
  /// The other end.
  public var server: Endpoint
  /// What runs over it.
  public var protocolKind: ConnectionProtocol
  /// The end at which, or nearer to which, the capture was made.
  public var vantage: Side
  /// Whether the capture has its SYN.
  public var hasHandshake: Bool
  /// When its first packet was captured.
  public var first: SimTime
  /// When its last packet was captured.
  public var last: SimTime
  /// When the handshake was complete at `vantage`; nil when that was not captured.
  public var established: SimTime?
  /// When both ends' FINs were acknowledged.
  public var closed: SimTime?
  /// When it was reset.
  public var reset: SimTime?

  /// SYN to SYN-ACK at the client, SYN-ACK to its acknowledgement at the server; nil when it was not
  /// captured or the SYN was repeated.
  public var handshakeRTT: SimDuration?
  /// The least round-trip time measured at `vantage`.
  public var minimumRTT: SimDuration?

  /// What the client's SYN and the server's SYN-ACK offer; nil where they were not captured.
  public var offers: (client: HandshakeOffer?, server: HandshakeOffer?)

  /// Packets captured.
  public var packets = DirectionCounts()
  /// Bytes of IP packets.
  public var bytes = DirectionCounts()
  /// Bytes of payload, repeated ones included.
  public var payloadBytes = DirectionCounts()
  /// Largest payload of a packet in bytes.
  public var segmentSize = DirectionCounts()
  /// Segments sent again.
  public var retransmissions = DirectionCounts()
  /// Segments sent again although they had arrived.
  public var spuriousRetransmissions = DirectionCounts()
  /// Segments that fill a hole or repeat bytes, beyond those that could be kept for a verdict.
  public var unjudgedRepeats = DirectionCounts()
  /// Segments that the network delivered behind later ones.
  public var outOfOrder = DirectionCounts()
  /// Packets that were captured twice.
  public var duplicates = DirectionCounts()
  /// Whether so many packets stand in the capture twice that it must have been made at two places:
  /// then neither round trips nor losses can be told.
  public var isCapturedTwice = false
  /// Bytes that were acknowledged and that the capture does not have.
  public var uncapturedBytes = DirectionCounts()
  /// Packets judged lost, in the order of their repetition.
  public var lost: [LostPacket] = []
  /// Packets that may have been lost; the evidence does not suffice.
  public var possiblyLost: [LostPacket] = []

  /// What single packets tell, in their order, the verdicts on repeated segments among them.
  public var findings: [Finding] = []
  /// Findings beyond those that could be kept.
  public var unlistedFindings: Int64 = 0

  /// Times in which nothing came that was waited for, in their order. A stall's request is by its place
  /// among the connection's requests here.
  public var stalls: [Stall] = []

  /// Round trips from the capture to the server and back, by the client's data and Karn's algorithm
  /// (RFC 6298 §3), and from the capture to the client.
  public var roundTrips = PerSide<RoundTripSummary?>(nil)
  /// The same by timestamps (RFC 7323 §4.1).
  public var stampedRoundTrips = PerSide<RoundTripSummary?>(nil)
  /// The most bytes that were seen to be under way: at the end at which the capture was made, its
  /// largest window.
  public var largestFlight = DirectionCounts()
  /// What kept the client from sending its data sooner.
  public var limitsUp = LimitTimes()
  /// What kept the server from sending its data sooner.
  public var limitsDown = LimitTimes()
  /// The room that the client announces for the server's data.
  public var windowUp = WindowSummary()
  /// The room that the server announces for the client's data.
  public var windowDown = WindowSummary()

  /// What is known of each end's congestion window.
  public var congestionWindows = PerSide<CongestionWindow?>(nil)
  /// How evenly the end at which the capture was made spreads its packets; nil where it sent too few.
  public var pacing: Pacing?

  /// The client's first flight of data.
  public var initialWindowUp: InitialWindow?
  /// The server's first flight of data.
  public var initialWindowDown: InitialWindow?
  /// The bottleneck's estimated rate from client to server, in IP bits per second; nil when too few
  /// packets came back to back.
  public var bottleneckUp: Bitrate?
  /// The bottleneck's estimated rate from server to client.
  public var bottleneckDown: Bitrate?
  /// What can be told about its TLS; nil when it has none.
  public var tls: CapturedTLS?
  /// Why the rest of its HTTP messages, or of its TLS handshake, could not be read, where that was
  /// so.
  public var applicationProblem: String?
}

/// What an end offers in its SYN (RFC 9293 §3.7.1, RFC 7323, RFC 2018).
public struct HandshakeOffer: Equatable, Sendable {
  /// The MSS option's value; nil when it has none.
  public var maximumSegmentSize: UInt16?
  /// Whether it offers timestamps.
  public var timestamps: Bool
  /// Whether it takes selective acknowledgements.
  public var permitsSACK: Bool
}
