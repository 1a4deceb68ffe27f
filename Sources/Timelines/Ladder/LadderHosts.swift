import NetSim

/// What the hosts are called that a ladder has as columns.
struct LadderHosts {
  /// From the client's side to the server's.
  let names: [String]

  /// The two hosts of one connection.
  init(_ log: EventLog, connection: UInt32) {
    let description = log.connections[Int(connection)]
    let leg = Int(description.leg)
    let count = Self.proxies(log)
    let isContinued =
      count > leg
      && log.connections.contains { other in
        Int(other.leg) == leg + 1
          && Self.host(other.clientName) == Self.host(description.serverName)
      }
    names = [
      leg == 0 ? "client" : Self.proxy(leg, of: count),
      isContinued ? Self.proxy(leg + 1, of: count) : "server",
    ]
  }

  /// The hosts of a way over proxies.
  init(_ log: EventLog, way: LadderWay) {
    let ends = way.legs.map { LadderHosts(log, connection: $0[0]).names }
    names = ends.map { $0[0] } + [ends.last.map { $0[1] } ?? "server"]
  }

  /// A host in a sentence: what has a number goes without an article.
  static func spoken(_ name: String) -> String {
    name.last?.isNumber == true ? name : "the " + name
  }

  private static func proxies(_ log: EventLog) -> Int {
    Int(log.connections.map(\.leg).max() ?? 0)
  }

  /// The only proxy needs no number.
  private static func proxy(_ number: Int, of count: Int) -> String {
    count == 1 ? "proxy" : "proxy \(number)"
  }

  private static func host(_ name: [UInt8]) -> ArraySlice<UInt8> {
    name[..<(name.lastIndex(of: UInt8(ascii: ":")) ?? name.endIndex)]
  }
}
