import NetSim

/// A capture as a scenario: its path, its requests with their think times, and its losses.
///
/// What is replayed are the HTTP/1.x requests that are complete; what else the capture holds is named
/// in `leftOut`. The think times come from gaps: the server's from the request's end to the first
/// byte of its response less the path's share, the client's from the completion that came before.
public struct CapturedScenario: Sendable {
  /// The scenario. Its links stand in pairs, up before down; the first is the bottleneck, and each
  /// further one is what a more distant server adds.
  public private(set) var scenario: Scenario
  /// The path to the nearest server.
  public private(set) var link: LinkEstimate
  /// A captured request that is replayed.
  public struct Request: Sendable {
    /// Its index in the capture.
    public var index: UInt32
    /// When it began to be wanted, at the place of capture: the SYN of a connection that was opened
    /// for it, else its first byte.
    public var begin: SimTime
    /// When the client had all of its response: at a server, when it had acknowledged it.
    public var end: SimTime
  }

  /// For each client of the scenario, its objects as they were captured.
  public private(set) var requests: [[Request]] = []
  /// When the first replayed connection was opened, on the capture's clock.
  public private(set) var start: SimTime
  /// From then to the end of the last replayed response, as the client saw it.
  public private(set) var pageTime: SimDuration
  /// How many packets judged lost are lost again.
  public private(set) var lost: Int
  /// What of the capture is not replayed, a phrase each.
  public private(set) var leftOut: [String] = []
  /// How many of the replayed connections were open when the capture began: their handshakes are
  /// simulated, and nothing in the capture stands beside them.
  public private(set) var openBefore: Int

  /// Estimates the scenario of a capture that was read with a whole log.
  public init(_ analysis: CaptureAnalysis) throws(ReplayError) {
    precondition(analysis.log.level == .everything, "replay needs the whole log")
    let observed = ObservedRequests(analysis)
    guard !observed.requests.isEmpty else {
      throw ReplayError(explanation: ReplayError.reason(analysis))
    }
    let connections = Set(observed.requests.map(\.connection)).sorted().map {
      analysis.connections[$0]
    }
    if connections.contains(where: \.isCapturedTwice) { throw ReplayError.capturedTwice }
    link = observed.nearest
    start = observed.requests.map(\.begin).min() ?? .zero
    pageTime = (observed.requests.map(\.end).max() ?? .zero) - start
    let path = ReplayPaths(observed, connections)
    let losses = ReplayLosses(connections, path.order)
    lost = losses.count
    openBefore = connections.count { !$0.hasHandshake }
    var links = path.links
    links[0].drops = losses.up
    links[1].drops = losses.down
    scenario = Scenario(
      profile: .linux, seed: 1, links: links, paths: path.paths, clients: [])
    for address in observed.clients {
      let own = observed.requests.filter {
        analysis.connections[$0.connection].client.address == address
      }
      let workload = ReplayWorkload(own, analysis, path, start: start)
      scenario.clients.append(workload.client)
      requests.append(own.map { Request(index: UInt32($0.index), begin: $0.begin, end: $0.end) })
    }
    leftOut = CapturedScenario.leftOut(analysis, observed, connections)
  }

  private static func leftOut(
    _ analysis: CaptureAnalysis, _ observed: ObservedRequests, _ replayed: [CapturedConnection]
  ) -> [String] {
    func phrase(_ count: Int, _ what: String) -> [String] {
      count == 0 ? [] : ["\(count) " + what + (count == 1 ? "" : "s")]
    }
    let doubtful = replayed.reduce(0) { $0 + $1.possiblyLost.count }
    return phrase(analysis.requests.count - observed.requests.count, "incomplete request")
      + phrase(analysis.connections.count - replayed.count, "connection without such a request")
      + (doubtful == 0 ? [] : ["\(doubtful) doubtful losses"])
  }
}

/// Why a capture cannot be replayed.
public struct ReplayError: Error, Equatable, Sendable {
  /// What is missing, in one line without the file's name.
  public let explanation: String

  /// An error with its explanation.
  public init(explanation: String) { self.explanation = explanation }

  fileprivate static let capturedTwice = ReplayError(
    explanation: "its packets were captured at two places; replay one of the captures alone")

  fileprivate static func reason(_ analysis: CaptureAnalysis) -> String {
    let nothing = "so nothing to replay"
    if analysis.connections.isEmpty {
      return analysis.summary.quicConversations > 0
        ? "no TCP connection but QUIC, which is encrypted, \(nothing)"
        : "no TCP connection, \(nothing)"
    }
    let cut = analysis.summary.cutPackets
    if cut > 0, analysis.requests.allSatisfy({ $0.complete == nil }) {
      return "no whole request, \(nothing): \(cut) packets are cut by the capture's snapshot length"
    }
    if analysis.requests.isEmpty {
      let kinds = Set(analysis.connections.map(\.protocolKind.name)).sorted()
      return "no HTTP/1 request in the clear, \(nothing); its connections are "
        + kinds.joined(separator: ", ")
    }
    return "none of its \(analysis.requests.count) requests is complete, \(nothing)"
  }
}
