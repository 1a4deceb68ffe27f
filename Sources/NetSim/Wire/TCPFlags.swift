/// The control bits of a TCP header (RFC 9293 §3.1), as they stand in its 14th byte.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The byte as it stands in the header.
  public var rawValue: UInt8

  /// The flags of a header byte.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No more data from the sender.
  public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
  /// Synchronise sequence numbers.
  public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
  /// Reset the connection.
  public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
  /// Push.
  public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
  /// The acknowledgement number counts.
  public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
  /// The urgent pointer counts.
  public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
  /// ECN echo (RFC 3168).
  public static var ece: TCPFlags { TCPFlags(rawValue: 0x40) }
  /// Congestion window reduced (RFC 3168).
  public static var cwr: TCPFlags { TCPFlags(rawValue: 0x80) }
}
