import Captures
import NetSim
import Timelines

/// The views of a capture as text.
enum CaptureText {
  static func summary(_ report: CaptureReport) -> String {
    let summary = report.analysis.summary
    var lines = [
      report.file,
      "  \(Numbers.count(summary.packets, "packet")), \(Numbers.bytes(summary.bytes)) in "
        + "\(Numbers.milliseconds(summary.duration)) ms",
    ]
    let protocols = report.connectionsByProtocol.map { "\($0.count) \($0.name)" }
    lines.append(
      "  connections: " + (protocols.isEmpty ? "none" : protocols.joined(separator: ", ")))
    if !report.analysis.requests.isEmpty {
      lines.append("  HTTP/1 requests: \(report.analysis.requests.count)")
    }
    lines += losses(report.analysis.connections).map { "  " + $0 }
    if summary.cutPackets > 0 {
      lines.append("  cut by the capture's snapshot length: \(summary.cutPackets) packets")
    }
    if summary.tunnelledPackets > 0 {
      lines.append("  within tunnels: \(Numbers.count(summary.tunnelledPackets, "packet"))")
    }
    if summary.fragments > 0 {
      lines.append(
        "  fragments: \(summary.fragments), of which \(summary.joinedFragments) were joined to others"
      )
    }
    if summary.untimedPackets > 0 {
      lines.append("  without a time: \(Numbers.count(summary.untimedPackets, "packet"))")
    }
    if summary.backwardSteps > 0 {
      lines.append("  times that go back: \(summary.backwardSteps)")
    }
    lines += report.unread.map { "  not read: \(Numbers.count($0.packets, "packet")), \($0.what)" }
    return lines.map { $0 + "\n" }.joined()
  }

  static func connections(_ report: CaptureReport, _ style: TextStyle) -> String {
    let texts =
      report.connections.map { connection($0, style) }
      + report.quic.map { quic($0.id, $0.connection, style) }
    if !texts.isEmpty { return texts.joined(separator: "\n") }
    let isEmpty = report.analysis.connections.isEmpty && report.analysis.quic.isEmpty
    return isEmpty
      ? "no TCP or QUIC connection in \(report.file)\n" : "no such connection in \(report.file)\n"
  }

  static func requests(_ report: CaptureReport, _ style: TextStyle) -> String {
    if report.analysis.requests.isEmpty {
      return "no HTTP/1 request in the clear in \(report.file)\n"
    }
    let room = min(max(style.width - (style.isASCII ? 54 : 53), 7), 28)
    var text =
      column("", 4) + "  " + "request".filled(to: room) + "status" + column("bytes", 10)
      + column("sent ms", 11) + column("first", 9) + column("complete", 10) + "\n"
    for request in report.chosenRequests {
      let name = request.methodText + " " + request.targetText
      text +=
        column("\(request.index)", 4) + "  " + name.clipped(to: room - 1).filled(to: room)
        + column(request.status.map { "\($0)" } ?? "-", 6)
        + column(request.bodyBytes.map(Numbers.grouped) ?? "-", 10)
        + column(Numbers.milliseconds(request.sent), 11)
        + column(since(request.sent, request.firstByte), 9)
        + column(since(request.sent, request.complete), 10) + "\n"
    }
    text += "  first and complete count from sent\n\n"
    return text + LanesTimeline(lanes(report), log: report.analysis.log).render(style)
  }

  private static func lanes(_ report: CaptureReport) -> [RequestReport] {
    if report.choice.packets.isEverything { return report.requests }
    return report.chosenRequests.map { report.requests[Int($0.index)] }
  }

  /// What was lost, a line for each connection with losses, or one that says that there are none.
  static func losses(_ connections: [CapturedConnection]) -> [String] {
    guard !connections.isEmpty else { return [] }
    let lost = connections.reduce(0) { $0 + $1.lost.count }
    let doubtful = connections.reduce(0) { $0 + $1.possiblyLost.count }
    let again = connections.reduce(0) { $0 + $1.retransmissions.total }
    let spurious = connections.reduce(0) { $0 + $1.spuriousRetransmissions.total }
    let maybe = doubtful > 0 ? ", and perhaps \(doubtful) more" : ""
    let needless = spurious > 0 ? " (\(spurious) needlessly)" : ""
    return [
      "lost: \(Numbers.count(Int64(lost), "packet"))\(maybe); sent again: "
        + "\(Numbers.count(again, "segment"))\(needless)"
    ]
  }

  // MARK: One connection

  private static func quic(_ id: Int, _ connection: CapturedQUIC, _ style: TextStyle) -> String {
    func packets(_ side: Side) -> String {
      let parts = [
        ("Initial", connection.initialPackets), ("0-RTT", connection.earlyPackets),
        ("Handshake", connection.handshakePackets),
      ].filter { $0.1[sentBy: side] > 0 }.map { "\($0.1[sentBy: side]) \($0.0)" }
      let long = parts.isEmpty ? "" : ", in them " + parts.joined(separator: ", ")
      return Numbers.count(connection.datagrams[sentBy: side], "datagram") + ", "
        + Numbers.bytes(connection.bytes[sentBy: side]) + long
    }
    var lines = [
      "\(connection.client) → \(connection.server)  quic, version "
        + (connection.version == 1 ? "1" : connection.version == 0x6B33_43CF ? "2" : "unknown")
    ]
    if let time = connection.answeredAfter {
      lines.append("the first answer after \(Numbers.milliseconds(time)) ms")
    }
    if connection.wasRetried { lines.append("the server asked for a token (Retry)") }
    if connection.wasRefused { lines.append("the server offered other versions") }
    lines += ["up: \(packets(.client))", "down: \(packets(.server))"]
    return numbered(id, lines, style)
  }

  /// What held a direction is told where it carried more than a first flight of ten segments.
  private static let bulkBytes: Int64 = 14_600

  private static func connection(
    _ connection: CapturedConnection, _ style: TextStyle
  ) -> String {
    var lines = [
      "\(connection.client) → \(connection.server)  "
        + "\(connection.protocolKind.name), captured at the "
        + (connection.vantage == .client ? "client" : "server")
    ]
    if let tls = connection.tls { lines.append(describe(tls)) }
    lines += [
      "RTT: handshake \(milliseconds(connection.handshakeRTT)), least "
        + "\(milliseconds(connection.minimumRTT)); bottleneck down "
        + "\(rate(connection.bottleneckDown)), up \(rate(connection.bottleneckUp))",
      "up: \(direction(connection, .client))",
      "down: \(direction(connection, .server))",
    ]
    if let window = connection.initialWindowDown {
      lines.append(
        "first flight down: \(Numbers.count(window.segments, "segment")), "
          + "\(Numbers.bytes(window.bytes))"
          + (window.isLimit ? " (the initial window)" : " (all there was)"))
    }
    for (side, name) in [(Side.client, "up"), (.server, "down")] {
      if let window = connection.congestionWindows[side],
        connection.payloadBytes[sentBy: side] > bulkBytes
      {
        lines.append("congestion window \(name): \(describe(window))")
      }
    }
    if let pacing = connection.pacing, pacing.isPaced {
      lines.append(
        "the \(connection.vantage == .client ? "client" : "server") paces its packets, at "
          + rate(pacing.rate))
    }
    for (side, name, limits) in [
      (Side.client, "up", connection.limitsUp), (.server, "down", connection.limitsDown),
    ] where connection.payloadBytes[sentBy: side] > bulkBytes {
      if let text = Self.limits(limits) { lines.append("\(name) was held by: \(text)") }
    }
    for (name, window) in [("client", connection.windowUp), ("server", connection.windowDown)] {
      if let text = Self.window(window) { lines.append("the \(name)'s window: \(text)") }
    }
    if connection.isCapturedTwice {
      lines.append("its packets were captured at two places: read one of the captures alone")
    }
    lines += connection.lost.map { "lost: " + describe($0) }
    lines += connection.possiblyLost.map { "perhaps lost: " + describe($0) }
    if let problem = connection.applicationProblem { lines.append("not read: " + problem) }
    return numbered(Int(connection.index), lines, style)
  }

  /// A connection's lines behind its number.
  private static func numbered(_ id: Int, _ lines: [String], _ style: TextStyle) -> String {
    let name = "\(id)  "
    // An ellipsis takes two columns in ASCII.
    let width = style.width - (style.isASCII ? 1 : 0)
    let text = lines.map { Paragraph.wrapped($0, indent: 3, hanging: 2, width: width) }
    return name + text.joined().dropFirst(name.count)
  }

  private static func describe(_ window: CongestionWindow) -> String {
    var parts = ["\(Numbers.bytes(window.largest)) or more"]
    if let before = window.beforeLoss {
      parts.append("\(Numbers.bytes(before)) before the first loss")
    }
    if let last = window.last { parts.append("\(Numbers.bytes(last)) at last") }
    return parts.joined(separator: ", ")
  }

  /// What held a direction, the longest first; nil where nothing did for a millisecond.
  private static func limits(_ limits: LimitTimes) -> String? {
    let parts = limits.all.filter { $0.time >= .milliseconds(1) }.sorted { $0.time > $1.time }
    if parts.isEmpty { return nil }
    return parts.map {
      "\($0.name.replacing("_", with: " ")) \(Numbers.milliseconds($0.time)) ms"
    }.joined(separator: ", ")
  }

  private static func window(_ window: WindowSummary) -> String? {
    if window.zeroCount == 0, window.fullCount == 0 { return nil }
    return "full \(Numbers.count(window.fullCount, "time")), zero "
      + "\(Numbers.count(window.zeroCount, "time")) for \(Numbers.milliseconds(window.closed)) ms"
  }

  /// What its handshake tells of a connection's TLS, in a line.
  private static func describe(_ tls: CapturedTLS) -> String {
    guard let version = tls.version else {
      return tls.offeredProtocols.isEmpty && tls.serverName == nil
        ? "TLS, its version not captured" : "TLS, not answered" + details(tls)
    }
    return "TLS " + (version.name ?? "of version \(version.rawValue)") + details(tls)
  }

  private static func details(_ tls: CapturedTLS) -> String {
    var text = ""
    if let name = tls.applicationProtocol {
      text += ", " + printable(name)
    } else if !tls.offeredProtocols.isEmpty {
      text += ", offered: " + tls.offeredProtocols.map(printable).joined(separator: " or ")
    }
    if let name = tls.serverName { text += ", server name " + printable(name) }
    if tls.isResumed == true { text += ", resumed" }
    if tls.wasRetried { text += ", with a HelloRetryRequest" }
    if tls.offersEarlyData { text += ", early data offered" }
    if let time = tls.secured { text += ", complete at \(Numbers.milliseconds(time)) ms" }
    if let (sender, alert) = tls.alert {
      text +=
        "; alert of the \(sender == .client ? "client" : "server"): "
        + (alert.name ?? "\(alert.code)")
    }
    return text
  }

  /// Bytes of the wire with what might steer a terminal replaced.
  private static func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }

  private static func direction(_ connection: CapturedConnection, _ sender: Side) -> String {
    var parts = [
      Numbers.count(connection.packets[sentBy: sender], "packet"),
      Numbers.bytes(connection.bytes[sentBy: sender]),
      "\(connection.retransmissions[sentBy: sender]) sent again",
    ]
    let spurious = connection.spuriousRetransmissions[sentBy: sender]
    if spurious > 0 { parts.append("\(spurious) of them needlessly") }
    let reordered = connection.outOfOrder[sentBy: sender]
    if reordered > 0 { parts.append("\(reordered) out of order") }
    let duplicates = connection.duplicates[sentBy: sender]
    if duplicates > 0 { parts.append("\(duplicates) captured twice") }
    return parts.joined(separator: ", ")
  }

  private static func describe(_ packet: LostPacket) -> String {
    "\(packet.sender == .client ? "up" : "down") \(span(packet)), repaired by "
      + "packet \(packet.retransmissionNumber) (\(word(packet.kind))) at "
      + "\(Numbers.milliseconds(packet.repaired)) ms; "
      + "\(packet.sureness.name), by \(packet.evidence.name.replacing("_", with: " "))"
  }

  private static func span(_ packet: LostPacket) -> String {
    if packet.length == 0 { return packet.sequence == 0 ? "SYN" : "FIN" }
    return "\(packet.sequence)…\(packet.sequence + packet.length - 1) "
      + "(\(Numbers.bytes(packet.length)))"
  }

  /// What made the sender repeat it, in a word.
  static func word(_ kind: RetransmissionKind) -> String {
    switch kind {
    case .fast: "fast"
    case .timeout: "timeout"
    case .tailLossProbe: "tail_probe"
    case .handshake: "handshake"
    }
  }

  private static func milliseconds(_ span: SimDuration?) -> String {
    span.map { Numbers.milliseconds($0) + " ms" } ?? "unknown"
  }

  private static func rate(_ rate: Bitrate?) -> String {
    guard let rate else { return "unknown" }
    return Numbers.decimal(Int64(clamping: rate.bitsPerSecond / 10_000), places: 2) + " Mb/s"
  }

  private static func since(_ start: SimTime, _ time: SimTime?) -> String {
    time.map { Numbers.milliseconds($0 - start) } ?? "-"
  }

  private static func column(_ text: String, _ width: Int) -> String {
    Numbers.padded(text, to: width)
  }
}

extension String {
  fileprivate func filled(to width: Int) -> String { Numbers.filled(self, to: width) }

  fileprivate func clipped(to width: Int) -> String {
    count <= width ? self : String(prefix(width - 1)) + "…"
  }
}
