import NetSim

/// The addresses and ports of a connection, read from the names that the log has.
struct ConnectionEnds {
  /// One end.
  struct End {
    let octets: [UInt8]
    let port: UInt16

    var address: IPAddress { IPAddress(octets[0], octets[1], octets[2], octets[3]) }

    /// The same where its address has changed. Hosts move from network to network, and ports are as far
    /// from each other as any.
    func changed(to address: ClientAddress) -> End {
      var octets = octets
      if address.host > 0 { octets[1] = 127 &+ address.host }
      let port = address.port > 0 ? 1_024 + (port &+ UInt16(address.port) &* 9_973) % 48_000 : port
      return End(octets: octets, port: port)
    }
  }

  private let client: End
  private let server: End

  /// The ends of a connection; nil unless both names are an IPv4 address and a port.
  init?(_ description: ConnectionDescription) {
    guard let client = Self.end(description.clientName),
      let server = Self.end(description.serverName)
    else { return nil }
    self.client = client
    self.server = server
  }

  /// The end on a side.
  subscript(side: Side) -> End { side == .client ? client : server }

  /// Reads `10.0.0.1:49152`.
  private static func end(_ name: [UInt8]) -> End? {
    let parts = name.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, let port = UInt16(String(decoding: parts[1], as: UTF8.self)) else {
      return nil
    }
    let octets = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .compactMap { UInt8(String(decoding: $0, as: UTF8.self)) }
    guard octets.count == 4 else { return nil }
    return End(octets: octets, port: port)
  }
}
