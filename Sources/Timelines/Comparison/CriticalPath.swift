import NetSim

/// The critical path of a run: from the end of its last request back through the requests that it
/// waited for, to the beginning. Its pieces are what the run's length is made of.
///
/// A request in the pool waits for those before it: the path leaves it there and goes on with the
/// one whose end let it go. A request that was wanted only after another goes back to that one, and
/// the client's own time between the two is the `client`'s.
struct CriticalPath: Sendable {
  /// Its pieces in order, without holes.
  private(set) var intervals: [CauseInterval] = []

  /// The path through the requests of a scenario's run.
  init(_ requests: [ComparedRun.Request], _ scenario: Scenario) {
    var ends = PathEnds(requests, scenario)
    guard var index = ends.last else { return }
    var until = ends.times[index]
    while true {
      var before: Int?
      for interval in requests[index].report.intervals.reversed() where interval.start < until {
        if interval.cause == .pool {
          before = ends.release(of: index, after: interval.start, by: until)
        }
        if let before {
          add(from: ends.times[before], to: &until, .pool)
          break
        }
        add(from: interval.start, to: &until, interval.cause)
      }
      if before == nil, let parent = ends.parent(of: index) {
        add(from: ends.wish(for: index, in: parent, by: until), to: &until, .client)
        before = parent
      }
      guard let before, ends.pass(before) else { break }
      index = before
    }
    intervals.reverse()
  }

  /// Puts a piece before the others, which so far go back to `until`.
  private mutating func add(from start: SimTime, to until: inout SimTime, _ cause: Cause) {
    guard start < until else { return }
    intervals.append(CauseInterval(start: start, end: until, cause: cause))
    until = start
  }

  /// The time on the path that is charged to `cause`.
  func time(_ cause: Cause) -> SimDuration {
    intervals.reduce(.zero) { $0 + ($1.cause == cause ? $1.end - $1.start : .zero) }
  }

  /// The whole path.
  var duration: SimDuration { intervals.reduce(.zero) { $0 + ($1.end - $1.start) } }
}

/// When the requests of a run ended, and which of them others waited for.
private struct PathEnds {
  /// Requests that share connections.
  private struct Pool: Hashable {
    let client: Int
    let origin: Int
  }

  let times: [SimTime]
  private let requests: [ComparedRun.Request]
  private let scenario: Scenario
  private let places: [ComparedRun.Key: Int]
  /// The requests of each pool that came to an end, by their ends. The path goes back in time only, so that
  /// what ended too late once always will have: it is taken off.
  private var pools: [Pool: [Int]]
  private var passed: Set<Int> = []

  init(_ requests: [ComparedRun.Request], _ scenario: Scenario) {
    let times = requests.map { $0.report.intervals.last?.end ?? $0.report.queued }
    self.times = times
    self.requests = requests
    self.scenario = scenario
    places = Dictionary(uniqueKeysWithValues: requests.indices.map { (requests[$0].key, $0) })
    // A connection that failed made room for another, too.
    let ended = requests.indices.filter {
      (requests[$0].report.complete ?? requests[$0].report.failed) == times[$0]
    }
    pools = Dictionary(grouping: ended.sorted { times[$0] < times[$1] }) { index in
      Self.pool(of: requests[index].key, scenario)
    }
    if let last { passed = [last] }
  }

  private static func pool(of key: ComparedRun.Key, _ scenario: Scenario) -> Pool {
    Pool(
      client: key.client, origin: scenario.clients[key.client].objects[key.object].origin)
  }

  /// The request that ended last.
  var last: Int? { times.indices.max { times[$0] < times[$1] } }

  /// Notes that the path goes through a request; false if it did before.
  mutating func pass(_ index: Int) -> Bool { passed.insert(index).inserted }

  /// The last request of the same pool to end by `until`, if it ended after `start`.
  mutating func release(of index: Int, after start: SimTime, by until: SimTime) -> Int? {
    let pool = Self.pool(of: requests[index].key, scenario)
    while let last = pools[pool]?.last, times[last] > until || passed.contains(last) {
      pools[pool]?.removeLast()
    }
    guard let last = pools[pool]?.last, times[last] > start else { return nil }
    return last
  }

  /// When `parent` made another request wanted, which was the client's own time before `queued`: at its
  /// end, or before that where a part of it was enough.
  func wish(for index: Int, in parent: Int, by queued: SimTime) -> SimTime {
    let (client, object) = (requests[index].key.client, requests[index].key.object)
    let ownTime = scenario.clients[client].objects[object].clientTime
    let wanted = SimTime(nanoseconds: queued.nanoseconds - ownTime.nanoseconds)
    return max(min(times[parent], wanted), requests[parent].report.queued)
  }

  /// The request whose end, or a part of which, made another wanted; nil where the client's start did.
  func parent(of index: Int) -> Int? {
    let (client, object) = (requests[index].key.client, requests[index].key.object)
    let settings = scenario.clients[client]
    return settings.parent(of: object).flatMap {
      places[ComparedRun.Key(client: client, object: $0)]
    }
  }
}
