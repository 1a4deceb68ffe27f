import Captures
import NetSim
import Timelines

/// The TCP packets of a capture, each with what was found of it.
struct LabelledPackets {
  private let rows: [PacketRow]
  private let findings: [UInt32: [Finding]]
  private let file: String
  /// Whether some were left out, or may have been.
  private let isChosen: Bool

  init(_ report: CaptureReport) {
    let analysis = report.analysis
    let vantages = analysis.connections.map(\.vantage)
    file = report.file
    isChosen = !report.choice.packets.isEverything
    rows =
      PacketRows(
        analysis.log, selection: report.choice.packets.selection,
        vantage: { vantages[Int($0)] }
      ).rows
    findings = Dictionary(grouping: analysis.connections.flatMap(\.findings), by: \.packet)
  }

  /// The packets as `netsim.pcap.packets/1`.
  var json: JSONValue {
    let table = PacketTable(rows)
    return .object([
      ("format", .string("netsim.pcap.packets/1")),
      (
        "packets",
        .array(
          zip(rows, table.objects).map { row, object in
            .object(object + [("labels", .array(labels(row).map { .string($0) }))])
          })
      ),
    ])
  }

  private func labels(_ row: PacketRow) -> [String] {
    (findings[row.packet] ?? []).map { finding in
      let trigger = finding.trigger.map { " " + CaptureText.word($0) } ?? ""
      return finding.kind.name + trigger + ", \(finding.sureness.name) by \(finding.evidence.name)"
    }
  }

  /// A line for each packet.
  var text: String {
    if rows.isEmpty {
      return "no packet of \(isChosen ? "those chosen" : "a TCP connection") in \(file)\n"
    }
    var text =
      Numbers.padded("packet", to: 8) + Numbers.padded("ms", to: 12)
      + Numbers.padded("conn", to: 6) + "  way   " + Numbers.filled("flags", to: 12)
      + Numbers.padded("sequence", to: 11) + Numbers.padded("bytes", to: 7)
      + Numbers.padded("ack", to: 11) + "  found\n"
    for row in rows {
      text +=
        Numbers.padded("\(row.packet)", to: 8)
        + Numbers.padded(Numbers.milliseconds(row.time), to: 12)
        + Numbers.padded("\(row.connection)", to: 6)
        + (row.sender == .client ? "  up    " : "  down  ")
        + Numbers.filled(PacketTable.flagNames(row.flags).joined(separator: " "), to: 12)
        + Numbers.padded("\(row.sequence)", to: 11) + Numbers.padded("\(row.payloadBytes)", to: 7)
        + Numbers.padded(row.acknowledgement.map { "\($0)" } ?? "-", to: 11)
        + labels(row).map { "  " + $0.replacing("_", with: " ") }.joined(separator: ";") + "\n"
    }
    return text
  }
}
