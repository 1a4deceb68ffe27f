import Captures
import NetSim
import Timelines

/// The views of a capture as JSON, in the shape that the command line promises.
enum CaptureJSON {
  static func summary(_ report: CaptureReport) -> JSONValue {
    let summary = report.analysis.summary
    return .object([
      ("format", .string("netsim.pcap.summary/1")),
      ("file", .string(report.file)),
      ("files", .array(report.files.map { .string($0) })),
      ("packets", .integer(summary.packets)),
      ("bytes", .integer(summary.bytes)),
      ("duration_ms", .milliseconds(summary.duration.nanoseconds)),
      (
        "connections",
        .object(
          report.connectionsByProtocol.map { ($0.name, .integer(Int64($0.count))) })
      ),
      (
        "transports",
        .object([
          ("tcp", .integer(summary.tcpPackets)), ("udp", .integer(summary.udpPackets)),
          ("quic", .integer(summary.quicPackets)),
        ])
      ),
      ("cut_packets", .integer(summary.cutPackets)),
      ("backward_steps", .integer(summary.backwardSteps)),
      ("untimed_packets", .integer(summary.untimedPackets)),
      ("tunnelled_packets", .integer(summary.tunnelledPackets)),
      ("fragments", .integer(summary.fragments)),
      ("joined_fragments", .integer(summary.joinedFragments)),
      (
        "unread",
        .array(
          report.unread.map {
            .object([("what", .string($0.what)), ("packets", .integer($0.packets))])
          })
      ),
      ("problem", report.analysis.problem.map { .string($0.description) } ?? .null),
      ("problems", .array(report.analysis.problems.map { .string($0.description) })),
    ])
  }

  static func connections(_ report: CaptureReport) -> JSONValue {
    .object([
      ("format", .string("netsim.pcap.connections/1")),
      (
        "connections",
        .array(report.connections.map(connection) + report.quic.map { quic($0.id, $0.connection) })
      ),
    ])
  }

  static func requests(_ report: CaptureReport) -> JSONValue {
    .object([
      ("format", .string("netsim.pcap.requests/1")),
      (
        "requests",
        .array(
          report.chosenRequests.map { request($0, report.requests[Int($0.index)]) })
      ),
    ])
  }

  private static func connection(_ connection: CapturedConnection) -> JSONValue {
    .object([
      ("id", .integer(Int64(connection.index))),
      ("client", .string(connection.client.description)),
      ("server", .string(connection.server.description)),
      ("protocol", .string(connection.protocolKind.name)),
      ("tls_version", text(connection.tls?.version?.name)),
      ("alpn", text(connection.tls?.applicationProtocolText)),
      ("server_name", text(connection.tls?.serverNameText)),
      ("captured_at", .string(connection.vantage == .client ? "client" : "server")),
      ("first_ms", .milliseconds(connection.first.nanoseconds)),
      ("last_ms", .milliseconds(connection.last.nanoseconds)),
      ("established_ms", RunJSON.time(connection.established)),
      ("secured_ms", RunJSON.time(connection.tls?.secured)),
      ("handshake_rtt_ms", span(connection.handshakeRTT)),
      ("minimum_rtt_ms", span(connection.minimumRTT)),
      ("packets", counts(connection.packets)),
      ("bytes", counts(connection.bytes)),
      ("payload_bytes", counts(connection.payloadBytes)),
      ("retransmissions", .integer(connection.retransmissions.total)),
      ("spurious_retransmissions", .integer(connection.spuriousRetransmissions.total)),
      ("out_of_order", .integer(connection.outOfOrder.total)),
      ("duplicates", .integer(connection.duplicates.total)),
      ("captured_twice", .bool(connection.isCapturedTwice)),
      ("lost", .array(connection.lost.map(lost))),
      ("possibly_lost", .array(connection.possiblyLost.map(lost))),
      ("bottleneck_bps", rate(connection.bottleneckDown)),
      ("bottleneck_up_bps", rate(connection.bottleneckUp)),
      ("initial_window", window(connection.initialWindowDown)),
      ("initial_window_up", window(connection.initialWindowUp)),
      ("congestion_window", congestion(connection.congestionWindows.server)),
      ("congestion_window_up", congestion(connection.congestionWindows.client)),
      ("pacing", pacing(connection)),
      ("limited_by", .object(limits(connection))),
      ("rtt_to_server_ms", roundTrips(connection.roundTrips.client)),
      ("rtt_to_client_ms", roundTrips(connection.roundTrips.server)),
      ("rtt_by_timestamps_to_server_ms", roundTrips(connection.stampedRoundTrips.client)),
      ("rtt_by_timestamps_to_client_ms", roundTrips(connection.stampedRoundTrips.server)),
      ("bytes_in_flight_max", counts(connection.largestFlight)),
      ("window_announced_by_client", window(connection.windowUp)),
      ("window_announced_by_server", window(connection.windowDown)),
      ("uncaptured_bytes", counts(connection.uncapturedBytes)),
      ("findings", .array(connection.findings.map(finding))),
      ("unlisted_findings", .integer(connection.unlistedFindings)),
    ])
  }

  /// A QUIC connection, numbered behind those of TCP.
  private static func quic(_ id: Int, _ connection: CapturedQUIC) -> JSONValue {
    let name = connection.originalID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return .object([
      ("id", .integer(Int64(id))),
      ("client", .string(connection.client.description)),
      ("server", .string(connection.server.description)),
      ("protocol", .string("quic")),
      ("quic_version", .integer(Int64(connection.version))),
      ("original_connection_id", text(name.isEmpty ? nil : name)),
      ("first_ms", .milliseconds(connection.first.nanoseconds)),
      ("last_ms", .milliseconds(connection.last.nanoseconds)),
      ("answered_after_ms", span(connection.answeredAfter)),
      ("packets", counts(connection.datagrams)),
      ("bytes", counts(connection.bytes)),
      ("initial_packets", counts(connection.initialPackets)),
      ("early_packets", counts(connection.earlyPackets)),
      ("handshake_packets", counts(connection.handshakePackets)),
      ("retry", .bool(connection.wasRetried)),
      ("version_negotiation", .bool(connection.wasRefused)),
    ])
  }

  private static func congestion(_ window: CongestionWindow?) -> JSONValue {
    guard let window else { return .null }
    return .object([
      ("largest", .integer(window.largest)),
      ("before_loss", window.beforeLoss.map { .integer($0) } ?? .null),
      ("last", window.last.map { .integer($0) } ?? .null),
      ("rounds", .integer(window.rounds)),
    ])
  }

  private static func pacing(_ connection: CapturedConnection) -> JSONValue {
    guard let pacing = connection.pacing else { return .null }
    return .object([
      ("direction", .string(connection.vantage == .client ? "up" : "down")),
      ("paced", .bool(pacing.isPaced)),
      ("share", .millionths(Int64((pacing.share * 1_000_000).rounded()))),
      ("bps", rate(pacing.rate)),
    ])
  }

  private static func limits(_ connection: CapturedConnection) -> [(String, JSONValue)] {
    [("up", connection.limitsUp), ("down", connection.limitsDown)].map { name, limits in
      let times = limits.all.map { ($0.name, JSONValue.milliseconds($0.time.nanoseconds)) }
      return (
        name, .object([("greatest", text(limits.greatest)), ("times_ms", .object(times))])
      )
    }
  }

  private static func roundTrips(_ summary: RoundTripSummary?) -> JSONValue {
    guard let summary else { return .null }
    return .object([
      ("samples", .integer(summary.count)),
      ("minimum", .milliseconds(summary.minimum.nanoseconds)),
      ("mean", .milliseconds(summary.mean.nanoseconds)),
      ("maximum", .milliseconds(summary.maximum.nanoseconds)),
    ])
  }

  private static func window(_ window: WindowSummary) -> JSONValue {
    .object([
      ("zero", .integer(window.zeroCount)), ("full", .integer(window.fullCount)),
      ("closed_ms", .milliseconds(window.closed.nanoseconds)),
    ])
  }

  private static func finding(_ finding: Finding) -> JSONValue {
    .object([
      ("kind", .string(finding.kind.name)),
      ("trigger", text(finding.trigger.map(CaptureText.word))),
      ("direction", .string(finding.sender == .client ? "up" : "down")),
      ("packet", .integer(Int64(finding.packet))),
      ("earlier_packet", finding.earlier.map { .integer(Int64($0)) } ?? .null),
      ("time_ms", .milliseconds(finding.time.nanoseconds)),
      ("sequence", .integer(finding.sequence)),
      ("length", .integer(finding.length)),
      ("sure", .string(finding.sureness.name)),
      ("evidence", .string(finding.evidence.name)),
    ])
  }

  private static func lost(_ packet: LostPacket) -> JSONValue {
    .object([
      ("retransmission_packet", .integer(Int64(packet.retransmissionNumber))),
      ("original_packet", packet.originalNumber.map { .integer(Int64($0)) } ?? .null),
      ("direction", .string(packet.sender == .client ? "up" : "down")),
      ("sequence", .integer(packet.sequence)),
      ("length", .integer(packet.length)),
      ("kind", .string(CaptureText.word(packet.kind))),
      ("sent_ms", .milliseconds(packet.sent.nanoseconds)),
      ("repaired_ms", .milliseconds(packet.repaired.nanoseconds)),
      ("where", .string(packet.isBehindCapture ? "behind_capture" : "before_capture")),
      ("sure", .string(packet.sureness.name)),
      ("evidence", .string(packet.evidence.name)),
    ])
  }

  private static func request(_ request: CapturedRequest, _ report: RequestReport) -> JSONValue {
    .object([
      ("id", .integer(Int64(request.index))),
      ("connection", .integer(Int64(request.connection))),
      ("stream", .null),
      ("method", .string(request.methodText)),
      ("target", .string(request.targetText)),
      ("status", request.status.map { .integer(Int64($0)) } ?? .null),
      ("bytes", request.bodyBytes.map { .integer($0) } ?? .null),
      ("request_bytes", request.requestBytes.map { .integer($0) } ?? .null),
      ("queued_ms", RunJSON.time(report.queued)),
      ("sent_ms", RunJSON.time(request.sent)),
      ("first_byte_ms", RunJSON.time(request.firstByte)),
      ("complete_ms", RunJSON.time(request.complete)),
      ("causes_ms", RunJSON.causes(report)),
    ])
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func window(_ window: InitialWindow?) -> JSONValue {
    guard let window else { return .null }
    return .object([
      ("segments", .integer(window.segments)), ("bytes", .integer(window.bytes)),
      ("is_limit", .bool(window.isLimit)),
    ])
  }

  private static func rate(_ rate: Bitrate?) -> JSONValue {
    rate.map { .integer(Int64(clamping: $0.bitsPerSecond)) } ?? .null
  }

  private static func span(_ span: SimDuration?) -> JSONValue {
    span.map { .milliseconds($0.nanoseconds) } ?? .null
  }

  private static func counts(_ counts: DirectionCounts) -> JSONValue {
    .object([("up", .integer(counts.up)), ("down", .integer(counts.down))])
  }
}
