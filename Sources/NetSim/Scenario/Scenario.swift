/// A scenario: hosts joined by paths of links, what the clients want, and what goes wrong.
///
/// Value types only. Nothing here is a default of its own: `Scenario.standard(_:)` is where a
/// profile's values come from.
public struct Scenario: Sendable {
  /// Whose behaviour the endpoints have.
  public var profile: Profile
  /// The seed of every random stream.
  public var seed: UInt64
  /// The links, each one way; paths refer to them by index.
  public var links: [LinkSettings]
  /// Ways between a client and its server.
  public var paths: [PathSettings]
  /// What runs, each client over its path.
  public var clients: [ClientSettings]
  /// When a run that has not ended by itself is stopped.
  public var timeLimit: SimDuration

  /// A scenario of the given parts.
  public init(
    profile: Profile, seed: UInt64, links: [LinkSettings], paths: [PathSettings],
    clients: [ClientSettings], timeLimit: SimDuration = .seconds(86_400)
  ) {
    self.profile = profile
    self.seed = seed
    self.links = links
    self.paths = paths
    self.clients = clients
    self.timeLimit = timeLimit
  }
}

extension Scenario {
  /// About how many packets with data the scenario asks for: what a full log grows with.
  public var expectedDataPackets: Int64 {
    clients.reduce(0) { sum, client in
      let bytes = client.objects.reduce(0) { $0 + $1.bytes.bytes }
      return sum + bytes / Int64(client.transport.maximumSegmentSize)
        + Int64(client.objects.count)
    }
  }
}

/// Whose behaviour the endpoints have; `simcli model` says what each does.
public enum Profile: UInt8, CaseIterable, Sendable {
  /// The Linux 6 stack.
  case linux
  /// The text of the RFCs.
  case rfc
  /// Exact round trips for counting: see `Scenario.standard(_:)`.
  case ideal
}

/// One direction of one hop.
public struct LinkSettings: Sendable {
  /// Bits per second; a packet is serialised by its IP bytes, without frame overhead.
  public var rate: Bitrate
  /// Time from a packet's last bit leaving to its arrival.
  public var delay: SimDuration
  /// How much may wait.
  public var queue: QueueLimit
  /// Probability that a packet is lost, before the queue.
  public var loss: Probability
  /// Which packets are lost, before the queue.
  public var drops: [DropRule]
  /// Whether pure acknowledgements take no time on the link (the `ideal` profile).
  public var acknowledgementsAreFree: Bool
  /// How the queue tells senders that it grows.
  public var discipline = QueueDiscipline.dropTail
  /// Whether the discipline marks packets that allow it instead of dropping them (RFC 3168).
  public var marksECN = false
  /// Losses that come in bursts; where there are any, `loss` is not looked at.
  public var bursts: BurstLoss?
  /// The most that is added to each packet's delay, by chance, all times up to it equally likely; at
  /// most `longestJitter`. It does not change the packets' order.
  public var jitter = SimDuration.zero
  /// Packets that others overtake.
  public var reordering: Reordering?
  /// Probability that a packet is sent twice, the second time right after the first.
  public var duplication = Probability.zero
  /// After how long without a packet a middlebox at the link's end next to the client, which keeps
  /// state of each connection as a NAT or a firewall does, forgets it. From then on it drops the
  /// connection's packets, and tells nobody (RFC 5382 §5 asks for two hours and four minutes at
  /// least). Nil where there is none.
  public var stateLimit: SimDuration?
  /// The same for UDP, whose state is kept for a shorter time (RFC 4787 §4.3 asks for two minutes at
  /// least); nil where `stateLimit` is for both.
  public var datagramStateLimit: SimDuration?
  /// When a NAT at the link's end next to the client forgets all connections, in the order of time. What
  /// clients send then gets another port: what came before for the old one is lost, and a server knows
  /// no connection of TCP there.
  public var rebindings: [SimTime] = []
  /// Whether a middlebox at the link's end next to the client lets no UDP datagram pass, and tells nobody.
  public var blocksDatagrams = false
  /// When nothing passes.
  public var outages: [Outage] = []
  /// Changes of the rate, in the order of their times; before the first it is `rate`.
  public var rateSteps: [RateStep] = []

  /// A link without loss.
  public init(
    rate: Bitrate, delay: SimDuration, queue: QueueLimit = .unlimited, loss: Probability = .zero,
    drops: [DropRule] = [], acknowledgementsAreFree: Bool = false
  ) {
    self.rate = rate
    self.delay = delay
    self.queue = queue
    self.loss = loss
    self.drops = drops
    self.acknowledgementsAreFree = acknowledgementsAreFree
  }
}

extension LinkSettings {
  /// A link of the same rate, delay and queue on which nothing goes wrong.
  public var unimpaired: LinkSettings {
    LinkSettings(
      rate: rate, delay: delay, queue: queue, acknowledgementsAreFree: acknowledgementsAreFree)
  }
}

/// How much a drop-tail queue holds, the packet in service included.
public enum QueueLimit: Equatable, Sendable {
  /// No limit.
  case unlimited
  /// At most so many packets.
  case packets(UInt32)
  /// At most so many IP bytes.
  case bytes(UInt64)
}

/// One packet to lose in a direction.
public enum DropRule: Equatable, Sendable {
  /// The packet at that count, from 1, as packets enter the link, retransmissions included; packets
  /// with less payload than `minimumPayload` are not counted.
  case packet(ordinal: UInt32, minimumPayload: UInt32)
  /// The next packet of a connection that carries a sequence number, which is relative as in
  /// `EventKind`: 0 is the SYN, 1 the first byte of data. Written twice it loses the repetition too.
  /// Connections count from 0, in the order in which they are opened.
  case sequence(Int64, connection: UInt32)

  /// Loses the `ordinal`-th packet among those with `minimumPayload` bytes of payload or more.
  public init(ordinal: UInt32, minimumPayload: UInt32 = 0) {
    self = .packet(ordinal: ordinal, minimumPayload: minimumPayload)
  }
}

/// The links between a client and its server, in the order in which packets cross them.
public struct PathSettings: Sendable {
  /// Indices of the links from the client to the server.
  public var up: [Int]
  /// Indices of the links from the server to the client.
  public var down: [Int]

  /// A path over the links of those indices.
  public init(up: [Int], down: [Int]) {
    self.up = up
    self.down = down
  }
}
