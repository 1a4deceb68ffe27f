import NetSim

/// Everything that is drawn of a log: a ladder and a window for each connection, or one ladder where
/// proxies join several, then the lanes of the requests.
public struct TimelinePage: Sendable {
  /// How many ladders are drawn; the connections of others are counted.
  private static let mostLadders = 3

  private let ladders: [LadderTimeline]
  /// The windows of each ladder's connection.
  private let plots: [[WindowPlot]]
  private let lanes: LanesTimeline
  private let left: Int

  /// The page of `log`; `vantage` says from which side each connection is seen. Where `only` names a
  /// connection, it is drawn alone.
  public init(
    _ log: EventLog, reports: [RequestReport], only: UInt32? = nil,
    vantage: (UInt32) -> Side = { _ in .client }
  ) {
    if let only {
      ladders = [LadderTimeline(log, connection: only, vantage: vantage(only))]
      plots = [Self.plots(log, only)]
      left = 0
    } else {
      let all = LadderWay.ways(of: log)
      let shown = all.prefix(Self.mostLadders)
      ladders = shown.map { way in
        let first = way.connections[0]
        return way.connections.count > 1
          ? LadderTimeline(log, way: way)
          : LadderTimeline(log, connection: first, vantage: vantage(first))
      }
      // Which of several windows would be meant is not plain: each connection alone has its own.
      plots = shown.map {
        $0.connections.count == 1 ? Self.plots(log, $0.connections[0]) : []
      }
      left = all.dropFirst(shown.count).reduce(0) { $0 + $1.connections.count + $1.leftOut }
    }
    let wanted = only.map { connection in reports.filter { $0.connection == connection } }
    lanes = LanesTimeline(wanted ?? reports, log: log)
  }

  /// The congestion window, and that of HTTP/2 where it held the sender.
  private static func plots(_ log: EventLog, _ connection: UInt32) -> [WindowPlot] {
    [
      WindowPlot(log, connection: connection),
      WindowPlot(flowControl: log, connection: connection),
    ].compactMap { $0 }
  }

  /// The ladders as data.
  public var json: JSONValue { LadderJSON.value(ladders) }

  /// The page as text, each line at most as wide as the style says.
  public func render(_ style: TextStyle) -> String {
    var parts: [String] = []
    for (ladder, plots) in zip(ladders, plots) {
      parts.append(ladder.render(style))
      parts += plots.map { $0.render(style) }
    }
    if left > 0 {
      parts.append(
        "\(style.marks.ellipsis) \(Numbers.count(left, "more connection")); "
          + "--connection N draws one\n")
    }
    let text = lanes.render(style)
    if !text.isEmpty { parts.append(text) }
    return parts.joined(separator: "\n")
  }
}
