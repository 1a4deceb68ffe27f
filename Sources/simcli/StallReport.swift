import Captures
import NetSim
import Timelines

/// The stalls of a capture, in the order of their beginnings.
struct StallReport {
  private let stalls: [Stall]
  private let file: String
  /// Whether some were left out, or may have been.
  private let isChosen: Bool

  init(_ report: CaptureReport) {
    let choice = report.choice
    file = report.file
    isChosen = !choice.packets.isEverything || choice.longer > .zero
    var requests: [UInt32: [UInt32]] = [:]
    for request in report.analysis.requests {
      requests[request.connection, default: []].append(request.index)
    }
    stalls = report.analysis.connections.flatMap { connection in
      connection.stalls.filter {
        $0.duration > choice.longer && choice.packets.takes(connection, from: $0.from, to: $0.to)
      }.map { stall in
        var stall = stall
        let own = requests[stall.connection] ?? []
        stall.request = stall.request.flatMap { $0 < own.count ? own[Int($0)] : nil }
        return stall
      }
    }.sorted { ($0.from, $0.connection) < ($1.from, $1.connection) }
  }

  /// The stalls as `netsim.pcap.stalls/1`.
  var json: JSONValue {
    .object([
      ("format", .string("netsim.pcap.stalls/1")), ("stalls", .array(stalls.map(Self.object))),
    ])
  }

  private static func object(_ stall: Stall) -> JSONValue {
    .object([
      ("connection", .integer(Int64(stall.connection))),
      ("request", stall.request.map { .integer(Int64($0)) } ?? .null),
      ("stream", .null),
      ("direction", .string(stall.sender == .client ? "up" : "down")),
      ("from_ms", .milliseconds(stall.from.nanoseconds)),
      ("to_ms", .milliseconds(stall.to.nanoseconds)),
      ("duration_ms", .milliseconds(stall.duration.nanoseconds)),
      ("cause", .string(stall.cause.name)),
      ("packet", .integer(Int64(stall.packet))),
      ("sure", .string(stall.sureness.name)),
    ])
  }

  /// A line for each stall, and what they come to by cause.
  var text: String {
    if stalls.isEmpty {
      if isChosen { return "no stall of those chosen in \(file)\n" }
      return "no stall in \(file): nothing that was asked for came later than two round trips\n"
    }
    var text =
      Numbers.padded("from ms", to: 12) + Numbers.padded("for ms", to: 10)
      + Numbers.padded("conn", to: 6) + Numbers.padded("request", to: 9)
      + Numbers.padded("packet", to: 9) + "  cause\n"
    for stall in stalls {
      text +=
        Numbers.padded(Numbers.milliseconds(stall.from), to: 12)
        + Numbers.padded(Numbers.milliseconds(stall.duration), to: 10)
        + Numbers.padded("\(stall.connection)", to: 6)
        + Numbers.padded(stall.request.map { "\($0)" } ?? "-", to: 9)
        + Numbers.padded("\(stall.packet)", to: 9) + "  \(Self.words(stall))\n"
    }
    return text + "  packet is the one that ended it\n\n" + sums
  }

  private static func words(_ stall: Stall) -> String {
    let way = stall.sender == .client ? "up" : "down"
    let doubt = stall.sureness == .certain ? "" : " (\(stall.sureness.name))"
    return "\(stall.cause.name.replacing("_", with: " ")), \(way)\(doubt)"
  }

  private var sums: String {
    Cause.allCases.compactMap { cause in
      let own = stalls.filter { $0.cause == cause }
      if own.isEmpty { return nil }
      return "  \(cause.name.replacing("_", with: " ")): \(Numbers.count(own.count, "stall")), "
        + "\(Numbers.milliseconds(own.total)) ms\n"
    }.joined()
  }
}
