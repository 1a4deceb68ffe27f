/// How long HTTP connections are kept open, and for how many requests (RFC 9112 §9.3, §9.5).
public struct PersistencePolicy: Equatable, Sendable {
  /// How long a server keeps a connection on which nothing is asked (nginx's `keepalive_timeout`,
  /// Apache's `KeepAliveTimeout`); nil for as long as it likes.
  public var serverIdleLimit: SimDuration?
  /// How long a client keeps a connection that it does not use; nil for as long as it likes.
  public var clientIdleLimit: SimDuration?
  /// How many requests a server answers on a connection before it closes it (nginx's
  /// `keepalive_requests`, Apache's `MaxKeepAliveRequests`); nil for any number.
  public var mostRequests: Int?
  /// How old a connection becomes before its server ends it (nginx's `keepalive_time`, Envoy's
  /// `max_connection_duration`): over HTTP/2 at that time, before it behind the next response. Nil for
  /// any age.
  public var serverLifetime: SimDuration?

  /// A policy without limits, where none is given.
  public init(
    serverIdleLimit: SimDuration? = nil, clientIdleLimit: SimDuration? = nil,
    mostRequests: Int? = nil
  ) {
    self.serverIdleLimit = serverIdleLimit
    self.clientIdleLimit = clientIdleLimit
    self.mostRequests = mostRequests
  }

  /// The policy of a profile: in `linux` that of nginx 1.22 and curl 7.88 as they come.
  public static func standard(_ profile: Profile) -> PersistencePolicy {
    switch profile {
    case .linux:
      PersistencePolicy(
        serverIdleLimit: .seconds(75), clientIdleLimit: .seconds(118), mostRequests: 1000)
    case .rfc, .ideal: PersistencePolicy()
    }
  }
}
