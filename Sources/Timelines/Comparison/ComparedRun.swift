import NetSim

/// One run of a workload that was run several times: what a comparison keeps of it, which is far
/// less than its log.
public struct ComparedRun: Sendable {
  /// One of the workload's requests: in every run the same, whatever their order was.
  struct Key: Hashable, Comparable {
    /// Which client of the scenario asks.
    let client: Int
    /// The object's place in that client's list.
    let object: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.client, left.object) < (right.client, right.object)
    }
  }

  /// A request as this run had it.
  struct Request: Sendable {
    let key: Key
    let description: RequestDescription
    let report: RequestReport
  }

  /// What the run is called, mostly by its protocol.
  let name: String
  let complete: SimTime?
  /// Whether the limit of simulated time ended it.
  let wasStopped: Bool
  /// How many packets that were to be dropped never came.
  let unusedDrops: Int
  let connections: Int
  let totals: ConnectionReport
  /// In the order of their keys.
  let requests: [Request]
  let criticalPath: CriticalPath

  /// The run of a scenario under a name.
  public init(name: String, scenario: Scenario, report: RunReport, log: EventLog) {
    self.name = name
    complete = report.complete
    wasStopped = report.wasStopped
    unusedDrops = report.unusedDrops
    connections = report.connections.count
    totals = report.totals
    requests = report.requests.map { report in
      let description = log.requests[Int(report.request)]
      let key = Key(client: Int(description.client), object: Int(description.object))
      return Request(key: key, description: description, report: report)
    }.sorted { $0.key < $1.key }
    criticalPath = CriticalPath(requests, scenario)
  }

  /// Whether its requests' times are charged to causes: where only totals are kept, they are not.
  var hasCauses: Bool { requests.contains { !$0.report.intervals.isEmpty } }

  /// The time of all its requests together that is charged to `cause`.
  func sum(_ cause: Cause) -> SimDuration {
    requests.reduce(.zero) { $0 + $1.report.time(cause) }
  }

  /// The time of all its requests together.
  var sum: SimDuration { requests.reduce(.zero) { $0 + $1.report.duration } }

  /// How many of its requests were complete.
  var completeRequests: Int { requests.filter { $0.report.complete != nil }.count }
}
