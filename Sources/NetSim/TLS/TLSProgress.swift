/// How far the TLS handshake of a connection has come.
struct TLSProgress {
  let handshake: TLSHandshake
  let records: TLSRecords
  /// When the server has its next flight, which it computes; nil while it computes none.
  var serverDue: SimTime?
  private let sendsAnythingEarly: Bool
  /// Where the flights that were written end, each in its sender's stream.
  private var ends: [Int64] = []
  /// How many flights have passed as the client sees it.
  private var passed = 0

  init(_ settings: TLSSettings, for application: ApplicationProtocol) {
    handshake = TLSHandshake(
      settings, names: settings.names ?? ApplicationNames(for: application))
    records = TLSRecords(isVersion13: settings.mode.isVersion13)
    sendsAnythingEarly = settings.early.sendsAnything
  }

  /// Whether the client may send requests.
  var clientMaySend: Bool { passed >= handshake.clientDataAfter }
  /// Whether the handshake is complete for the client.
  var isSecured: Bool { passed >= handshake.securedAfter }

  /// Whether a request may leave before the handshake is complete for the client: as early data only
  /// what changes nothing, because it can be replayed (RFC 8470 §4), unless the client takes no notice of
  /// that; after its Finished anything.
  func passesBeforeTheEnd(_ method: HTTPMethod) -> Bool {
    method.isSafe || sendsAnythingEarly || handshake.clientDataAfter > 1
  }

  /// The flight that is to be sent next; nil when all were.
  var next: TLSHandshake.Flight? {
    ends.count < handshake.flights.count ? handshake.flights[ends.count] : nil
  }

  /// The position up to which `side` must have what the other end sent before it may go on.
  func awaited(by side: Side) -> Int64 {
    let last = ends.indices.last { handshake.flights[$0].sender != side }
    return last.map { ends[$0] } ?? 0
  }

  /// The next flight was written up to `end`.
  mutating func wrote(upTo end: Int64) { ends.append(end) }

  /// Takes note of what the client has received.
  mutating func clientHas(upTo delivered: Int64) {
    while passed < ends.count,
      handshake.flights[passed].sender == .client || ends[passed] <= delivered
    {
      passed += 1
    }
  }
}
