import NetSim

/// Everything that is drawn of a log: a ladder and a window for each connection, then the lanes of
/// the requests.
public struct TimelinePage: Sendable {
  /// How many connections are drawn; the others are counted.
  private static let mostConnections = 3

  private let ladders: [LadderTimeline]
  private let plots: [WindowPlot?]
  private let lanes: LanesTimeline
  private let left: Int

  /// The page of `log`; `vantage` says from which side each connection is seen. Where `only` names a
  /// connection, it is drawn alone.
  public init(
    _ log: EventLog, reports: [RequestReport], only: UInt32? = nil,
    vantage: (UInt32) -> Side = { _ in .client }
  ) {
    let all = only.map { [$0] } ?? log.connections.indices.map { UInt32($0) }
    let shown = all.prefix(Self.mostConnections)
    ladders = shown.map { LadderTimeline(log, connection: $0, vantage: vantage($0)) }
    plots = shown.map { WindowPlot(log, connection: $0) }
    left = all.count - shown.count
    let wanted = only.map { connection in reports.filter { $0.connection == connection } }
    lanes = LanesTimeline(wanted ?? reports, log: log)
  }

  /// The ladders as data.
  public var json: JSONValue { LadderJSON.value(ladders) }

  /// The page as text, each line at most as wide as the style says.
  public func render(_ style: TextStyle) -> String {
    var parts: [String] = []
    for (ladder, plot) in zip(ladders, plots) {
      parts.append(ladder.render(style))
      if let plot { parts.append(plot.render(style)) }
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
