/// What both ends do with QUIC (RFC 9000).
public struct QUICPolicy: Equatable, Sendable {
  /// What the client does.
  public var client: QUICEndPolicy
  /// What the server does.
  public var server: QUICEndPolicy
  /// Whether the server lets a client prove its address before it does anything else, by a Retry packet
  /// (RFC 9000 §8.1.2).
  public var retries = false
  /// Whether the client brings a token of an earlier connection, which proves its address
  /// (RFC 9000 §8.1.3).
  public var hasToken = false
  /// Whether the server does not know the version that the client tries first (RFC 9000 §6).
  public var negotiatesVersion = false
  /// When the client goes on from another address of its own; nil for never (RFC 9000 §9.2).
  public var movesAt: SimDuration?
  /// Whether the server forbids that (disable_active_migration, RFC 9000 §18.2).
  public var forbidsMoves = false
  /// How the client comes to HTTP/3.
  public var discovery = HTTP3Discovery()
  /// Whether each stream is delivered in its own order. If not, all bytes are delivered in the order in
  /// which they were first sent, as if they were one stream: what a byte stream over UDP would be.
  public var isStreamAware = true

  /// A policy for both ends.
  public init(client: QUICEndPolicy, server: QUICEndPolicy) {
    self.client = client
    self.server = server
  }

  /// The policy of one end.
  public subscript(_ side: Side) -> QUICEndPolicy {
    get { side == .client ? client : server }
    set { if side == .client { client = newValue } else { server = newValue } }
  }
}

/// What one end of a QUIC connection does.
public struct QUICEndPolicy: Equatable, Sendable {
  /// The UDP payload of the datagrams that it sends, in bytes, before it knows of more
  /// (RFC 9000 §14: 1,200 at least).
  public var datagramSize: UInt32 = 1_200
  /// The size of a datagram that congestion control counts with, where it is not `datagramSize`.
  public var countedSize: UInt32?
  /// The sizes of UDP payload that it tries, one after the other, once the handshake is complete
  /// (RFC 8899); empty for none.
  public var triedSizes: [UInt32] = []
  /// Bytes of the connection IDs that it chooses.
  public var connectionIDBytes: UInt32 = 8
  /// How many connection IDs more it gives its peer once the handshake is complete.
  public var moreConnectionIDs = 0
  /// Bytes that all streams together may have sent to it and it has not read.
  public var connectionWindow: Int64 = 1_048_576
  /// The same for one stream.
  public var streamWindow: Int64 = 262_144
  /// How many streams its peer may have open at once, those in both directions.
  public var mostStreams: Int64 = 100
  /// How many packets that want an answer it answers at once (RFC 9000 §13.2.2).
  public var answersEvery = 2
  /// How long an answer waits at most (max_ack_delay).
  public var mostDelay = SimDuration.milliseconds(25)
  /// Whether an answer waits for an eighth of the round trip at most.
  public var waitsAnEighth = false
  /// Whether every packet carries what it could answer, or only what is due.
  public var answersWithAnything = true
  /// After how long without a packet the connection ends (RFC 9000 §10.1).
  public var idleTimeout = SimDuration.seconds(30)
  /// After how long without a packet it sends a PING, so that neither the connection ends nor a NAT
  /// forgets it (RFC 9000 §10.1.2); nil for never.
  public var keepAlive: SimDuration?
  /// How seldom it asks its peer to acknowledge; nil where it does not ask.
  public var asksForAnswers: AnswerRequest?
  /// The shortest delay of acknowledgements that it can be asked for (min_ack_delay); nil where it lets
  /// nobody ask (draft-ietf-quic-ack-frequency §3).
  public var leastDelay: SimDuration?
  /// Whether the packet threshold of losses grows with what is under way: half of it, 256 at most.
  public var widensThreshold = false
  /// Whether a probe time-out of 1-RTT packets sends two probes (RFC 9002 §6.2.4).
  public var sendsTwoProbes = true
  /// Whether CUBIC counts bytes, as ngtcp2 does.
  public var countsBytes = false
  /// Whether an answer to a probe alone leaves the back-off at two doublings, as ngtcp2 has it; any answer
  /// ends it in RFC 9002 §6.2.1.
  public var keepsBackoff = false
  /// Whether congestion that has lasted makes it forget its round trip, as ngtcp2 does; RFC 9002 §5.2
  /// takes the newest sample for the least.
  public var forgetsRoundTrip = false
  /// Whether what is under way may exceed the window by the rest of a datagram.
  public var overshootsWindow = false
  /// How many datagrams leave at once where it paces; 0 where it does not.
  public var burst: UInt32 = 10
  /// Whether anything more waits for the time that was taken by what has left at once, as with ngtcp2;
  /// else only what is more than `burst` waits.
  public var pacesEachBurst = false
  /// How far before its time a paced datagram may leave.
  public var pacingSlack = SimDuration.zero
  /// After how many packets in a row that want no answer one gets a PING, so that the peer's answer tells
  /// what has arrived; 0 for never.
  public var pingsAfter = 0
  /// Among how many streams a packet is shared, where so many have something to send; 1 lets each fill it
  /// as far as it can.
  public var streamsPerPacket = 1
  /// Bytes of the table of fields that it keeps for its peer, and how many streams may wait for it
  /// (SETTINGS_QPACK_MAX_TABLE_CAPACITY and SETTINGS_QPACK_BLOCKED_STREAMS, RFC 9204 §5).
  public var fieldTableBytes: UInt64 = 0
  /// See `fieldTableBytes`.
  public var mostBlockedStreams: UInt64 = 0
  /// How it uses its peer's table.
  public var fieldPolicy = QPACKPolicy.blocking
  /// In which order it sends what its streams have.
  public var scheduler = StreamScheduler.urgency
  /// Whether packets carry as much as TCP segments of the maximum segment size and take as much on the
  /// link (the `ideal` profile).
  public var carriesSegments = false
  /// Bytes of CRYPTO frames that it can keep until those before them have come (RFC 9000 §7.5).
  public var cryptoBuffer: Int64 = 65_536
  /// Whether a client's tokens and a server's tickets are given out for later connections.
  public var tokenBytes: Int64 = 0

  /// A limit of streams that nobody reaches.
  public static let unlimitedStreams: Int64 = 1 << 40

  /// What RFC 9000 and RFC 9002 recommend.
  public init() {}

  /// The same with the size of TCP's segments where packets carry as much.
  func sized(_ settings: TransportSettings) -> QUICEndPolicy {
    var policy = self
    if carriesSegments { policy.datagramSize = settings.maximumSegmentSize }
    return policy
  }

  /// The initial window in bytes: RFC 9002 §7.2 bounds ten datagrams by 14,720 bytes.
  func initialWindow(datagrams: UInt32) -> Int64 {
    let size = Int64(countedSize ?? datagramSize)
    let window = Int64(datagrams) * size
    return datagrams == 10 && !carriesSegments ? min(window, max(14_720, 2 * size)) : window
  }
}

/// How an end of a QUIC connection wants to be answered (draft-ietf-quic-ack-frequency §4).
public struct AnswerRequest: Equatable, Sendable {
  /// After how many packets that want an answer one is due.
  public var packets: Int
  /// How long an answer waits at most.
  public var delay: SimDuration

  /// A wish for answers that seldom.
  public init(packets: Int, delay: SimDuration) {
    self.packets = packets
    self.delay = delay
  }
}

extension QUICPolicy {
  /// The policy of a profile: `rfc` is what RFC 9000 and RFC 9002 recommend, `linux` what ngtcp2's
  /// client and server do, and `ideal` has no limits but the congestion window.
  public static func standard(_ profile: Profile) -> QUICPolicy {
    switch profile {
    case .rfc: return QUICPolicy(client: QUICEndPolicy(), server: QUICEndPolicy())
    case .linux: return ngtcp2
    case .ideal:
      var end = QUICEndPolicy()
      end.connectionWindow = 1 << 50
      end.streamWindow = 1 << 50
      end.mostStreams = QUICEndPolicy.unlimitedStreams
      end.answersEvery = 1
      end.mostDelay = .zero
      end.burst = 0
      end.carriesSegments = true
      return QUICPolicy(client: end, server: end)
    }
  }

  /// ngtcp2 0.12 as Debian 12 has it, as its example programs configure it.
  static var ngtcp2: QUICPolicy {
    var end = QUICEndPolicy()
    end.countedSize = 1_452
    end.triedSizes = [1_406, 1_444]
    end.moreConnectionIDs = 6
    end.fieldTableBytes = 4_096
    end.mostBlockedStreams = 100
    end.waitsAnEighth = true
    end.answersWithAnything = false
    end.widensThreshold = true
    end.countsBytes = true
    end.keepsBackoff = true
    end.forgetsRoundTrip = true
    end.overshootsWindow = true
    end.pacesEachBurst = true
    end.pacingSlack = .milliseconds(1)
    end.pingsAfter = 3
    var (client, server) = (end, end)
    client.connectionIDBytes = 17
    client.connectionWindow = 15_728_640
    client.streamWindow = 6_291_456
    client.burst = 45
    server.connectionIDBytes = 18
    server.tokenBytes = 57
    return QUICPolicy(client: client, server: server)
  }
}
