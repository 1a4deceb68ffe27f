/// Which handshake a connection makes between TCP and its application.
public enum TLSMode: UInt8, CaseIterable, Sendable {
  /// TLS 1.2, whole (RFC 5246 §7.3).
  case full12
  /// TLS 1.2, whole; the client sends data with its Finished and does not wait for the server's
  /// (RFC 7918).
  case falseStart12
  /// TLS 1.2, resumed by a ticket that the server gave out before (RFC 5077).
  case ticket12
  /// TLS 1.2, resumed by a session that the server has kept (RFC 5246 §7.3).
  case session12
  /// TLS 1.3, whole (RFC 8446 §2).
  case full13
  /// TLS 1.3, whole, after the server asked for another group (RFC 8446 §4.1.4).
  case retry13
  /// TLS 1.3, resumed by a pre-shared key (RFC 8446 §2.2).
  case resumed13
  /// TLS 1.3, resumed, with the requests that are there already as early data (RFC 8446 §2.3).
  case earlyData13
  /// The same, but the server answers early requests with 425 (Too Early), so that the client sends
  /// them again once the handshake is complete (RFC 8470 §5.2).
  case tooEarly13

  /// Whether it is TLS 1.3.
  public var isVersion13: Bool {
    switch self {
    case .full12, .falseStart12, .ticket12, .session12: false
    case .full13, .retry13, .resumed13, .earlyData13, .tooEarly13: true
    }
  }

  /// Whether both ends know each other from an earlier connection, so that no certificate is sent.
  public var isResumed: Bool {
    switch self {
    case .ticket12, .session12, .resumed13, .earlyData13, .tooEarly13: true
    case .full12, .falseStart12, .full13, .retry13: false
    }
  }

  /// Whether requests may leave as early data.
  public var sendsEarlyData: Bool { self == .earlyData13 || self == .tooEarly13 }
}

/// TLS on the connections of a client.
public struct TLSSettings: Equatable, Sendable {
  /// Which handshake.
  public var mode: TLSMode
  /// Bytes of the server's certificates.
  public var certificate: ByteCount
  /// How many session tickets the server gives out after a handshake that is not resumed: OpenSSL
  /// gives two in TLS 1.3, and one after one that is.
  public var tickets: Int
  /// How long a server computes before each of its flights: it signs, and derives keys. Meanwhile it
  /// reads nothing.
  public var serverTime = SimDuration.zero
  /// What both ends call the protocols that they would speak; nil where the client's protocol says it
  /// and the server knows every one.
  public var names: ApplicationNames?
  /// What becomes of early data, where there is any.
  public var early = EarlyDataPolicy()

  /// A handshake with its sizes; the certificate is one with an RSA key of 2,048 bits unless it is
  /// given.
  public init(_ mode: TLSMode, certificate: ByteCount = ByteCount(815), tickets: Int = 2) {
    self.mode = mode
    self.certificate = certificate
    self.tickets = tickets
  }
}
