import NetSim

/// The ladder: who talked when on one connection, seen from one of its ends, or on the way over proxies
/// that several connections make.
public struct LadderTimeline: Sendable {
  /// The index in the log of the connection, or of the first of a way.
  public let connection: UInt32
  /// Whose clock the times are of.
  public let vantage: Side
  /// What stands above the columns, each text in lines of its own where both do not fit into one.
  let title: String
  let remark: String
  /// The columns' names.
  let hosts: [String]
  let rows: [LadderRow]
  /// How many connections of the way are not drawn.
  let leftOut: Int

  /// The ladder of a connection of `log`, which must have it, as seen from `vantage`.
  public init(_ log: EventLog, connection: UInt32, vantage: Side = .client) {
    self.connection = connection
    self.vantage = vantage
    let description = log.connections[Int(connection)]
    title =
      "connection \(connection)  "
      + MessageLabels.text(description.clientName) + " "
      + "→ " + MessageLabels.text(description.serverName)
      + (description.quic == nil ? "" : ", QUIC")
    hosts = LadderHosts(log, connection: connection).names
    remark = "seen from " + LadderHosts.spoken(hosts[vantage == .client ? 0 : 1])
    leftOut = 0
    let roundTrip = Self.roundTrip(log, [connection])
    let remarks = LadderRemarks(log, connection: connection, RequestNumbers(log))
    let all = Self.rows(log, connection, vantage, roundTrip, remarks)
    rows = LadderFolding(roundTrip: roundTrip).fold(all)
  }

  /// The ladder of a way over proxies, with a column for each host.
  init(_ log: EventLog, way: LadderWay) {
    connection = way.connections[0]
    vantage = .client
    hosts = LadderHosts(log, way: way).names
    title = Self.title(way, hosts)
    remark = "each leg's times are those of the end that asks"
    leftOut = way.leftOut
    let roundTrip = Self.roundTrip(log, way.connections)
    rows = LadderFolding(roundTrip: roundTrip).fold(Self.rows(log, way, hosts, roundTrip))
  }

  /// The ladders of `log`, in the order in which what they draw began: one for each connection, or one
  /// for those that proxies join. Connections of which nothing was logged have none.
  public static func all(of log: EventLog) -> [LadderTimeline] {
    let seen = Set(log.records.lazy.map(\.connection))
    return LadderWay.ways(of: log).filter { seen.contains($0.connections[0]) }.map { way in
      way.connections.count > 1
        ? LadderTimeline(log, way: way) : LadderTimeline(log, connection: way.connections[0])
    }
  }

  /// The ladder as text, each line at most as wide as the style says, with a final newline.
  public func render(_ style: TextStyle) -> String {
    LadderText(style, hosts: hosts).render(self)
  }

  // MARK: Rows

  private static func roundTrip(_ log: EventLog, _ connections: [UInt32]) -> SimDuration? {
    log.records.lazy
      .filter { $0.kind == .roundTripSample && connections.contains($0.connection) }
      .map { SimDuration(nanoseconds: $0.offset) }.min()
  }

  /// The rows of one connection before they are folded.
  private static func rows(
    _ log: EventLog, _ connection: UInt32, _ vantage: Side, _ roundTrip: SimDuration?,
    _ remarks: LadderRemarks
  ) -> [LadderRow] {
    let isQUIC = log.connections[Int(connection)].quic != nil
    var rows =
      isQUIC
      ? DatagramLadder(log, connection: connection, vantage: vantage).rows
      : LadderBuilder(log, connection: connection, vantage: vantage).rows
    if vantage == .client {
      RecordWaits(log, connection: connection, roundTrip: roundTrip).mark(&rows)
    }
    if remarks.rows.isEmpty { return rows }
    for remark in remarks.rows where remark.packet > 0 { rows.put(remark) }
    return (rows + remarks.rows.filter { $0.packet == 0 }).sorted { $0.time < $1.time }
  }

  /// The rows of all legs in the order of their times.
  private static func rows(
    _ log: EventLog, _ way: LadderWay, _ hosts: [String], _ roundTrip: SimDuration?
  ) -> [LadderRow] {
    let numbers = RequestNumbers(log)
    var all: [LadderRow] = []
    for (leg, connections) in way.legs.enumerated() {
      let behind = leg + 1 < way.legs.count ? way.legs[leg + 1] : []
      for connection in connections {
        var remarks = LadderRemarks(log, connection: connection, numbers)
        remarks.addProxies(Array(hosts[leg...leg + 1]), behind: behind)
        let own = Self.rows(log, connection, .client, roundTrip, remarks)
        all += own.map { row in
          var row = row
          (row.connection, row.leg) = (connection, leg)
          if connections.count > 1 && row.kind != .remark { row.tag = "\(connection): " }
          return row
        }
      }
    }
    return all.sorted { $0.time < $1.time }
  }

  // MARK: Titles

  /// "connections 0 and 2 to the proxy, 1 and 3 from there to the server".
  private static func title(_ way: LadderWay, _ hosts: [String]) -> String {
    let all = way.legs.enumerated().map { leg, connections in
      Numbers.list(connections.map { "\($0)" }) + (leg == 0 ? " to " : " from there to ")
        + LadderHosts.spoken(hosts[leg + 1])
    }
    return (way.legs[0].count == 1 ? "connection " : "connections ") + all.joined(separator: ", ")
  }
}
