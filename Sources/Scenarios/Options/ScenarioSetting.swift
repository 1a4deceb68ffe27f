import NetSim

/// One option with its value, read and within its bounds.
enum ScenarioSetting {
  case profile(Profile)
  case seed(UInt64)
  case timeLimit(SimDuration)
  case rate(Way, Bitrate)
  case roundTrip(Way, SimDuration)
  case queue(Way, QueueLimit)
  case loss(Way, Probability)
  case bursts(Way, BurstLoss)
  case drop(DropList)
  case discipline(Way, QueueDiscipline)
  case marking(Way, Bool)
  case jitter(Way, SimDuration)
  case reordering(Way, Reordering?)
  case duplication(Way, Probability)
  case outages(Way, [Outage])
  case middlebox(MiddleboxSetting)
  case rateSteps(Way, [RateStep])
  case congestion(CongestionAlgorithm)
  case initialWindow(UInt32)
  case maximumSegmentSize(UInt32)
  case acknowledgementDelay(SimDuration)
  case minimumRTO(SimDuration)
  case receiveWindow(ByteCount)
  case receiveBuffer(ByteCount)
  case pacing(Bool)
  case slowStartAfterIdle(Bool)
  case timestamps(Bool)
  case selectiveAcknowledgements(Bool)
  case notification(Bool)
  case keepalive(SimDuration?)
  case fastOpen(Bool)
  case tls(TLSChoice)
  case certificateSize(ByteCount)
  case tlsTime(SimDuration)
  case earlyData(isAnything: Bool)
  case replay(SimDuration?)
  case antiReplay(Bool)
  case names(Side, [ApplicationName])
  case application(ApplicationProtocol)
  case connections(Int)
  case keepAlive(Bool)
  case serverIdleLimit(SimDuration?)
  case clientIdleLimit(SimDuration?)
  case mostRequests(Int?)
  case serverLifetime(SimDuration?)
  case requestTimeout(SimDuration?)
  case responseHead(isAlone: Bool)
  case stream(StreamSetting)
  case streamPreset(Side, HTTP2Preset)
  case injections([HTTP2Injection])
  case quic(QUICSetting)
  case proxies([ProxyKind])
  case proxyRoundTrip(SimDuration)
  case proxyConnection(Bool)
  case pool(PoolSetting)
  case fields(RequestFields)
  case cookie(ByteCount)
  case objects([ObjectSettings])
  case request(ByteCount?)
  case start(StartRule)
  case arrivals(Arrivals?)
  case serverTimes([SimDuration])
  case readRate(ByteCount?)

  /// Which directions of a link are meant.
  enum Way {
    case both
    case up
    case down
  }

  /// Whose end of a connection is meant, where it is about the transport or about HTTP/2.
  enum Ends {
    case both
    case client
    case server
  }
}

extension ScenarioSetting {
  /// Whether it sets many values at once, which others change.
  var isPreset: Bool { if case .streamPreset = self { true } else { false } }

  /// Changes `parts`; what is about the transport or about HTTP/2, at the given ends.
  func apply(to parts: inout ScenarioParts, at ends: Ends = .both) {
    switch self {
    case .profile: break  // it comes before everything
    case .tls(let choice): parts.tls = choice
    case .certificateSize(let size): parts.certificate = size
    case .tlsTime(let time): parts.tlsTime = time
    case .earlyData(let isAnything): parts.early.sendsAnything = isAnything
    case .replay(let delay): parts.early.replayAfter = delay
    case .antiReplay(let refuses): parts.early.refusesReplays = refuses
    case .names(.client, let names): parts.clientNames = names
    case .names(.server, let names): parts.serverNames = names
    case .seed(let seed): parts.seed = seed
    case .timeLimit(let time): parts.timeLimit = time
    case .rate(let way, let rate): parts.change(way) { $0.rate = rate }
    case .roundTrip(let way, let time):
      if way != .down { parts.up.delay = PathDelay.up(of: time) }
      if way != .up { parts.down.delay = PathDelay.down(of: time) }
    case .queue(let way, let queue): parts.change(way) { $0.queue = queue }
    case .loss(let way, let loss):
      parts.change(way) {
        $0.loss = loss
        $0.bursts = nil
      }
    case .bursts(let way, let bursts):
      parts.change(way) {
        $0.loss = .zero
        $0.bursts = bursts
      }
    case .drop(let list): parts.add(list)
    case .discipline(let way, let discipline): parts.change(way) { $0.discipline = discipline }
    case .marking(let way, let isOn): parts.change(way) { $0.marksECN = isOn }
    case .jitter(let way, let jitter): parts.change(way) { $0.jitter = jitter }
    case .reordering(let way, let reordering): parts.change(way) { $0.reordering = reordering }
    case .duplication(let way, let share): parts.change(way) { $0.duplication = share }
    case .middlebox(let setting): parts.change(.both) { setting.apply(to: &$0) }
    case .outages(let way, let outages): parts.change(way) { $0.outages = outages }
    case .rateSteps(let way, let steps): parts.change(way) { $0.rateSteps = steps }
    case .application(let application): parts.client.application = application
    case .connections(let count): parts.client.connections = count
    case .keepAlive(let keeps): parts.client.keepAlive = keeps
    case .serverIdleLimit(let time): parts.client.persistence.serverIdleLimit = time
    case .clientIdleLimit(let time): parts.client.persistence.clientIdleLimit = time
    case .mostRequests(let count): parts.client.persistence.mostRequests = count
    case .serverLifetime(let time): parts.client.persistence.serverLifetime = time
    case .requestTimeout(let time): parts.client.requestTimeout = time
    case .responseHead(let isAlone): parts.client.writesHeadAlone = isAlone
    case .stream(let setting): setting.apply(to: &parts.client, at: ends)
    case .quic(let setting): setting.apply(to: &parts, at: ends)
    case .streamPreset(let side, let preset): parts.take(preset, of: side)
    case .injections(let frames): parts.add(frames)
    case .proxies(let kinds): parts.proxies = kinds
    case .proxyRoundTrip(let time): parts.proxyRoundTrip = time
    case .proxyConnection(let isOn): parts.client.sendsProxyConnection = isOn
    case .pool(let setting): setting.apply(to: &parts.client.pool)
    case .fields(let fields): parts.client.fields = fields
    case .cookie(let size): parts.client.cookieBytes = size
    case .objects(let objects): parts.client.objects = objects
    case .request(let bytes): parts.client.requestBytes = bytes
    case .start(let rule): parts.client.start = rule
    case .arrivals(let arrivals): parts.client.arrivals = arrivals
    case .serverTimes(let times): parts.client.serverTimes = times
    case .readRate(let rate): parts.client.readRate = rate
    case .congestion, .initialWindow, .maximumSegmentSize, .acknowledgementDelay, .minimumRTO,
      .receiveWindow, .receiveBuffer, .pacing, .slowStartAfterIdle, .timestamps,
      .selectiveAcknowledgements,
      .notification, .keepalive, .fastOpen:
      parts.change(ends) { apply(to: &$0) }
      parts.client.quic.change(ends) { apply(to: &$0) }
    }
  }

  /// Changes an end of QUIC connections, where this is about TCP and QUIC.
  private func apply(to end: inout QUICEndPolicy) {
    switch self {
    case .acknowledgementDelay(let delay): end.mostDelay = delay
    case .pacing(let isOn):
      // RFC 9002 §7.7 lets as much leave at once as the initial window has.
      end.burst = isOn ? max(end.burst, 10) : 0
    default: break
    }
  }

  /// Changes the transport of one end, where this is about the transport.
  private func apply(to transport: inout TransportSettings) {
    switch self {
    case .congestion(let algorithm): transport.congestion = algorithm
    case .initialWindow(let segments): transport.initialWindow = segments
    case .maximumSegmentSize(let bytes): transport.maximumSegmentSize = bytes
    case .acknowledgementDelay(let delay):
      transport.acknowledgements.delay = delay
      // Without this `ideal`, which acknowledges each segment at once, would delay nothing.
      transport.acknowledgements.everySegments = delay == .zero ? 1 : 2
    case .minimumRTO(let time): transport.minimumRTO = time
    case .receiveWindow(let size):
      transport.receiveWindow = size
      transport.receivePolicy.initialBuffer = size
    case .receiveBuffer(let size):
      transport.receivePolicy.initialBuffer = min(size, transport.receiveWindow)
    case .pacing(let isOn): transport.usesPacing = isOn
    case .slowStartAfterIdle(let isOn): transport.slowStartAfterIdle = isOn
    case .timestamps(let isOn): transport.timestamps = isOn
    case .selectiveAcknowledgements(let isOn): transport.selectiveAcknowledgements = isOn
    case .notification(let isOn): transport.congestionNotification = isOn ? .asks : .never
    case .keepalive(let idle):
      transport.keepalive = idle.map { idle in
        var policy = KeepalivePolicy()
        policy.idle = idle
        return policy
      }
    case .fastOpen(let isOn): transport.fastOpen = isOn
    case .profile, .seed, .timeLimit, .rate, .roundTrip, .queue, .loss, .bursts, .drop,
      .discipline, .marking, .jitter, .reordering, .duplication, .outages, .middlebox,
      .rateSteps, .tls, .certificateSize, .tlsTime, .earlyData, .replay,
      .antiReplay, .names, .application, .connections, .keepAlive, .serverIdleLimit,
      .clientIdleLimit, .mostRequests, .serverLifetime, .requestTimeout, .responseHead, .stream,
      .streamPreset, .injections, .quic, .proxies, .proxyRoundTrip, .proxyConnection, .pool,
      .fields, .cookie, .objects, .request, .start, .arrivals, .serverTimes, .readRate:
      break
    }
  }
}

/// What options are about: the run as a whole, one link with its two directions, one client with
/// its servers. The defaults of a scenario, and each named link and client, start from such parts.
struct ScenarioParts {
  let profile: Profile
  var seed: UInt64
  var timeLimit: SimDuration
  var up: LinkSettings
  var down: LinkSettings
  var client: ClientSettings
  var tls = TLSChoice.none
  var certificate = TLSSettings(.full13).certificate
  var tlsTime = SimDuration.zero
  var proxies: [ProxyKind] = []
  /// The round trip behind each proxy; nil for that of the link.
  var proxyRoundTrip: SimDuration?
  /// The round trip and the rate from where a client moves to; nil for those of the link.
  var roundTripAfterMoving: SimDuration?
  var rateAfterMoving: Bitrate?
  var early = EarlyDataPolicy()
  /// What both ends call the protocols that they would speak; nil as the client's protocol has it.
  var clientNames: [ApplicationName]?
  var serverNames: [ApplicationName]?

  /// TLS, where it was chosen. In `ideal` the server gives out no tickets, which would share the first
  /// flight with the response.
  var tlsSettings: TLSSettings? {
    guard case .mode(let mode) = tls else { return nil }
    var settings = TLSSettings(mode, certificate: certificate)
    settings.early = early
    settings.serverTime = tlsTime
    var names = ApplicationNames(for: client.application)
    if let clientNames { names.client = clientNames }
    if let serverNames { names.server = serverNames }
    if names != ApplicationNames(for: client.application) { settings.names = names }
    if profile == .ideal { settings.tickets = 0 }
    return settings
  }

  /// The parts of the profile's standard scenario.
  init(_ profile: Profile) {
    let standard = Scenario.standard(profile)
    self.profile = profile
    seed = standard.seed
    timeLimit = standard.timeLimit
    up = standard.links[0]
    down = standard.links[1]
    client = standard.clients[0]
  }

  /// Applies settings in their order: presets before what changes them, and what is about one end after
  /// what is about both, unless that comes from the command line.
  mutating func apply(_ settings: [PlannedSetting]) {
    for given in settings where given.setting.isPreset { given.setting.apply(to: &self) }
    for given in settings where given.ends == .both && !given.setting.isPreset {
      given.setting.apply(to: &self)
    }
    for given in settings where given.ends != .both {
      given.setting.apply(to: &self, at: given.ends)
    }
    let ofOneEnd = settings.filter { $0.ends != .both && $0.place != nil }.map(\.name)
    for given in settings
    where given.place == nil && given.ends == .both && ofOneEnd.contains(given.name) {
      given.setting.apply(to: &self)
    }
    if client.serverTransport == client.transport { client.serverTransport = nil }
  }

  fileprivate mutating func change(
    _ way: ScenarioSetting.Way, _ change: (inout LinkSettings) -> Void
  ) {
    if way != .down { change(&up) }
    if way != .up { change(&down) }
  }

  /// Gives an end of HTTP/2 connections what a preset has; what it says of the pool, clients alone.
  fileprivate mutating func take(_ preset: HTTP2Preset, of side: Side) {
    if side == .server {
      client.http2.server = preset.policy
    } else {
      client.http2.client = preset.policy
      if let limit = preset.idleLimit { client.persistence.clientIdleLimit = limit }
    }
  }

  fileprivate mutating func change(
    _ ends: ScenarioSetting.Ends, _ change: (inout TransportSettings) -> Void
  ) {
    var server = client.serverTransport ?? client.transport
    if ends != .client { change(&server) }
    if ends != .server { change(&client.transport) }
    client.serverTransport = server
  }

  /// Adds frames to those that are injected; none takes all of them away.
  fileprivate mutating func add(_ frames: [HTTP2Injection]) {
    client.http2.injections = frames.isEmpty ? [] : client.http2.injections + frames
  }

  /// Adds drops to those that are listed; an empty list takes all of them away.
  fileprivate mutating func add(_ list: DropList) {
    let clears = list.up.isEmpty && list.down.isEmpty
    up.drops = clears ? [] : up.drops + list.up
    down.drops = clears ? [] : down.drops + list.down
  }
}

/// How a round trip is shared between the way to the server and the way to the client: half each,
/// an odd nanosecond to the way down.
enum PathDelay {
  static func up(of roundTrip: SimDuration) -> SimDuration { roundTrip / 2 }

  static func down(of roundTrip: SimDuration) -> SimDuration { roundTrip - roundTrip / 2 }
}
