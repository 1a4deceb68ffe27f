/// Where a client is to be found, told apart from where it was when its connection began: its servers
/// send there, and know it by that.
public struct ClientAddress: Equatable, Sendable, BitwiseCopyable {
  /// How often the client had moved to another address of its own.
  public var host: UInt8
  /// How often a NAT had given the connection another port.
  public var port: UInt8

  /// The address at which a connection begins.
  public static var first: ClientAddress { ClientAddress() }

  /// An address by what has changed.
  public init(host: UInt8 = 0, port: UInt8 = 0) {
    self.host = host
    self.port = port
  }

  /// The address of that number.
  public init(number: Int64) {
    self.init(
      host: UInt8(truncatingIfNeeded: number >> 8), port: UInt8(truncatingIfNeeded: number))
  }

  /// One number for it, 0 for the first.
  public var number: Int64 { Int64(host) << 8 | Int64(port) }

  /// The same as the client knows it, to whom no NAT tells of ports.
  public var own: ClientAddress { ClientAddress(host: host) }
}
