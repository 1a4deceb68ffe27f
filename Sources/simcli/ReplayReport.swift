import Captures
import NetSim
import Scenarios
import Timelines

/// A capture and its simulation, ready to be printed.
struct ReplayReport {
  let file: String
  private let capture: CaptureReport
  let estimate: CapturedScenario
  let run: RunReport
  let log: EventLog
  /// The requests in the order in which they began, as captured and as simulated.
  let pairs: [PairedLanes.Pair]
  private let indices: [UInt32]

  init(
    file: String, capture: CaptureReport, estimate: CapturedScenario, run: RunReport, log: EventLog
  ) {
    self.file = file
    self.capture = capture
    self.estimate = estimate
    self.run = run
    self.log = log
    var pairs: [(UInt32, PairedLanes.Pair)] = []
    for report in run.requests {
      let description = log.requests[Int(report.request)]
      let captured = estimate.requests[Int(description.client)][Int(description.object)]
      let name =
        "\(captured.index) " + capture.analysis.requests[Int(captured.index)].targetText
      let first = Self.whole(
        capture.requests[Int(captured.index)], captured, estimate.link.roundTrip
      ).moved(by: .zero - (estimate.start - .zero))
      pairs.append((captured.index, PairedLanes.Pair(name: name, first: first, second: report)))
    }
    pairs.sort { $0.0 < $1.0 }
    indices = pairs.map(\.0)
    self.pairs = pairs.map(\.1)
  }

  /// The captured report from when the request began to be wanted to when its end was known.
  private static func whole(
    _ report: RequestReport, _ captured: CapturedScenario.Request, _ roundTrip: SimDuration
  ) -> RequestReport {
    var whole = report
    whole.queued = captured.begin
    if captured.begin < report.queued {
      whole.intervals.insert(
        CauseInterval(start: captured.begin, end: report.queued, cause: .handshake), at: 0)
    }
    if let complete = report.complete, complete < captured.end {
      // At a server: the last byte's way to the client, and its acknowledgement's back.
      let arrived = min(captured.end, complete + roundTrip)
      whole.intervals.append(
        CauseInterval(start: complete, end: arrived, cause: .propagation))
      if arrived < captured.end {
        whole.intervals.append(CauseInterval(start: arrived, end: captured.end, cause: .unknown))
      }
      whole.complete = captured.end
    }
    return whole
  }

  private var simulated: SimDuration? { run.complete.map { $0 - .zero } }

  // MARK: Text

  func text(_ style: TextStyle) -> String {
    let text =
      header(style.width) + "\n"
      + ladders(style)
      + PairedLanes(pairs, first: "captured", second: "simulated").render(style) + "\n" + page
    return style.isASCII ? text.replacing("→", with: "->").replacing("…", with: "..") : text
  }

  /// The first connection's two ladders side by side, where the terminal is wide enough for both.
  private func ladders(_ style: TextStyle) -> String {
    let half = (style.width - 3) / 2
    guard half >= 72, let connection = pairs.first?.first.connection,
      let simulated = pairs.first?.second.connection
    else { return "" }
    var narrow = style
    narrow.width = half
    let vantage = capture.analysis.connections[Int(connection)].vantage
    return SideBySide.join(
      LadderTimeline(capture.analysis.log, connection: connection, vantage: vantage)
        .render(narrow),
      LadderTimeline(log, connection: simulated, vantage: vantage).render(narrow), width: half)
      + "\n"
  }

  private func header(_ width: Int) -> String {
    let link = estimate.link
    let down = link.down.map(Self.text) ?? "not seen (taken as unlimited)"
    let up = link.up.map(Self.text) ?? "not seen (taken as down)"
    let clients = estimate.scenario.clients
    let requests = clients.reduce(0) { $0 + $1.objects.count }
    var lines = [
      "RTT \(Numbers.milliseconds(link.roundTrip)) ms; rate down \(down), up \(up)",
      "queue: at most \(Numbers.milliseconds(link.longestWait)) ms of waiting seen, "
        + "\(Numbers.count(link.leastQueue, "packet"))",
      "\(Numbers.count(requests, "request")) of \(Numbers.count(clients.count, "client")) over "
        + "\(Numbers.count(run.connections.count, "connection")); think time "
        + "\(thinkTimes)",
      "\(Numbers.count(estimate.lost, "packet")) lost, and lost again where the same bytes are sent",
    ]
    if estimate.openBefore > 0 {
      lines.append(
        "the capture begins in the middle of "
          + "\(Numbers.count(estimate.openBefore, "connection")): the simulated handshake has "
          + "nothing to stand beside")
    }
    if !estimate.leftOut.isEmpty {
      lines.append("not replayed: " + estimate.leftOut.joined(separator: ", "))
    }
    return Paragraph.wrapped(file + ", estimated and replayed", indent: 0, width: width)
      + lines.map { Paragraph.wrapped($0, indent: 2, hanging: 2, width: width) }.joined()
  }

  private static func text(_ rate: Bitrate) -> String {
    Numbers.rate(bitsPerSecond: Int64(clamping: rate.bitsPerSecond))
  }

  private var thinkTimes: String {
    let objects = estimate.scenario.clients.flatMap(\.objects)
    let servers = objects.compactMap(\.serverTime).sorted()
    let clients = objects.map(\.clientTime).sorted()
    func middle(_ times: [SimDuration]) -> String {
      times.isEmpty ? "0.000" : Numbers.milliseconds(times[times.count / 2])
    }
    return "of the server \(middle(servers)) ms, of the client \(middle(clients)) ms (medians)"
  }

  private var page: String {
    guard let simulated else { return " the replay did not complete\n" }
    return " page: captured \(Numbers.milliseconds(estimate.pageTime)) ms, simulated "
      + "\(Numbers.milliseconds(simulated)) ms, "
      + "\(PairedLanes.percent(estimate.pageTime, simulated))\n"
      + " fingerprint \(RunJSON.hexadecimal(run.fingerprint))\n"
  }

  // MARK: JSON

  var json: JSONValue {
    let link = estimate.link
    return .object([
      ("format", .string("netsim.replay/1")),
      ("file", .string(file)),
      ("fingerprint", .string(RunJSON.hexadecimal(run.fingerprint))),
      (
        "link",
        .object([
          ("rtt_ms", .milliseconds(link.roundTrip.nanoseconds)),
          ("rate_down_bps", Self.rate(link.down)), ("rate_up_bps", Self.rate(link.up)),
          ("queue_wait_ms", .milliseconds(link.longestWait.nanoseconds)),
          ("queue_packets_at_least", .integer(link.leastQueue)),
        ])
      ),
      ("lost", .integer(Int64(estimate.lost))),
      ("open_before", .integer(Int64(estimate.openBefore))),
      ("left_out", .array(estimate.leftOut.map { .string($0) })),
      ("observed", .object([("complete_ms", .milliseconds(estimate.pageTime.nanoseconds))])),
      (
        "replayed",
        .object([
          ("complete_ms", simulated.map { .milliseconds($0.nanoseconds) } ?? .null),
          (
            "difference",
            simulated.map { .string(PairedLanes.percent(estimate.pageTime, $0)) } ?? .null
          ),
        ])
      ),
      ("requests", .array(zip(indices, pairs).map(Self.request))),
      ("scenario", ScenarioJSON.value(estimate.scenario, names: nil)),
    ])
  }

  private static func rate(_ rate: Bitrate?) -> JSONValue {
    rate.map { .integer(Int64(clamping: $0.bitsPerSecond)) } ?? .null
  }

  private static func request(_ index: UInt32, _ pair: PairedLanes.Pair) -> JSONValue {
    .object([
      ("id", .integer(Int64(index))),
      ("observed", times(pair.first)),
      ("replayed", times(pair.second)),
      ("difference_ms", .milliseconds(pair.difference.nanoseconds)),
      (
        "mostly_in",
        pair.mainDifference.map {
          .object([
            ("cause", .string($0.cause.name)), ("ms", .milliseconds($0.time.nanoseconds)),
          ])
        } ?? .null
      ),
    ])
  }

  private static func times(_ report: RequestReport) -> JSONValue {
    .object([
      ("queued_ms", RunJSON.time(report.queued)), ("sent_ms", RunJSON.time(report.sent)),
      ("first_byte_ms", RunJSON.time(report.firstByte)),
      ("complete_ms", RunJSON.time(report.complete)),
      ("causes_ms", RunJSON.causes(report)),
    ])
  }
}
