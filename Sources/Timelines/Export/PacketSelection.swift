import NetSim

/// Which packets of a log are wanted.
public struct PacketSelection: Sendable {
  /// The connections, by their indices; empty for all.
  public var connections: [UInt32]
  /// Addresses of which a connection has one, as printed (`10.8.0.1`, `2001:db8::1`); empty for all.
  public var hosts: [String]
  /// Nothing before this.
  public var from: SimTime?
  /// Nothing from this on.
  public var to: SimTime?

  /// A selection; all packets where nothing is said.
  public init(
    connections: [UInt32] = [], hosts: [String] = [], from: SimTime? = nil, to: SimTime? = nil
  ) {
    self.connections = connections
    self.hosts = hosts
    self.from = from
    self.to = to
  }

  /// Whether a time lies within the bounds.
  public func takes(_ time: SimTime) -> Bool {
    from.map { time >= $0 } ?? true && to.map { time < $0 } ?? true
  }

  /// Whether a connection, by its index, is wanted at a time.
  public func takes(connection: UInt32, at time: SimTime) -> Bool {
    takes(time) && (connections.isEmpty || connections.contains(connection))
  }

  /// Whether a connection has one of the hosts.
  func takes(_ connection: ConnectionDescription) -> Bool {
    hosts.isEmpty
      || [connection.clientName, connection.serverName].contains { hosts.contains(Self.host($0)) }
  }

  /// The address of a name: `10.8.0.1:80` and `[::1]:80` without their ports.
  private static func host(_ name: [UInt8]) -> String {
    let address = name.lastIndex(of: UInt8(ascii: ":")).map { name[..<$0] } ?? name[...]
    let isBracketed = address.first == UInt8(ascii: "[") && address.last == UInt8(ascii: "]")
    return String(decoding: isBracketed ? address.dropFirst().dropLast() : address, as: UTF8.self)
  }
}
