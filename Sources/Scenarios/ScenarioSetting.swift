import NetSim

/// One option with its value, read and within its bounds.
enum ScenarioSetting {
  case profile(Profile)
  case seed(UInt64)
  case rate(Way, Bitrate)
  case roundTrip(Way, SimDuration)
  case queue(Way, QueueLimit)
  case loss(Way, Probability)
  case drop(DropList)
  case congestion(CongestionAlgorithm)
  case initialWindow(UInt32)
  case maximumSegmentSize(UInt32)
  case acknowledgementDelay(SimDuration)
  case minimumRTO(SimDuration)
  case receiveWindow(ByteCount)
  case tls(TLSChoice)
  case application(ApplicationProtocol)
  case connections(Int)
  case keepAlive(Bool)
  case objects([ByteCount])
  case request(ByteCount?)
  case start(StartRule)
  case serverTimes([SimDuration])

  /// Which links of a path are meant.
  enum Way {
    case both
    case up
    case down

    /// Their indices in a scenario of one path.
    var links: [Int] {
      switch self {
      case .both: [0, 1]
      case .up: [0]
      case .down: [1]
      }
    }
  }
}

extension ScenarioSetting {
  /// Changes `scenario`, which has one path of two links and one client.
  func apply(to scenario: inout Scenario) {
    switch self {
    case .profile, .tls: break  // the profile comes before everything; there is no TLS yet
    case .seed(let seed): scenario.seed = seed
    case .rate(let way, let rate): way.links.forEach { scenario.links[$0].rate = rate }
    case .roundTrip(let way, let time):
      way.links.forEach { scenario.links[$0].delay = PathDelay.share(of: time, link: $0) }
    case .queue(let way, let queue): way.links.forEach { scenario.links[$0].queue = queue }
    case .loss(let way, let loss): way.links.forEach { scenario.links[$0].loss = loss }
    case .drop(let list): ScenarioSetting.add(list, to: &scenario)
    case .congestion(let algorithm): scenario.clients[0].transport.congestion = algorithm
    case .initialWindow(let segments): scenario.clients[0].transport.initialWindow = segments
    case .maximumSegmentSize(let bytes):
      scenario.clients[0].transport.maximumSegmentSize = bytes
    case .acknowledgementDelay(let delay):
      scenario.clients[0].transport.acknowledgements.delay = delay
      // Without this `ideal`, which acknowledges each segment at once, would delay nothing.
      scenario.clients[0].transport.acknowledgements.everySegments = delay == .zero ? 1 : 2
    case .minimumRTO(let time): scenario.clients[0].transport.minimumRTO = time
    case .receiveWindow(let size): scenario.clients[0].transport.receiveWindow = size
    case .application(let application): scenario.clients[0].application = application
    case .connections(let count): scenario.clients[0].connections = count
    case .keepAlive(let keeps): scenario.clients[0].keepAlive = keeps
    case .objects(let objects): scenario.clients[0].objects = objects
    case .request(let bytes): scenario.clients[0].requestBytes = bytes
    case .start(let rule): scenario.clients[0].start = rule
    case .serverTimes(let times): scenario.clients[0].serverTimes = times
    }
  }

  /// Adds drops to those that are listed; an empty list takes all of them away.
  private static func add(_ list: DropList, to scenario: inout Scenario) {
    let clears = list.up.isEmpty && list.down.isEmpty
    scenario.links[0].drops = clears ? [] : scenario.links[0].drops + list.up
    scenario.links[1].drops = clears ? [] : scenario.links[1].drops + list.down
  }
}

/// How a round trip is shared between the link to the server and the link to the client.
enum PathDelay {
  /// The share of a link: half of the round trip, an odd nanosecond to the way down.
  static func share(of roundTrip: SimDuration, link: Int) -> SimDuration {
    let half = roundTrip / 2
    return link == 0 ? half : roundTrip - half
  }
}
