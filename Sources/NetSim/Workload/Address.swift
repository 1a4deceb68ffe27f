/// The addresses that simulated hosts go by: 10.0.0.0/8, the client's second byte 0, the server's 1, a
/// proxy's 1 and how many there are up to it.
enum Address {
  /// The client's address and the port of its `connection`.
  static func client(_ index: Int, connection: Int) -> [UInt8] {
    address(network: 0, host: index, port: clientPort(connection))
  }

  /// The address of the `rank`-th proxy of a client, from 1, with a port.
  static func proxy(_ client: Int, _ rank: Int, port: Int) -> [UInt8] {
    address(network: 2 + rank, host: client, port: port)
  }

  /// The address and port of somebody on the client's path, for its `connection`.
  static func attacker(_ index: Int, connection: Int) -> [UInt8] {
    address(network: 2, host: index, port: clientPort(connection))
  }

  /// The port that a connection is opened from.
  static func clientPort(_ connection: Int) -> Int { 49_152 + connection % 16_384 }

  /// The server's address and port: that of HTTP, or of HTTP over TLS.
  static func server(_ client: Int, isSecured: Bool) -> [UInt8] {
    address(network: 1, host: client, port: isSecured ? 443 : 80)
  }

  /// The server's address without its port.
  static func serverHost(_ client: Int) -> [UInt8] { host(network: 1, client) }

  private static func address(network: Int, host index: Int, port: Int) -> [UInt8] {
    var text = host(network: network, index)
    text.append(UInt8(ascii: ":"))
    text.appendDecimal(Int64(port))
    return text
  }

  private static func host(network: Int, _ index: Int) -> [UInt8] {
    var text: [UInt8] = []
    let number = index + 1  // the first host of a network is .1
    let bytes = [10, network, number >> 8 & 255, number & 255]
    for (index, byte) in bytes.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ".")) }
      text.appendDecimal(Int64(byte))
    }
    return text
  }
}

extension Array where Element == UInt8 {
  /// Appends a whole number, which must not be negative, in decimal digits.
  mutating func appendDecimal(_ value: Int64) {
    precondition(value >= 0, "a count below zero")
    var rest = value
    let first = count
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    self[first...].reverse()
  }

  /// Appends the characters of a text.
  mutating func appendText(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
