import NetSim

/// The links and paths of a replay: one bottleneck that all servers share, and for a server further
/// away a link that only adds to the delay.
struct ReplayPaths {
  /// In pairs, up before down.
  private(set) var links: [LinkSettings] = []
  private(set) var paths: [PathSettings] = []
  private let servers: [Endpoint]
  /// The connections of the replay, in the order in which it opens them.
  let order: [UInt32]

  init(_ observed: ObservedRequests, _ connections: [CapturedConnection]) {
    let nearest = observed.nearest
    servers = observed.paths.map(\.server)
    var seen: Set<Int> = []
    order = observed.requests.compactMap { request in
      seen.insert(request.connection).inserted ? UInt32(request.connection) : nil
    }
    addLink(nearest.roundTrip, up: nearest.assumedUp, down: nearest.assumedDown)
    for (_, link) in observed.paths {
      let further = link.roundTrip - nearest.roundTrip
      if further > .zero {
        paths.append(PathSettings(up: [0, links.count], down: [links.count + 1, 1]))
        addLink(further, up: .unlimited, down: .unlimited)
      } else {
        paths.append(PathSettings(up: [0], down: [1]))
      }
    }
  }

  /// The path to a server.
  func path(to server: Endpoint) -> Int { servers.firstIndex(of: server) ?? 0 }

  /// What was lost is lost again by name, so that the queue must not lose anything by itself.
  private mutating func addLink(_ roundTrip: SimDuration, up: Bitrate, down: Bitrate) {
    let half = roundTrip / 2
    links.append(LinkSettings(rate: up, delay: half))
    links.append(LinkSettings(rate: down, delay: roundTrip - half))
  }
}

/// The packets that a replay loses: those that the capture's connections lost, by what they carried.
struct ReplayLosses {
  private(set) var up: [DropRule] = []
  private(set) var down: [DropRule] = []

  /// How many there are.
  var count: Int { up.count + down.count }

  init(_ connections: [CapturedConnection], _ order: [UInt32]) {
    let places = Dictionary(
      uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
    for connection in connections {
      guard let place = places[connection.index] else { continue }
      for packet in connection.lost {
        let rule = DropRule.sequence(packet.sequence, connection: UInt32(place))
        if packet.sender == .client { up.append(rule) } else { down.append(rule) }
      }
    }
  }
}
