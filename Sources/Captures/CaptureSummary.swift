import NetSim

/// The totals of a capture.
public struct CaptureSummary: Sendable {
  /// Packets read (and let through by the filter).
  public var packets: Int64 = 0
  /// Bytes of their frames on the wire.
  public var bytes: Int64 = 0
  /// When the first packet was captured, in nanoseconds since 1970; nil without packets.
  public var startUnixNs: Int64?
  /// From the first packet to the latest one.
  public var duration = SimDuration.zero
  /// Packets of TCP.
  public var tcpPackets: Int64 = 0
  /// Packets of UDP that are not counted as QUIC.
  public var udpPackets: Int64 = 0
  /// Packets of UDP conversations in which a long header of QUIC version 1 or 2 was seen.
  public var quicPackets: Int64 = 0
  /// Packets that were not read, by their reason. With the packets of TCP, UDP and QUIC, and with
  /// `joinedFragments`, they are all packets.
  public var unread = UnreadCounts()
  /// Fragments of IP packets, whether or not they could be put together.
  public var fragments: Int64 = 0
  /// Fragments that were put together, without the last of each packet, which counts as the packet.
  public var joinedFragments: Int64 = 0
  /// Packets that were found within tunnels.
  public var tunnelledPackets: Int64 = 0
  /// Packets of which the capture does not tell the time.
  public var untimedPackets: Int64 = 0
  /// Packets of which the capture has only the beginning.
  public var cutPackets: Int64 = 0
  /// How often a packet's time is before that of the packet before it.
  public var backwardSteps: Int64 = 0
  /// TCP packets beyond the limit of connections.
  public var untrackedPackets: Int64 = 0
  /// Requests beyond the limit of requests.
  public var untrackedRequests: Int64 = 0
  /// TCP connections by what runs over them.
  public var connectionsByProtocol: [ConnectionProtocol: Int] = [:]
  /// UDP conversations with a QUIC header.
  public var quicConversations = 0
  /// Other UDP conversations.
  public var udpConversations = 0

  /// The totals of nothing.
  init() {}
}
