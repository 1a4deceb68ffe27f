import NetSim
import Scenarios
import Timelines

/// The packets of a log's TCP connections, written as tables or graphs for other programs.
struct ExportedPackets {
  private let request: ExportRequest
  private let log: EventLog
  private let rows: [PacketRow]

  init(_ request: ExportRequest, _ log: EventLog, vantage: (UInt32) -> Side) {
    self.request = request
    self.log = log
    rows = PacketRows(log, selection: request.choice.selection, vantage: vantage).rows
  }

  /// Writes them, and says so unless they go to standard output.
  func write() throws(Failure) {
    if rows.isEmpty, !log.connections.isEmpty, log.connections.allSatisfy({ $0.quic != nil }) {
      Terminal.complain("the connections are QUIC's; csv, json and xplot have TCP's packets")
    }
    switch request.format {
    case .csv: try write(PacketTable(rows).csv)
    case .json: try write(PacketTable(rows).json.text() + "\n")
    case .xplot: try writeGraphs()
    case .pcapng: preconditionFailure("packets with all their bytes are written otherwise")
    }
  }

  private func write(_ text: String) throws(Failure) {
    if request.out == "-" { return Terminal.print(text) }
    try Self.put(text, request.out)
    Terminal.print("\(request.out): \(Numbers.count(rows.count, "packet"))\n")
  }

  /// Writes a graph for each connection and direction; none of them, where there is a file of the name
  /// of one.
  private func writeGraphs() throws(Failure) {
    let base = request.out.hasSuffix(".xpl") ? String(request.out.dropLast(4)) : request.out
    var groups: [UInt32: [PacketRow]] = [:]
    for row in rows { groups[row.connection, default: []].append(row) }
    var graphs: [(path: String, text: String)] = []
    for (connection, rows) in groups.sorted(by: { $0.key < $1.key }) {
      for (side, word) in [(Side.client, "up"), (.server, "down")] {
        let graph = TimeSequenceGraph(
          rows, sender: side, of: log.connections[Int(connection)])
        graphs.append(("\(base)-\(connection)-\(word).xpl", graph.text))
      }
    }
    if let taken = graphs.first(where: { TextFile.exists($0.path) }) {
      throw Failure(status: .input, message: "--out: \(taken.path): it exists already")
    }
    for graph in graphs { try Self.put(graph.text, graph.path) }
    let list = graphs.map { $0.path + "\n" }.joined()
    Terminal.print(graphs.isEmpty ? "no packet of TCP is selected: no graph is written\n" : list)
  }

  private static func put(_ text: String, _ path: String) throws(Failure) {
    do {
      try TextFile.write(text, to: path)
    } catch {
      throw Failure(status: .input, message: "--out \(path): \(error.reason)")
    }
  }
}
