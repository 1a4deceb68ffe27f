/// The flights of a handshake, in the order in which they are sent. A flight goes out when its sender
/// has everything that the other end sent before it.
public struct TLSHandshake: Equatable, Sendable {
  /// What one end sends without waiting.
  public struct Flight: Equatable, Sendable {
    /// Who sends it.
    public let sender: Side
    /// What it holds.
    public let messages: [TLSMessage]

    /// Its bytes on the wire.
    public var wireBytes: Int64 { messages.reduce(0) { $0 + $1.wireBytes } }
  }

  /// The flights; session tickets at the end included.
  public private(set) var flights: [Flight] = []
  /// After how many flights the client may send data: it has sent its own of them and received the
  /// server's.
  public private(set) var clientDataAfter = 0
  /// After how many flights the handshake is complete for the client.
  public private(set) var securedAfter = 0

  /// The handshake of `settings`, in which both ends name the application protocols that they would
  /// speak.
  public init(
    _ settings: TLSSettings, names: ApplicationNames = ApplicationNames(for: .http11)
  ) {
    let mode = settings.mode
    if mode.isVersion13 {
      begin13(settings, names)
    } else if mode.isResumed {
      resume12(mode, names)
    } else {
      begin12(settings, names)
    }
  }

  private mutating func add(_ sender: Side, _ messages: [TLSMessage]) {
    flights.append(Flight(sender: sender, messages: messages))
  }

  // MARK: TLS 1.2

  private var change: TLSMessage { TLSMessage(.changeCipherSpec, 1) }

  private var finished12: TLSMessage {
    TLSMessage(.finished, TLSSizes.finished12, in: TLSRecords(isVersion13: false))
  }

  private mutating func begin12(_ settings: TLSSettings, _ names: ApplicationNames) {
    let mode = settings.mode
    let certificate = TLSSizes.certificate(settings.certificate.bytes, isVersion13: false)
    add(.client, [TLSMessage(.clientHello, TLSSizes.clientHello(mode, names))])
    add(
      .server,
      [
        TLSMessage(.serverHello, TLSSizes.serverHello(mode, names)),
        TLSMessage(.certificate, certificate),
        TLSMessage(.serverKeyExchange, TLSSizes.serverKeyExchange),
        TLSMessage(.serverHelloDone, 4),
      ])
    add(
      .client,
      [TLSMessage(.clientKeyExchange, TLSSizes.clientKeyExchange), change, finished12])
    add(.server, [change, finished12])
    securedAfter = 4
    clientDataAfter = mode == .falseStart12 ? 3 : 4
  }

  /// The server, which has nothing to wait for, finishes first.
  private mutating func resume12(_ mode: TLSMode, _ names: ApplicationNames) {
    add(.client, [TLSMessage(.clientHello, TLSSizes.clientHello(mode, names))])
    add(
      .server,
      [
        TLSMessage(.serverHello, TLSSizes.serverHello(mode, names)), change, finished12,
      ])
    add(.client, [change, finished12])
    securedAfter = 3
    clientDataAfter = 3
  }

  // MARK: TLS 1.3

  private mutating func begin13(_ settings: TLSSettings, _ names: ApplicationNames) {
    let mode = settings.mode
    let records = TLSRecords(isVersion13: true)
    // The change of the cipher means nothing and is sent for the sake of middleboxes (RFC 8446 §D.4):
    // the server's once, with its first flight, the client's before its second, or the early data.
    var hello = [TLSMessage(.clientHello, TLSSizes.clientHello(mode, names))]
    if mode.sendsEarlyData { hello.append(change) }
    add(.client, hello)
    if mode == .retry13 {
      add(.server, [TLSMessage(.helloRetryRequest, TLSSizes.helloRetryRequest), change])
      let second = TLSSizes.secondClientHello(names)
      add(.client, [change, TLSMessage(.clientHello, second)])
    }
    add(.server, serverFlight13(settings, names, records))
    var last: [TLSMessage] = []
    if mode.sendsEarlyData {
      last.append(TLSMessage(.endOfEarlyData, 4, in: records))
    } else if mode != .retry13 {
      last.append(change)
    }
    add(.client, last + [TLSMessage(.finished, TLSSizes.finished13, in: records)])
    securedAfter = flights.count
    clientDataAfter = mode.sendsEarlyData ? 1 : flights.count
    // Each ticket is written by itself (OpenSSL); one after a handshake that was resumed.
    let tickets = mode.isResumed ? min(settings.tickets, 1) : settings.tickets
    for _ in 0..<tickets {
      add(
        .server, [TLSMessage(.newSessionTicket, TLSSizes.newSessionTicket(mode), in: records)])
    }
  }

  private func serverFlight13(
    _ settings: TLSSettings, _ names: ApplicationNames, _ records: TLSRecords
  ) -> [TLSMessage] {
    let mode = settings.mode
    var flight = [TLSMessage(.serverHello, TLSSizes.serverHello(mode, names))]
    if mode != .retry13 { flight.append(change) }
    flight.append(
      TLSMessage(
        .encryptedExtensions, TLSSizes.encryptedExtensions(mode, names), in: records))
    if !mode.isResumed {
      let certificate = TLSSizes.certificate(settings.certificate.bytes, isVersion13: true)
      flight.append(TLSMessage(.certificate, certificate, in: records))
      flight.append(TLSMessage(.certificateVerify, TLSSizes.certificateVerify, in: records))
    }
    flight.append(TLSMessage(.finished, TLSSizes.finished13, in: records))
    return flight
  }
}
