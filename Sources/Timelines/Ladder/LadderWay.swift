import NetSim

/// The connections on which requests went from a client to its servers: one without proxies; with
/// them those of each leg that had to do with the same requests, repetitions included.
struct LadderWay {
  /// So many connections of a leg are drawn; the others are counted.
  private static let mostOfALeg = 4

  /// The connections of each leg, the client's own leg first.
  let legs: [[UInt32]]
  /// How many connections are left out.
  let leftOut: Int

  private init(_ connections: [UInt32], _ log: EventLog) {
    let last = connections.map { Int(log.connections[Int($0)].leg) }.max() ?? 0
    let all = (0...last).map { leg in
      connections.filter { Int(log.connections[Int($0)].leg) == leg }
    }
    legs = all.map { Array($0.prefix(Self.mostOfALeg)) }.filter { !$0.isEmpty }
    leftOut = connections.count - legs.reduce(0) { $0 + $1.count }
  }

  /// The connections that are drawn.
  var connections: [UInt32] { legs.flatMap { $0 } }

  /// The ways of a log, in the order of their first connections.
  static func ways(of log: EventLog) -> [LadderWay] {
    var groups = ConnectionGroups(count: log.connections.count)
    if log.connections.contains(where: { $0.leg > 0 }) {
      let numbers = RequestNumbers(log)
      var first: [UInt32?] = Array(repeating: nil, count: numbers.count)
      for record in log.records where record.connection != EventRecord.noConnection {
        guard record.kind == .requestSent || record.kind == .requestFailed else { continue }
        let number = numbers[record.item]
        groups.join(first[number] ?? record.connection, record.connection)
        first[number] = first[number] ?? record.connection
      }
    }
    return groups.all.map { LadderWay($0, log) }
  }
}

/// Connections that belong together.
private struct ConnectionGroups {
  /// The least connection that each is known to belong to, maybe by way of others.
  private var leaders: [UInt32]

  /// Each connection on its own.
  init(count: Int) { leaders = (0..<count).map { UInt32($0) } }

  private func leader(of connection: UInt32) -> UInt32 {
    var connection = connection
    while leaders[Int(connection)] != connection { connection = leaders[Int(connection)] }
    return connection
  }

  mutating func join(_ one: UInt32, _ other: UInt32) {
    let (a, b) = (leader(of: one), leader(of: other))
    leaders[Int(max(a, b))] = min(a, b)
  }

  /// The groups, in the order of their first connections.
  var all: [[UInt32]] {
    var members: [[UInt32]] = Array(repeating: [], count: leaders.count)
    for connection in leaders.indices {
      members[Int(leader(of: UInt32(connection)))].append(UInt32(connection))
    }
    return members.filter { !$0.isEmpty }
  }
}
