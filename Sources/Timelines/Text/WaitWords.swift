import NetSim

/// Who waits for whom at the end of a run, in words.
enum WaitWords {
  /// So many requests are explained; the others are counted.
  private static let mostRequests = 3

  /// A sentence for each request that is never answered, up to a few.
  static func sentences(_ waits: [StandingWait], _ numbers: RequestNumbers) -> [String] {
    var chains: [[StandingWait]] = []
    for wait in waits {
      if chains.last?.last?.request == wait.request {
        chains[chains.count - 1].append(wait)
      } else {
        chains.append([wait])
      }
    }
    let shown = chains.prefix(mostRequests).map { sentence($0, numbers[$0[0].request]) }
    let left = chains.count - shown.count
    if left == 0 { return shown }
    return shown + ["… and \(Numbers.count(left, "more request")) \(left == 1 ? "waits" : "wait")"]
  }

  private static func sentence(_ chain: [StandingWait], _ number: Int) -> String {
    let hasBegun = chain.contains { $0.party == .client && $0.awaited.isRest }
    let isOnly = !chain.contains { $0.party.isLaterProxy }
    let clauses = chain.indices.map { index in
      let party = chain[index].party
      let who = party == .proxy(1) && isOnly ? "the proxy" : LadderHosts.spoken(Self.party(party))
      return clause(chain[index], of: who, after: index == 0 ? nil : chain[index - 1])
    }
    return "request \(number) is never \(hasBegun ? "complete" : "answered"): "
      + clauses.joined(separator: "; ")
  }

  private static func clause(
    _ wait: StandingWait, of who: String, after before: StandingWait?
  ) -> String {
    let connection = wait.connection.map { "connection \($0)" } ?? "a connection"
    let place = before?.connection == wait.connection ? "there" : "on " + connection
    switch wait.awaited {
    case .connection: return "\(who) waits for a free connection"
    case .handshake: return "\(who) waits for \(connection) to open"
    case .turn: return "\(who) waits \(place) for the answers before it"
    case .answer: return "\(who) waits \(place) for the answer"
    case .rest(let bytes):
      return "\(who) waits \(place) for \(Numbers.bytes(bytes)) more of the answer"
    case .request: return "\(who) waits \(place) for a request"
    case .end where before?.awaited == .answer || before?.awaited == .turn:
      return "\(who) does not read it before \(connection) ends"
    case .end: return "\(who) waits for \(connection) to end"
    }
  }

  /// Who waits, in JSON's words.
  static func party(_ party: StandingWait.Party) -> String {
    switch party {
    case .client: "client"
    case .proxy(let number): "proxy \(number)"
    case .server: "server"
    }
  }

  /// What is waited for, in JSON's word, and of how many bytes where they are counted.
  static func awaited(_ awaited: StandingWait.Awaited) -> (word: String, bytes: Int64?) {
    switch awaited {
    case .connection: ("connection", nil)
    case .handshake: ("handshake", nil)
    case .turn: ("turn", nil)
    case .answer: ("answer", nil)
    case .rest(let bytes): ("rest", bytes)
    case .request: ("request", nil)
    case .end: ("end", nil)
    }
  }
}

extension StandingWait.Party {
  /// Whether it is a proxy behind another one.
  fileprivate var isLaterProxy: Bool {
    switch self {
    case .proxy(let number): number > 1
    case .client, .server: false
    }
  }
}

extension StandingWait.Awaited {
  /// Whether something of the answer has come.
  fileprivate var isRest: Bool {
    switch self {
    case .rest, .end: true
    case .connection, .handshake, .turn, .answer, .request: false
    }
  }
}
