/// The TLS 1.3 handshake as it goes over QUIC: flights of CRYPTO frames without records
/// (RFC 9001 §4). Both ends know the whole of it; each keeps how far it has come.
struct QUICHandshake {
  /// What one end writes at once into a space.
  struct Flight: Equatable {
    let sender: Side
    let space: PacketSpaceName
    let bytes: Int64
  }

  private(set) var flights: [Flight] = []
  /// Whether the client sends requests as 0-RTT packets, and whether the server takes them.
  let sendsEarlyData: Bool
  /// How long the server computes before it answers.
  let serverTime: SimDuration

  /// The extension of the transport parameters with its header (RFC 9001 §8.2): what common stacks put
  /// there, the server with the original connection ID and a reset token.
  private static let clientParameters: Int64 = 76
  private static let serverParameters: Int64 = 118
  /// A session ID for middleboxes is not sent (RFC 9001 §8.4).
  private static let sessionID: Int64 = 32

  init(_ settings: TLSSettings) {
    let names = settings.names ?? ApplicationNames(for: .http3)
    let mode = settings.mode
    sendsEarlyData = mode.sendsEarlyData
    serverTime = settings.serverTime
    let hello =
      TLSSizes.clientHello(mode, names, isPadded: false) - Self.sessionID + Self.clientParameters
    add(.client, .initial, hello)
    if mode == .retry13 {
      add(.server, .initial, TLSSizes.helloRetryRequest - Self.sessionID)
      add(
        .client, .initial,
        TLSSizes.secondClientHello(names) - Self.sessionID + Self.clientParameters)
    }
    add(.server, .initial, TLSSizes.serverHello(mode, names) - Self.sessionID)
    var rest = TLSSizes.encryptedExtensions(mode, names) + Self.serverParameters
    if !mode.isResumed {
      rest += TLSSizes.certificate(settings.certificate.bytes, isVersion13: true)
      rest += TLSSizes.certificateVerify
    }
    add(.server, .handshake, rest + TLSSizes.finished13)
    add(.client, .handshake, TLSSizes.finished13)
    let tickets = mode.isResumed ? min(settings.tickets, 1) : settings.tickets
    for _ in 0..<tickets { add(.server, .application, TLSSizes.newSessionTicket(mode)) }
  }

  private mutating func add(_ sender: Side, _ space: PacketSpaceName, _ bytes: Int64) {
    flights.append(Flight(sender: sender, space: space, bytes: bytes))
  }
}
