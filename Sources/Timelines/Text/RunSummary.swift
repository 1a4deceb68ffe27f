import NetSim

/// The last lines of a run: what it came to.
public enum RunSummary {
  /// The summary as text, with a final newline; sentences are broken into lines of `width` columns.
  public static func render(_ report: RunReport, log: EventLog, width: Int = 80) -> String {
    var lines: [String] = []
    let bytes = log.bodyBytes
    let numbers = RequestNumbers(log)
    let objects = Numbers.count(numbers.count, "object") + ", " + Numbers.bytes(bytes)
    if let complete = report.complete {
      let rate = Numbers.rate(bytes: bytes, over: complete - .zero).map { ", " + $0 } ?? ""
      lines.append("complete after \(Numbers.milliseconds(complete)) ms: \(objects)\(rate)")
    } else {
      let done = report.requests.filter { $0.complete != nil }.count
      let why = report.wasStopped ? "; stopped at the limit of simulated time" : ""
      lines.append("not complete: \(done) of \(objects)\(why)")
    }
    lines += WaitWords.sentences(report.waits, numbers).flatMap {
      DisplayWidth.wrapped($0, hanging: 2, width: width - 1)
    }
    let sum = report.totals
    lines.append(
      "\(Numbers.count(report.connections.count, "connection")); packets up "
        + "\(Numbers.grouped(sum.packets.up)), down \(Numbers.grouped(sum.packets.down)); lost up "
        + "\(Numbers.grouped(sum.lost.up)), down \(Numbers.grouped(sum.lost.down))")
    lines += fallback(log) + TransportSummary(log).lines
    lines.append(
      "retransmitted \(Numbers.grouped(sum.retransmitted)), of which "
        + "\(Numbers.grouped(sum.spurious)) needlessly; time-outs \(Numbers.grouped(sum.timeouts))")
    lines += StreamSummary.lines(report, log).flatMap {
      DisplayWidth.wrapped($0, hanging: 2, width: width - 1)
    }
    let repeated = report.requests.filter { $0.executed > 1 }.count
    if repeated > 0 {
      lines.append("\(Numbers.count(repeated, "request")) executed more than once")
    }
    if report.pool.isAskedFor {
      lines += PoolSummary.lines(report.pool).flatMap {
        DisplayWidth.wrapped($0, hanging: 2, width: width - 1)
      }
    }
    if report.unusedDrops > 0 {
      lines.append(
        "\(Numbers.count(report.unusedDrops, "packet")) that should have been dropped never came")
    }
    lines.append("fingerprint \(RunJSON.hexadecimal(report.fingerprint))")
    return lines.map { " " + $0 + "\n" }.joined()
  }

  /// What was agreed upon in TLS, where a client would have liked something else better.
  private static func fallback(_ log: EventLog) -> [String] {
    let names = log.connections.lazy.compactMap { $0.tls?.names }.first {
      !$0.client.isEmpty && $0.agreed != $0.client[0]
    }
    guard let names else { return [] }
    let found = names.agreed.map { "the server chose \($0.text)" } ?? "the server named none"
    let spoken = names.agreed == nil ? ", so that HTTP/1.1 is spoken" : ""
    return ["ALPN: the client would rather have spoken \(names.client[0].text); \(found)\(spoken)"]
  }
}

extension RunReport {
  /// What all connections come to together: packets, losses, retransmissions and time-outs.
  var totals: ConnectionReport {
    connections.reduce(into: ConnectionReport()) { sum, connection in
      sum.packets.up += connection.packets.up
      sum.packets.down += connection.packets.down
      sum.lost.up += connection.lost.up
      sum.lost.down += connection.lost.down
      sum.retransmitted += connection.retransmitted
      sum.spurious += connection.spurious
      sum.timeouts += connection.timeouts
    }
  }
}
