import NetSim

/// A run as `netsim.run/1`.
public enum RunJSON {
  /// The object that `simcli run --format json` prints; `scenario` is all that was in force. In a
  /// comparison it names its protocol, too.
  public static func value(
    _ report: RunReport, log: EventLog, scenario: JSONValue, protocolName: String? = nil
  ) -> JSONValue {
    let numbers = RequestNumbers(log)
    let failures = RequestFailures(log)
    let errors = FrameErrors.all(log)
    let transports = TransportSummary(log)
    let name = protocolName.map { [("protocol", JSONValue.string($0))] } ?? []
    return .object(
      [("format", .string("netsim.run/1"))] + name + [
        ("fingerprint", .string(hexadecimal(report.fingerprint))),
        ("scenario", scenario),
        ("complete_ms", time(report.complete)),
        (
          "connections",
          .array(
            report.connections.enumerated().map { connection($0, $1, log, errors, transports) })
        ),
        (
          "requests",
          .array(report.requests.map { request($0, numbers[$0.request], log, failures) })
        ),
        ("waits", .array(report.waits.map { wait($0, numbers[$0.request]) })),
      ] + poolEntry(report.pool, log))
  }

  /// The object that `simcli compare --format json` prints, of runs that name their protocols.
  public static func comparison(_ runs: [JSONValue]) -> JSONValue {
    .object([("format", .string("netsim.compare/1")), ("runs", .array(runs))])
  }

  /// A fingerprint in sixteen hexadecimal digits.
  public static func hexadecimal(_ fingerprint: Fingerprint) -> String {
    Numbers.padded(String(fingerprint.value, radix: 16), to: 16, "0")
  }

  /// The name on which both ends agreed in TLS; null where they agreed on none.
  private static func agreed(_ connection: ConnectionDescription?) -> JSONValue {
    guard let connection, let tls = connection.tls else { return .null }
    let names = tls.names ?? ApplicationNames(for: connection.application)
    return names.agreed.map { .string("\($0.text)") } ?? .null
  }

  private static func connection(
    _ index: Int, _ report: ConnectionReport, _ log: EventLog, _ errors: [FrameError],
    _ transports: TransportSummary
  ) -> JSONValue {
    // A run of which only the totals are kept describes no connections.
    let leg = index < log.connections.count ? log.connections[index].leg : 0
    let isQUIC = index < log.connections.count && log.connections[index].quic != nil
    let entries: [(String, JSONValue)] = [
      ("id", .integer(Int64(index))),
      ("leg", .integer(Int64(leg))),
      ("transport", .string(isQUIC ? "quic" : "tcp")),
      ("opened_ms", time(report.opened)),
      ("established_ms", time(report.established)),
      ("secured_ms", time(report.secured)),
      ("alpn", agreed(index < log.connections.count ? log.connections[index] : nil)),
      ("failed", .bool(report.failed)),
      ("errors", .array(errors.filter { Int($0.connection) == index }.map(error))),
      ("packets", both(report.packets)),
      ("lost", both(report.lost)),
      ("bytes", both(report.bytes)),
      ("retransmitted", .integer(report.retransmitted)),
      ("spurious", .integer(report.spurious)),
      ("timeouts", .integer(report.timeouts)),
      ("congestion_window_max", .integer(report.congestionWindowMax)),
    ]
    if !isQUIC { return .object(entries) }
    return .object(
      entries + [
        ("retry", .bool(transports.has(.retry, on: index))),
        ("version_negotiation", .bool(transports.has(.versionNegotiation, on: index))),
        ("zero_rtt", .bool(transports.has(.zeroRTT, on: index))),
      ])
  }

  /// What was found wrong on a connection of HTTP/2.
  private static func error(_ error: FrameError) -> JSONValue {
    .object([
      ("time_ms", time(error.time)),
      ("end", .string(error.finderName)),
      ("stream", error.stream.map { .integer(Int64($0)) } ?? .null),
      ("code", .string(FrameErrors.name(error.code))),
      ("reason", .string(error.reason)),
    ])
  }

  private static func request(
    _ report: RequestReport, _ number: Int, _ log: EventLog, _ failures: RequestFailures
  ) -> JSONValue {
    let bytes = log.requests[Int(report.request)].bodyBytes
    return .object([
      ("id", .integer(Int64(number))),
      ("connection", report.connection.map { .integer(Int64($0)) } ?? .null),
      ("stream", log.requests[Int(report.request)].stream.map { .integer(Int64($0)) } ?? .null),
      ("bytes", .integer(bytes)),
      ("queued_ms", time(report.queued)),
      ("sent_ms", time(report.sent)),
      ("first_byte_ms", time(report.firstByte)),
      ("complete_ms", time(report.complete)),
      ("failed_ms", time(report.failed)),
      ("failure", failures[report.request].map { .string(RequestFailures.word($0)) } ?? .null),
      ("executed", .integer(Int64(report.executed))),
      ("causes_ms", causes(report)),
    ])
  }

  private static func wait(_ wait: StandingWait, _ number: Int) -> JSONValue {
    let awaited = WaitWords.awaited(wait.awaited)
    return .object([
      ("request", .integer(Int64(number))),
      ("connection", wait.connection.map { .integer(Int64($0)) } ?? .null),
      ("party", .string(WaitWords.party(wait.party))),
      ("awaits", .string(awaited.word)),
      ("bytes", awaited.bytes.map { .integer($0) } ?? .null),
    ])
  }

  /// The causes that took any time, in the order of the closed list.
  public static func causes(_ report: RequestReport) -> JSONValue {
    .object(
      Cause.allCases.filter { report.time($0) > .zero }
        .map { ($0.name, .milliseconds(report.time($0).nanoseconds)) })
  }

  /// An instant as milliseconds; null where there is none.
  public static func time(_ time: SimTime?) -> JSONValue {
    time.map { .milliseconds($0.nanoseconds) } ?? .null
  }

  private static func both(_ counts: ConnectionReport.Both) -> JSONValue {
    .object([("up", .integer(counts.up)), ("down", .integer(counts.down))])
  }
}
