import NetSim

/// What was sent again, given up and found wrong, in the summary of a run.
enum StreamSummary {
  /// So many errors are told one by one.
  private static let mostErrors = 3

  /// The lines, without their margin.
  static func lines(_ report: RunReport, _ log: EventLog) -> [String] {
    repeated(report, log) + failed(log) + errors(log)
  }

  private static func repeated(_ report: RunReport, _ log: EventLog) -> [String] {
    let refused = StreamResets.refusals(log).count
    var lines: [String] = []
    if report.retriedRequests > refused {
      let count = Numbers.count(report.retriedRequests - refused, "request")
      lines.append("\(count) sent again: the connection had ended")
    }
    if refused > 0 {
      lines.append("\(Numbers.count(refused, "request")) refused by servers, and asked again")
    }
    return lines
  }

  private static func failed(_ log: EventLog) -> [String] {
    let failures = RequestFailures(log)
    let told: [(reason: RequestFailure, words: String)] = [
      (.cancelled, "cancelled by clients"), (.tooLate, "given up as too late"),
      (.reset, "reset for an error"),
    ]
    let parts = told.compactMap { reason, words in
      let count = failures.count(reason)
      return count == 0 ? nil : "\(Numbers.grouped(Int64(count))) \(words)"
    }
    return parts.isEmpty ? [] : ["requests: " + parts.joined(separator: ", ")]
  }

  private static func errors(_ log: EventLog) -> [String] {
    let errors = FrameErrors.all(log)
    var lines = errors.prefix(mostErrors).map { error in
      let isAlone = log.connections.count == 1
      let connection = isAlone ? "the connection" : "connection \(error.connection)"
      let stream = error.stream.map { "stream \($0)" + (isAlone ? "" : " of " + connection) }
      return "HTTP/2: the \(error.finderName) ends \(stream ?? connection) with "
        + "\(FrameErrors.name(error.code)): \(error.reason)"
    }
    if errors.count > mostErrors {
      lines.append("HTTP/2: \(Numbers.count(errors.count - mostErrors, "more error"))")
    }
    return lines
  }
}
