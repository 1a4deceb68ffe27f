/// The numbers of what an IP packet may carry that this package knows (IANA's protocol numbers).
public enum IPProtocol {
  /// IPv4 within IP (RFC 2003).
  @inlinable public static var ipv4: UInt8 { 4 }
  /// IPv6 within IP (RFC 4213 §3).
  @inlinable public static var ipv6: UInt8 { 41 }
  /// GRE (RFC 2784).
  @inlinable public static var gre: UInt8 { 47 }
  /// MPLS within IP (RFC 4023 §3).
  @inlinable public static var mpls: UInt8 { 137 }
  /// TCP.
  @inlinable public static var tcp: UInt8 { 6 }
  /// UDP.
  @inlinable public static var udp: UInt8 { 17 }
  /// IPv6 hop-by-hop options (RFC 8200 §4.3).
  @inlinable public static var hopByHopOptions: UInt8 { 0 }
  /// IPv6 routing header (RFC 8200 §4.4).
  @inlinable public static var routing: UInt8 { 43 }
  /// IPv6 fragment header (RFC 8200 §4.5).
  @inlinable public static var fragment: UInt8 { 44 }
  /// Authentication header (RFC 4302 §2).
  @inlinable public static var authentication: UInt8 { 51 }
  /// IPv6 destination options (RFC 8200 §4.6).
  @inlinable public static var destinationOptions: UInt8 { 60 }
  /// IPv6 mobility header (RFC 6275 §6.1).
  @inlinable public static var mobility: UInt8 { 135 }
}
