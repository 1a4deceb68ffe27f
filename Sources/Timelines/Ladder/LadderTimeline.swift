import NetSim

/// The ladder: who talked when on one connection, seen from one of its ends.
public struct LadderTimeline: Sendable {
  /// The connection's index in the log.
  public let connection: UInt32
  /// Whose clock the times are of.
  public let vantage: Side
  let title: String
  let rows: [LadderRow]

  /// The ladder of a connection of `log`, which must have it, as seen from `vantage`.
  public init(_ log: EventLog, connection: UInt32, vantage: Side = .client) {
    self.connection = connection
    self.vantage = vantage
    let description = log.connections[Int(connection)]
    title =
      "connection \(connection)  "
      + MessageLabels.text(description.clientName) + " "
      + "→ " + MessageLabels.text(description.serverName)
    let roundTrip = log.records.lazy
      .filter { $0.connection == connection && $0.kind == .roundTripSample }
      .map { SimDuration(nanoseconds: $0.offset) }.min()
    let all = LadderBuilder(log, connection: connection, vantage: vantage).rows
    rows = LadderFolding(roundTrip: roundTrip).fold(all)
  }

  /// The ladder as text, each line at most as wide as the style says, with a final newline.
  public func render(_ style: TextStyle) -> String {
    LadderText(style).render(self)
  }
}
