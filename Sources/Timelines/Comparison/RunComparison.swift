import NetSim

/// Several runs of one workload beside each other: their waterfalls on one scale, what each came
/// to, where their time went, and which was fastest and why.
public struct RunComparison: Sendable {
  private let runs: [ComparedRun]
  private let conditions: String

  /// The comparison of `runs`, at least one; `conditions` says in a few words what they share.
  public init(_ runs: [ComparedRun], conditions: String = "") {
    precondition(!runs.isEmpty, "a comparison of nothing")
    self.runs = runs
    self.conditions = conditions
  }

  private var names: [String] { runs.map(\.name) }

  /// The comparison as text, each line at most as wide as the style says, with a final newline.
  public func render(_ style: TextStyle) -> String {
    let hasCauses = runs.allSatisfy(\.hasCauses)
    var parts = [heading(style)]
    if hasCauses { parts.append(RunPanels(runs).render(style)) }
    parts.append(totals.render(style))
    if hasCauses { parts.append(sums.render(style)) }
    if hasCauses && requestCount > 1 { parts.append(path.render(style)) }
    return parts.joined(separator: "\n") + "\n" + RunVerdict(runs).render(style)
  }

  private var requestCount: Int { runs.map(\.requests.count).max() ?? 0 }

  private func heading(_ style: TextStyle) -> String {
    let sizes = Set(runs.flatMap { $0.requests.map(\.description.bodyBytes) })
    var text = Numbers.count(requestCount, "request")
    if let size = sizes.first, sizes.count == 1 {
      text += " of " + Numbers.bytes(size) + (requestCount == 1 ? "" : " each")
    }
    if !conditions.isEmpty { text += "; " + conditions }
    return DisplayWidth.wrapped(text, hanging: 2, width: style.width).map { $0 + "\n" }.joined()
  }

  // MARK: Tables

  private var totals: RunTable {
    var table = RunTable("what each run came to", names)
    func add(_ name: String, _ value: (ComparedRun) -> String) { table.add(name, runs.map(value)) }
    add("complete, ms") { $0.complete.map { Numbers.milliseconds($0) } ?? "no" }
    if runs.contains(where: { $0.complete == nil }) {
      add("requests complete") { Numbers.grouped(Int64($0.completeRequests)) }
    }
    add("connections") { Numbers.grouped(Int64($0.connections)) }
    add("packets up") { Numbers.grouped($0.totals.packets.up) }
    add("packets down") { Numbers.grouped($0.totals.packets.down) }
    add("lost up") { Numbers.grouped($0.totals.lost.up) }
    add("lost down") { Numbers.grouped($0.totals.lost.down) }
    add("retransmitted") { Numbers.grouped($0.totals.retransmitted) }
    add("time-outs") { Numbers.grouped($0.totals.timeouts) }
    if runs.contains(where: { $0.unusedDrops > 0 }) {
      add("drops without use") { Numbers.grouped(Int64($0.unusedDrops)) }
    }
    return table
  }

  private var sums: RunTable {
    let title = "where the time went, ms"
    let count = Numbers.count(requestCount, "request")
    var table = RunTable(requestCount == 1 ? title : title + ", summed over \(count)", names)
    table.addCauses(runs) { $0.sum($1) }
    return table
  }

  private var path: RunTable {
    var table = RunTable("where it went on the critical path, ms", names)
    table.addCauses(runs) { $0.criticalPath.time($1) }
    return table
  }
}
