import NetSim

/// What one client of a capture asked for, as a client of a scenario.
struct ReplayWorkload {
  private(set) var client: ClientSettings

  /// The client of these requests, which stand in the order in which they began; `start` is when the
  /// replay begins.
  init(
    _ requests: [ObservedRequests.Request], _ analysis: CaptureAnalysis, _ paths: ReplayPaths,
    start: SimTime
  ) {
    let connections = requests.map { analysis.connections[$0.connection] }
    var origins: [Endpoint] = []
    for connection in connections where !origins.contains(connection.server) {
      origins.append(connection.server)
    }
    let typical = ReplayWorkload.median(requests.compactMap(\.serverTime))
    let completions = Completions(requests)
    var objects: [ObjectSettings] = []
    for (place, request) in requests.enumerated() {
      var object = ReplayWorkload.object(analysis.requests[request.index])
      object.origin = origins.firstIndex(of: connections[place].server) ?? 0
      object.serverTime =
        request.serverTime ?? min(typical ?? request.serverLimit, request.serverLimit)
      object.after = completions.last(before: request.begin, amongFirst: place)
      object.clientTime = request.begin - (object.after.map { requests[$0].end } ?? start)
      objects.append(object)
    }
    client = ClientSettings(
      path: 0, application: ReplayWorkload.application(requests, analysis), objects: objects,
      connections: ReplayWorkload.parallel(requests, analysis),
      keepAlive: requests.count == 1
        || Set(requests.map(\.connection)).count < requests.count,
      transport: .standard(.linux))
    client.origins = origins.map { paths.path(to: $0) }
    client.writesHeadAlone = requests.filter(\.headIsAlone).count * 2 > requests.count
    setTransport(connections)
  }

  private static func object(_ request: CapturedRequest) -> ObjectSettings {
    let body = request.bodyBytes ?? 0
    let isPlain =
      request.target.count <= 200 && request.target.allSatisfy { (33...126).contains($0) }
    return ObjectSettings(
      ByteCount(body), request: request.requestBytes.map { ByteCount($0) },
      responseHead: ByteCount((request.responseBytes ?? body) - body),
      target: isPlain ? request.target : [])
  }

  // MARK: How it used its connections

  private static func application(
    _ requests: [ObservedRequests.Request], _ analysis: CaptureAnalysis
  ) -> ApplicationProtocol {
    let isOld = requests.allSatisfy {
      analysis.log.connections[$0.connection].application == .http10
    }
    if isOld { return .http10 }
    var ends: [Int: SimTime] = [:]
    for request in requests.sorted(by: { $0.index < $1.index }) {
      if let end = ends[request.connection], request.begin < end { return .http11Pipelined }
      ends[request.connection] = request.end
    }
    return .http11
  }

  /// How many connections to a server were busy at once at most.
  private static func parallel(
    _ requests: [ObservedRequests.Request], _ analysis: CaptureAnalysis
  ) -> Int {
    var spans: [Int: (server: Endpoint, from: SimTime, to: SimTime)] = [:]
    for request in requests {
      let server = analysis.connections[request.connection].server
      var span = spans[request.connection] ?? (server, request.begin, request.end)
      span.to = max(span.to, request.end)
      spans[request.connection] = span
    }
    var most = 1
    var busy: [Endpoint: Int] = [:]
    // An end counts before a beginning of the same moment.
    let changes = spans.values.flatMap {
      [(at: $0.from, step: 1, server: $0.server), (at: $0.to, step: -1, server: $0.server)]
    }.sorted { ($0.at, $0.step) < ($1.at, $1.step) }
    for change in changes {
      busy[change.server, default: 0] += change.step
      most = max(most, busy[change.server] ?? 0)
    }
    return most
  }

  // MARK: The transport

  private mutating func setTransport(_ connections: [CapturedConnection]) {
    var transport = TransportSettings.standard(.linux)
    let offers = connections.flatMap { [$0.offers.client, $0.offers.server].compactMap { $0 } }
    if !offers.isEmpty {
      transport.timestamps = offers.allSatisfy(\.timestamps)
      transport.selectiveAcknowledgements = offers.allSatisfy(\.permitsSACK)
      let sizes = offers.compactMap(\.maximumSegmentSize).filter { $0 >= 88 }
      if let least = sizes.min() { transport.maximumSegmentSize = UInt32(least) }
    }
    var server = transport
    let windows = connections.compactMap(\.initialWindowDown).filter(\.isLimit).map(\.segments)
    if let window = ReplayWorkload.median(windows), window > 0 {
      server.initialWindow = UInt32(clamping: window)
    }
    client.transport = transport
    client.serverTransport = server == transport ? nil : server
  }

  private static func median<Value: Comparable>(_ values: [Value]) -> Value? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}

/// The completions of requests in the order of their times.
private struct Completions {
  private let ends: [(time: SimTime, place: Int)]

  init(_ requests: [ObservedRequests.Request]) {
    ends = requests.enumerated().map { ($0.element.end, $0.offset) }.sorted { $0 < $1 }
  }

  /// The request, among the first `count`, whose completion came last at or before `time`.
  func last(before time: SimTime, amongFirst count: Int) -> Int? {
    ends[..<ends.partitionIndex { $0.time > time }].last { $0.place < count }?.place
  }
}
