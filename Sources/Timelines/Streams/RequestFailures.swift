import NetSim

/// Why requests failed, as far as a log says so.
struct RequestFailures {
  /// Why, by the requests' indices.
  private var reasons: [UInt32: RequestFailure] = [:]

  /// The failures of `log`.
  init(_ log: EventLog) {
    for record in log.records where record.kind == .requestFailed {
      reasons[record.item] = RequestFailure(rawValue: record.detail)
    }
  }

  /// Why a request failed; nil where it did not.
  subscript(request: UInt32) -> RequestFailure? { reasons[request] }

  /// How many requests failed for a reason.
  func count(_ reason: RequestFailure) -> Int { reasons.values.count { $0 == reason } }

  /// JSON's word for a reason.
  static func word(_ reason: RequestFailure) -> String {
    switch reason {
    case .connection: "connection"
    case .queueFull: "queue_full"
    case .waitedTooLong: "waited_too_long"
    case .cancelled: "cancelled"
    case .tooLate: "too_late"
    case .reset: "reset"
    }
  }
}
