/// What each leg of a way over proxies agrees on: who keeps connections, and in which version.
///
/// A field like `Connection` is the same in each request of a client, so that it is followed through
/// the proxies once.
struct ProxyChain {
  /// The client's settings for each leg: the client's own, then each proxy's as a client.
  private(set) var legs: [ClientSettings] = []
  /// The version in which the answers on each leg are framed: what a relay carries back was made for
  /// the leg behind it.
  private(set) var answers: [ApplicationProtocol] = []

  /// What a request says about its connection.
  private struct Fields {
    var version: ApplicationProtocol
    /// `Connection: keep-alive`, and `Connection: close`.
    var keepsAlive = false
    var closes = false
    /// `Proxy-Connection: keep-alive`.
    var proxyConnection = false

    /// Whether a server that gets it leaves the connection open (RFC 9112 §9.3).
    var persists: Bool { version == .http10 ? keepsAlive : !closes }
  }

  init(_ client: ClientSettings) {
    legs = [client]
    answers = [client.application]
    if client.proxies.isEmpty { return }
    let fields = Self.fields(of: client)
    legs[0].persistence = Self.persistence(client, leg: 0)
    for (rank, proxy) in client.proxies.enumerated() {
      var leg = client
      leg.origins = client.origins.map { _ in proxy.path }
      leg.application = fields[rank + 1].version
      leg.connections = proxy.connections
      leg.tls = nil
      leg.readRate = nil
      leg.transport = client.serverTransport ?? client.transport
      leg.serverTransport = nil
      leg.persistence = Self.persistence(client, leg: rank + 1)
      legs.append(leg)
    }
    answers = legs.map { $0.application }
    var answerKeeps = fields[client.proxies.count].persists
    for rank in legs.indices.reversed() {
      if rank < client.proxies.count {
        let kind = client.proxies[rank].kind
        answerKeeps = Self.answerKeeps(kind, fields[rank], answerKeeps)
        if kind.relaysUntilEnd { answers[rank] = answers[rank + 1] }
      }
      legs[rank].keepAlive = answerKeeps
    }
  }

  /// What the request says on each leg.
  private static func fields(of client: ClientSettings) -> [Fields] {
    var own = Fields(version: client.application)
    if client.sendsProxyConnection {
      own.proxyConnection = client.keepAlive
    } else {
      own.keepsAlive = client.keepAlive && client.application == .http10
    }
    own.closes = !client.keepAlive
    var all = [own]
    for proxy in client.proxies { all.append(forwarded(all[all.count - 1], by: proxy.kind)) }
    return all
  }

  private static func forwarded(_ fields: Fields, by kind: ProxyKind) -> Fields {
    var next = fields
    if next.version == .http11Pipelined { next.version = .http11 }
    switch kind {
    case .blind: return next
    case .correct: return Fields(version: .http11)
    case .stripping: return Fields(version: .http10)
    case .smart:
      next.keepsAlive = fields.keepsAlive || fields.proxyConnection
      next.proxyConnection = false
      next.closes = false
      return next
    }
  }

  /// Whether the answer that a proxy gives says that the connection stays, where what lies behind it
  /// says so or not.
  private static func answerKeeps(
    _ kind: ProxyKind, _ fields: Fields, _ behind: Bool
  ) -> Bool {
    switch kind {
    case .correct: fields.persists
    case .smart: fields.persists || fields.proxyConnection
    case .blind: behind
    case .stripping: false
    }
  }

  /// The times of both ends of a leg.
  private static func persistence(_ client: ClientSettings, leg: Int) -> PersistencePolicy {
    let asked = leg == 0 ? client.persistence : client.proxies[leg - 1].persistence
    var policy = client.persistence
    if leg < client.proxies.count {
      let proxy = client.proxies[leg]
      let isRelay = proxy.kind.relaysUntilEnd
      policy.serverIdleLimit = isRelay ? nil : proxy.persistence.serverIdleLimit
      policy.mostRequests = isRelay ? nil : proxy.persistence.mostRequests
    }
    let isRelayed = leg > 0 && client.proxies[leg - 1].kind.relaysUntilEnd
    policy.clientIdleLimit = isRelayed ? nil : asked.clientIdleLimit
    return policy
  }
}
