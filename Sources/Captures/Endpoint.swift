import NetSim

/// An address and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The port.
  public var port: UInt16

  /// As printed: `10.8.0.2:80`, `[::1]:80`.
  public var description: String { String(decoding: address.text(port: port), as: UTF8.self) }
}
