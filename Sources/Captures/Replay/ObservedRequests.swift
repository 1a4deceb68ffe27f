import NetSim

/// The complete requests of a capture, as far as a replay needs them.
struct ObservedRequests {
  /// One request. Times are those at which things passed the place of capture.
  struct Request {
    /// Its index in the capture.
    var index: Int
    var connection: Int
    /// When it began to be wanted: the SYN of a connection that was opened for it, else its first
    /// byte.
    var begin: SimTime
    /// When the client knew that it was complete, on the same clock as `begin`.
    var end: SimTime
    /// The server's think time; nil where it cannot be told from waiting behind other responses.
    var serverTime: SimDuration?
    /// What the server's think time is at most.
    var serverLimit: SimDuration
    /// Whether the response's head came in a packet of its own.
    var headIsAlone: Bool
  }

  /// In the order in which they began.
  private(set) var requests: [Request] = []
  /// The clients' addresses, in the order of their first requests.
  private(set) var clients: [IPAddress] = []
  /// The path to each server, in the order of their first requests.
  private(set) var paths: [(server: Endpoint, link: LinkEstimate)] = []

  init(_ analysis: CaptureAnalysis) {
    let sightings = RequestSightings(analysis)
    let complete = analysis.requests.indices.filter {
      let request = analysis.requests[$0]
      return request.complete != nil && request.failed == nil && request.firstByte != nil
        && request.sentWhole != nil && request.responseBytes != nil
    }
    let used = Set(complete.map { Int(analysis.requests[$0].connection) }).sorted()
    var servers: [Endpoint] = []
    for connection in used.map({ analysis.connections[$0] })
    where !servers.contains(connection.server) { servers.append(connection.server) }
    for server in servers {
      let own = used.filter { analysis.connections[$0].server == server }
      var trains = PacketTrains()
      for index in own { trains.add(sightings.trains[index]) }
      let link = LinkEstimate(
        own.map { analysis.connections[$0] }, trains: trains,
        longestSample: own.map { sightings.longestSamples[$0] }.max() ?? .zero)
      paths.append((server, link))
    }
    for index in complete {
      requests.append(observe(index, analysis, sightings.sightings[index]))
    }
    requests.sort { ($0.begin, $0.index) < ($1.begin, $1.index) }
    for request in requests {
      let address = analysis.connections[request.connection].client.address
      if !clients.contains(address) { clients.append(address) }
    }
  }

  /// The path to the nearest server.
  var nearest: LinkEstimate {
    paths.map(\.link).min { $0.roundTrip < $1.roundTrip }
      ?? paths[0].link
  }

  /// The path to a server that is replayed.
  func link(to server: Endpoint) -> LinkEstimate {
    paths.first { $0.server == server }?.link ?? nearest
  }

  private func observe(
    _ index: Int, _ analysis: CaptureAnalysis, _ sighting: RequestSightings.Sighting
  ) -> Request {
    let request = analysis.requests[index]
    let connection = analysis.connections[Int(request.connection)]
    let link = link(to: connection.server)
    let think = ThinkTime(request, connection, sighting, link)
    let complete = request.complete ?? request.sent
    let head = (request.responseBytes ?? 0) - (request.bodyBytes ?? 0)
    return Request(
      index: index, connection: Int(request.connection),
      begin: ObservedRequests.begin(of: request, connection, link),
      // At the server only an acknowledgement tells what the client has.
      end: connection.vantage == .client
        ? complete : max(complete, sighting.acknowledged ?? complete),
      serverTime: think.time, serverLimit: think.limit,
      headIsAlone: Int64(sighting.firstPayload) == head && (request.bodyBytes ?? 0) > 0)
  }

  /// When a request began to be wanted. A connection that was opened long before its first request
  /// was not opened for it: then as late as one would have to be opened.
  private static func begin(
    of request: CapturedRequest, _ connection: CapturedConnection, _ link: LinkEstimate
  ) -> SimTime {
    guard request.position == 0, connection.hasHandshake else { return request.sent }
    let setup = connection.handshakeRTT ?? link.roundTrip
    let latest = SimTime(nanoseconds: max(0, (request.sent - .zero - setup).nanoseconds))
    // The capture at the server sees the SYN and the request shifted by the same way.
    let isEager = latest - connection.first > setup
    return isEager ? latest : connection.first
  }
}

/// How long a server thought about a request, from what passed the place of capture.
struct ThinkTime {
  /// The time; nil where the response's first packet was lost or came close behind another, so that
  /// waiting for the link cannot be told from thinking.
  private(set) var time: SimDuration?
  /// What it was at most.
  private(set) var limit: SimDuration

  init(
    _ request: CapturedRequest, _ connection: CapturedConnection,
    _ sighting: RequestSightings.Sighting, _ link: LinkEstimate
  ) {
    let sent = request.sentWhole ?? request.sent
    let answered = sighting.firstPacket ?? request.firstByte ?? sent
    guard connection.vantage == .client else {
      limit = max(.zero, answered - sent)
      time = limit
      return
    }
    let headers = 52  // of IPv4 and TCP with timestamps
    let packet = link.downTime(bytes: Int(sighting.firstPayload) + headers)
    let last = Int(request.requestBytes ?? 0) % 1448
    let way = link.roundTrip + link.upTime(bytes: last + headers) + packet
    limit = max(.zero, answered - sent - way)
    let wasLost = connection.lost.contains { lost in
      let start = request.responseSequence ?? 0
      return lost.sender == .server && lost.sequence <= start
        && start < lost.sequence + lost.length
    }
    // Packets that left the bottleneck back to back are as far apart as the later one is long.
    let isQueued = sighting.gap.map { $0 < packet + packet / 2 } ?? false
    time = wasLost || isQueued ? nil : limit
  }
}
