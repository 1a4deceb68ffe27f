/// A version of TLS as it stands in hello messages and record headers (RFC 8446 §4.1.2).
public struct TLSVersion: RawRepresentable, Equatable, Sendable {
  /// The number on the wire: 0x0303 is TLS 1.2, 0x0304 TLS 1.3.
  public let rawValue: UInt16

  /// The version of a number on the wire.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// RFC 5246.
  public static var tls12: TLSVersion { TLSVersion(rawValue: 0x0303) }
  /// RFC 8446.
  public static var tls13: TLSVersion { TLSVersion(rawValue: 0x0304) }

  /// Whether it is TLS 1.3, or one of the drafts of it (0x7F00 and the draft's number).
  public var isVersion13: Bool { self == .tls13 || rawValue >> 8 == 0x7F }

  /// Its name (`1.3`); nil where it has none.
  public var name: String? {
    switch rawValue {
    case 0x0300: "SSL 3.0"
    case 0x0301: "1.0"
    case 0x0302: "1.1"
    case 0x0303: "1.2"
    case 0x0304: "1.3"
    default: isVersion13 ? "1.3 draft" : nil
    }
  }
}
