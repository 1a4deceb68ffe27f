import NetSim

/// The path of a capture, as a simulation needs it.
public struct LinkEstimate: Equatable, Sendable {
  /// The round trip of the empty path: propagation both ways, without serialisation.
  public internal(set) var roundTrip: SimDuration
  /// The bottleneck's rate to the server; nil when the capture does not show it.
  public internal(set) var up: Bitrate?
  /// The bottleneck's rate to the client; nil when the capture does not show it.
  public internal(set) var down: Bitrate?
  /// How many full packets of the slower direction stood in the queue at most, as far as round trips
  /// show: the queue holds at least so many.
  public internal(set) var leastQueue: Int64
  /// What the queue's wait was at most.
  public internal(set) var longestWait: SimDuration

  /// The path to one server, from the connections to it that are replayed.
  init(_ connections: [CapturedConnection], trains: PacketTrains, longestSample: SimDuration) {
    up = LinkEstimate.typical(
      connections.compactMap { c in c.bottleneckUp.map { ($0, c.bytes.up) } })
    down =
      LinkEstimate.typical(
        connections.compactMap { c in c.bottleneckDown.map { ($0, c.bytes.down) } })
      ?? trains.rate
    let samples = connections.flatMap { [$0.handshakeRTT, $0.minimumRTT].compactMap { $0 } }
    let least = samples.min() ?? .zero
    // Neither a SYN nor an acknowledgement is free: take their serialisation off.
    let small = 60  // bytes of a SYN with its usual options
    roundTrip = .zero
    leastQueue = 0
    longestWait = .zero
    let ends = upTime(bytes: small) + downTime(bytes: small)
    roundTrip = max(.zero, least - ends)
    longestWait = max(.zero, longestSample - least)
    let packet = downTime(bytes: 1500)
    if packet > .zero { leastQueue = longestWait.nanoseconds / packet.nanoseconds }
  }

  /// The rate to the server that a simulation takes: where it was not seen, that to the client.
  public var assumedUp: Bitrate { up ?? down ?? .unlimited }
  /// The rate to the client that a simulation takes.
  public var assumedDown: Bitrate { down ?? .unlimited }

  /// How long the way up serialises a packet.
  func upTime(bytes: Int) -> SimDuration { assumedUp.time(bytes: bytes) }

  /// How long the way down serialises a packet.
  func downTime(bytes: Int) -> SimDuration { assumedDown.time(bytes: bytes) }

  /// The median of rates, each counting by the bytes it was seen on.
  private static func typical(_ rates: [(rate: Bitrate, bytes: Int64)]) -> Bitrate? {
    let sorted = rates.sorted { $0.rate < $1.rate }
    let half = sorted.reduce(0) { $0 + $1.bytes } / 2
    var sum: Int64 = 0
    for (rate, bytes) in sorted {
      sum += bytes
      if sum >= half { return rate }
    }
    return nil
  }
}

extension Bitrate {
  /// How long `bytes` take on an idle link.
  fileprivate func time(bytes: Int) -> SimDuration {
    if isUnlimited { return .zero }
    return SimDuration(nanoseconds: Int64(UInt64(bytes) * 8_000_000_000 / bitsPerSecond))
  }
}

/// The rate by packets of one response that came close together, for captures too short for packet
/// pairs of full size.
struct PacketTrains {
  private var pairs: [(bytes: Int64, gapNs: Int64)] = []

  /// Takes a packet that continues the response of the packet before, `gapNs` after it.
  mutating func add(bytes: Int64, gapNs: Int64) {
    if gapNs > 0 && pairs.count < 1_024 { pairs.append((bytes, gapNs)) }
  }

  /// Takes the packets of another connection of the same path.
  mutating func add(_ other: PacketTrains) {
    pairs += other.pairs.prefix(max(0, 1_024 - pairs.count))
  }

  /// The rate over all pairs that are nearly as close as the closest: a sender that pauses only
  /// ever makes gaps wider.
  var rate: Bitrate? {
    func bitsPerSecond(_ pair: (bytes: Int64, gapNs: Int64)) -> Int64 {
      pair.bytes * 8_000_000_000 / pair.gapNs
    }
    guard let fastest = pairs.map(bitsPerSecond).max(), fastest > 0 else { return nil }
    let close = pairs.filter { bitsPerSecond($0) > fastest / 4 * 3 }
    let (bytes, time) = close.reduce(into: (Int64(0), Int64(0))) { sum, pair in
      sum.0 += pair.bytes
      sum.1 += pair.gapNs
    }
    return Bitrate(bitsPerSecond: UInt64(max(1, bytes * 8_000_000_000 / time)))
  }
}
