/// A proxy between a client and its servers: a host of its own, with connections on both sides.
public struct ProxySettings: Equatable, Sendable {
  /// What it does with what passes.
  public var kind: ProxyKind
  /// Index of the path from it to the next proxy, or to the servers.
  public var path: Int
  /// How many connections at most it has open to what lies behind it.
  public var connections: Int
  /// How long it keeps connections: as a server those of its clients, as a client those to what lies
  /// behind it. A relay that reads nothing but the end of connections keeps no times.
  public var persistence: PersistencePolicy

  /// A proxy of a kind.
  public init(
    _ kind: ProxyKind, path: Int, connections: Int = 6,
    persistence: PersistencePolicy = PersistencePolicy()
  ) {
    self.kind = kind
    self.path = path
    self.connections = connections
    self.persistence = persistence
  }
}

/// What a proxy does with the fields that are meant for one connection only (RFC 9110 §7.6.1), and
/// with connections.
public enum ProxyKind: UInt8, CaseIterable, Sendable {
  /// As RFC 9110 §7.6 says: it takes `Connection` out and decides on its own connections itself.
  case correct
  /// As the first, and it takes `Proxy-Connection: keep-alive` for a client's wish to keep the
  /// connection, which it passes on as `Connection: keep-alive` (RFC 9112 §C.2.2).
  case smart
  /// A blind relay: it knows no `Connection` and forwards it like any other field. For each connection
  /// of a client it reads one request, opens a connection for it, and carries back whatever comes
  /// until that ends (RFC 9112 §C.2.2).
  case blind
  /// A relay that forwards no `Connection` and asks as HTTP/1.0 does, so that the end comes.
  case stripping

  /// Whether it carries back what comes until the connection behind it ends.
  var relaysUntilEnd: Bool { self == .blind || self == .stripping }
}
