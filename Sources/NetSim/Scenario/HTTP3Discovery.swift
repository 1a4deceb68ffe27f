/// How a client of HTTP/3 comes to it, and what it does where QUIC does not get through.
public struct HTTP3Discovery: Equatable, Sendable {
  /// Whether it knows from the beginning that its servers speak HTTP/3, from an earlier visit or from a
  /// record of the DNS (RFC 9460). Else it begins over HTTP/2, whose first response names the
  /// alternative (RFC 7838 §3), and goes over to it once a connection there is ready.
  public var isKnown = true
  /// How long after it began to connect over QUIC it tries TCP as well, to take whichever is ready
  /// first; nil for never. RFC 9114 §3.1 wants an attempt over TCP where QUIC cannot be had.
  public var raceDelay: SimDuration?

  /// A client that knows, and tries nothing else.
  public init() {}
}
