import Captures
import NetSim
import Scenarios
import Timelines

/// `simcli export` of a capture.
struct CaptureExport {
  let file: String
  let request: ExportRequest
  let filter: String?

  /// Writes what was asked for.
  func run() throws(Failure) {
    if request.out != "-", request.format != .xplot, TextFile.exists(request.out) {
      throw Failure(status: .input, message: "--out \(request.out): it exists already")
    }
    let problem = request.format == .pcapng ? try writePackets() : try writeTables()
    if let problem { throw Failure(status: .input, message: problem.description) }
  }

  private func writeTables() throws(Failure) -> CaptureError? {
    let analysis: CaptureAnalysis
    do {
      analysis = try CaptureAnalysis.read(path: file, options: CaptureOptions(filter: filter))
    } catch {
      throw Self.failure(error)
    }
    try request.choice.check(connectionCount: analysis.connections.count, of: "capture")
    let vantages = analysis.connections.map(\.vantage)
    try ExportedPackets(request, analysis.log) { vantages[Int($0)] }.write()
    return analysis.problem
  }

  private func writePackets() throws(Failure) -> CaptureError? {
    var extract: CaptureExtract
    do {
      extract = try CaptureExtract(
        path: file,
        CaptureExtract.Selection(
          filter: filter, connections: request.choice.connections, hosts: request.choice.hosts,
          from: request.choice.from, to: request.choice.to))
    } catch {
      throw Self.failure(error)
    }
    try request.choice.check(connectionCount: extract.connectionCount, of: "capture")
    if request.out == "-" {
      extract.write { Terminal.print($0) }
      return extract.problem
    }
    do {
      var sink = try NewFile(path: request.out)
      try extract.write { (chunk) throws(TextFile.Failure) in try sink.append(chunk) }
      try sink.finish()
    } catch {
      throw Failure(status: .input, message: "--out \(request.out): \(error.reason)")
    }
    Terminal.print("\(request.out): \(Numbers.count(extract.packets, "packet"))\n")
    return extract.problem
  }

  private static func failure(_ error: CaptureError) -> Failure {
    Failure(status: error.kind == .badFilter ? .usage : .input, message: error.description)
  }
}
