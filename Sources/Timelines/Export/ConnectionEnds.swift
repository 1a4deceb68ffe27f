import NetSim

/// The addresses and ports of a connection, read from the names that the log has.
struct ConnectionEnds {
  /// One end.
  struct End {
    var address: IPAddress
    var port: UInt16
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
    return End(address: IPAddress(octets[0], octets[1], octets[2], octets[3]), port: port)
  }
}
