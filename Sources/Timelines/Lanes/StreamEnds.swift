import NetSim

/// Which requests' streams were reset, over all connections of a log.
struct StreamEnds {
  private let failures: RequestFailures
  private let all: [StreamResets.Refusal]

  /// The resets of `log`.
  init(_ log: EventLog) {
    failures = RequestFailures(log)
    all = StreamResets.refusals(log)
  }

  /// Whether a request ended with a reset.
  func isReset(_ request: UInt32) -> Bool {
    switch failures[request] {
    case .cancelled, .tooLate, .reset: true
    case .connection, .queueFull, .waitedTooLong, nil: false
    }
  }

  /// When streams of a request were refused.
  func refusals(of request: UInt32) -> [SimTime] {
    all.filter { $0.request == request }.map(\.time)
  }
}
