import Captures
import NetSim
import Timelines

/// What of a large capture is worth drawing: its connections, those first that were held up longest.
struct CaptureOverview {
  /// A capture with no more than this is drawn at once.
  private static let drawnPackets: Int64 = 2_000
  private static let drawnConnections = 12
  /// Connections listed.
  private static let rows = 15

  private let report: CaptureReport
  private let connections: [CapturedConnection]

  /// An overview; nil where the capture is small enough to be drawn.
  init?(_ report: CaptureReport) {
    connections = report.connections
    self.report = report
    guard
      report.analysis.summary.packets > Self.drawnPackets
        || connections.count > Self.drawnConnections
    else { return nil }
  }

  /// A line for each of the connections that matter most, and how to go on.
  var text: String {
    var text = CaptureText.summary(report) + "\n"
    text +=
      Numbers.padded("conn", to: 7) + Numbers.padded("from ms", to: 12)
      + Numbers.padded("for ms", to: 12) + Numbers.padded("bytes", to: 13)
      + Numbers.padded("lost", to: 6) + Numbers.padded("stalled ms", to: 12)
      + "  what, between whom\n"
    let order = connections.sorted {
      ($0.stalls.total, $0.bytes.total, $1.index) > ($1.stalls.total, $1.bytes.total, $0.index)
    }
    for connection in order.prefix(Self.rows) { text += line(connection) }
    if order.count > Self.rows {
      text +=
        "  and \(Numbers.count(order.count - Self.rows, "connection")) more that stalled less\n"
    }
    let file = report.files.joined(separator: " ")
    if let first = order.first {
      text +=
        "\n  simcli pcap timeline \(file) --connection \(first.index)   draws one of them\n"
        + "  simcli pcap stalls \(file)   tells what held them\n"
    }
    return text
  }

  private func line(_ connection: CapturedConnection) -> String {
    let what =
      "\(connection.protocolKind.name) \(connection.client) → \(connection.server)"
    return Numbers.padded("\(connection.index)", to: 7)
      + Numbers.padded(Numbers.milliseconds(connection.first), to: 12)
      + Numbers.padded(Numbers.milliseconds(connection.last - connection.first), to: 12)
      + Numbers.padded(Numbers.grouped(connection.bytes.total), to: 13)
      + Numbers.padded("\(connection.lost.count)", to: 6)
      + Numbers.padded(Numbers.milliseconds(connection.stalls.total), to: 12) + "  \(what)\n"
  }
}
