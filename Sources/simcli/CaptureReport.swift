import Captures
import NetSim
import Timelines

/// What a capture says, ready to be printed.
struct CaptureReport {
  let analysis: CaptureAnalysis
  /// The captures' paths as they were given.
  let files: [String]
  /// Which part of it is shown.
  let choice: CaptureChoice
  /// The requests with their causes.
  let requests: [RequestReport]

  init(_ analysis: CaptureAnalysis, files: [String], _ choice: CaptureChoice = CaptureChoice()) {
    self.analysis = analysis
    self.files = files
    self.choice = choice
    requests =
      analysis.log.level == .everything
      ? BlockedTime.reports(
        of: analysis.log,
        estimates: analysis.connections.map {
          PathEstimate(minimumRTT: $0.minimumRTT, bottleneck: $0.bottleneckDown)
        }) : []
  }

  /// The captures as one name.
  var file: String { files.joined(separator: ", ") }

  /// The view as `netsim.pcap.…/1`.
  func json(_ view: PcapCommand.View) -> JSONValue {
    switch view {
    case .summary: CaptureJSON.summary(self)
    case .connections: CaptureJSON.connections(self)
    case .requests: CaptureJSON.requests(self)
    case .stalls: StallReport(self).json
    case .timeline: page.json
    case .packets: LabelledPackets(self).json
    }
  }

  /// The view as text.
  func text(_ view: PcapCommand.View, style: TextStyle) -> String {
    let text =
      switch view {
      case .summary: CaptureText.summary(self)
      case .connections: CaptureText.connections(self, style)
      case .requests: CaptureText.requests(self, style)
      case .stalls: StallReport(self).text
      case .timeline: timeline(style)
      case .packets: LabelledPackets(self).text
      }
    return style.isASCII
      ? text.replacing("→", with: "->").replacing("…", with: "..") : text
  }

  /// The connections that were asked for.
  var connections: [CapturedConnection] { analysis.connections.filter(choice.packets.takes) }

  /// The QUIC connections that were asked for, numbered behind those of TCP.
  var quic: [(id: Int, connection: CapturedQUIC)] {
    analysis.quic.enumerated().compactMap { place, connection in
      let id = analysis.connections.count + place
      return choice.packets.takes(connection, id: id) ? (id, connection) : nil
    }
  }

  /// The requests that were asked for, as captured.
  var chosenRequests: [CapturedRequest] {
    analysis.requests.filter { request in
      choice.packets.takes(
        analysis.connections[Int(request.connection)], from: request.sent,
        to: request.complete ?? request.failed ?? .never)
    }
  }

  private var page: TimelinePage {
    let vantages = analysis.connections.map(\.vantage)
    return TimelinePage(
      analysis.log, reports: requests, only: choice.packets.connections.first,
      vantage: { vantages[Int($0)] })
  }

  private func timeline(_ style: TextStyle) -> String {
    if analysis.connections.isEmpty { return "no TCP connection in \(file)\n" }
    if choice.packets.connections.isEmpty, let overview = CaptureOverview(self) {
      return overview.text
    }
    return page.render(style) + "\n"
      + CaptureText.losses(analysis.connections).map { " " + $0 + "\n" }.joined()
  }

  /// The connections by protocol, in the order of the protocols.
  var connectionsByProtocol: [(name: String, count: Int)] {
    let tcp = ConnectionProtocol.allCases.compactMap { kind in
      analysis.summary.connectionsByProtocol[kind].map { (name: kind.name, count: $0) }
    }
    let quic = analysis.summary.quicConversations
    let udp = analysis.summary.udpConversations
    return tcp + (quic > 0 ? [("quic", quic)] : []) + (udp > 0 ? [("udp", udp)] : [])
  }

  /// What could not be read, with its count and why.
  var unread: [(what: String, packets: Int64)] {
    let summary = analysis.summary
    return UnreadReason.allCases.map { ($0.text, summary.unread[$0]) }.filter { $0.1 > 0 }
      + [("beyond the limit of connections", summary.untrackedPackets)].filter { $0.1 > 0 }
  }
}
