import Captures
import Foundation
import NetSim
import Testing

/// A run of `traces/lab`: what its link did, and what its hosts sent again.
struct LabRun: Decodable, CustomTestStringConvertible {
  struct Packet: Decodable {
    var direction: String
    /// Its number in the capture of its sender.
    var sent: UInt32?
    /// Its number in the capture of its receiver; nil where it was lost.
    var arrived: UInt32?
    var payload: Int64?
    /// What made the sender repeat it.
    var trigger: String?
    /// Whether the bytes that it repeats arrived.
    var needless: Bool?
    /// The ends whose captures do not tell: see the file's `note`.
    var unseenAt: [String]?

    func number(at end: LabRun.End) -> UInt32? { direction == end.sends ? sent : arrived }
  }

  enum End: String, CaseIterable {
    case client
    case server
    /// The direction of what it sends.
    var sends: String { self == .client ? "client→server" : "server→client" }
  }

  var file: String
  var lostPackets: [Packet]
  var lostAcks: [Packet]
  var late: [Packet]
  var copies: [Packet]
  var resent: [Packet]
  var client: [String]?

  var name: String { String(file.dropLast(5)) }
  var testDescription: String { name }

  static func path(_ name: String, _ end: End) -> String {
    "\(Traces.folder)/lab/\(name)\(end == .client ? "" : "-server").pcap"
  }

  static let all: [LabRun] = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let data = FileManager.default.contents(atPath: "\(Traces.folder)/lab/captures.json"),
      let runs = try? decoder.decode([LabRun].self, from: data)
    else { preconditionFailure("traces/lab/captures.json is missing or of another form") }
    return runs
  }()
}

/// Labels against what really happened on links between real hosts.
@Suite struct LabTests {
  private static func direction(_ sender: Side) -> String {
    sender == .client ? "client→server" : "server→client"
  }

  private func word(_ trigger: RetransmissionKind) -> String {
    switch trigger {
    case .fast: "fast"
    case .timeout: "timeout"
    case .tailLossProbe: "tail_probe"
    case .handshake: "handshake"
    }
  }

  private func connections(_ run: LabRun, _ end: LabRun.End) throws -> [CapturedConnection] {
    let analysis = try CaptureAnalysis.read(path: LabRun.path(run.name, end))
    #expect(analysis.problem == nil)
    #expect(analysis.connections.allSatisfy { $0.vantage == (end == .client ? .client : .server) })
    return analysis.connections
  }

  @Test(
    "Every lost packet is found at either end, and none is invented",
    arguments: LabRun.all, LabRun.End.allCases)
  func lostPackets(_ run: LabRun, _ end: LabRun.End) throws {
    let found = try connections(run, end).flatMap(\.lost)
    let truth = run.lostPackets.filter { $0.unseenAt?.contains(end.rawValue) != true }
    #expect(
      found.map { "\(Self.direction($0.sender)) \($0.length)" }.sorted()
        == truth.map { "\($0.direction) \($0.payload ?? 0)" }.sorted())
    // At its sender the lost packet itself is known.
    #expect(
      found.compactMap(\.originalNumber).sorted()
        == truth.filter { $0.direction == end.sends }.compactMap(\.sent).sorted())
  }

  @Test(
    "Every packet that was sent again is named, with what made its sender do so",
    arguments: LabRun.all, LabRun.End.allCases)
  func repetitions(_ run: LabRun, _ end: LabRun.End) throws {
    let findings = try connections(run, end).flatMap(\.findings).filter { $0.trigger != nil }
    let truth = run.resent.filter {
      $0.number(at: end) != nil && $0.unseenAt?.contains(end.rawValue) != true
    }
    #expect(
      findings.map {
        let isNeedless = $0.kind == .needlessRetransmission
        return "\($0.packet) \($0.trigger.map(word) ?? "") \(isNeedless ? "needless" : "")"
      }.sorted()
        == truth.map {
          "\($0.number(at: end) ?? 0) \($0.trigger ?? "") \($0.needless == true ? "needless" : "")"
        }.sorted())
  }

  @Test(
    "What came late, and what came twice, is told apart, and nothing else is",
    arguments: LabRun.all, LabRun.End.allCases)
  func lateAndTwice(_ run: LabRun, _ end: LabRun.End) throws {
    let findings = try connections(run, end).flatMap(\.findings)
    func numbers(_ packets: [LabRun.Packet]) -> [UInt32] {
      packets.filter { $0.direction != end.sends && $0.payload != 0 }.compactMap(\.arrived).sorted()
    }
    #expect(
      findings.filter { $0.kind == .outOfOrder }.map(\.packet).sorted() == numbers(run.late))
    #expect(
      findings.filter { $0.kind == .duplicate }.map(\.packet).sorted() == numbers(run.copies))
  }

  @Test(
    "Both captures of a run give every lost packet, bare acknowledgements too",
    arguments: LabRun.all)
  func comparison(_ run: LabRun) throws {
    let comparison = try CaptureComparison.read(
      LabRun.path(run.name, .client), LabRun.path(run.name, .server))
    for (way, end) in [(comparison.forth, LabRun.End.client), (comparison.back, .server)] {
      let truth = (run.lostPackets + run.lostAcks).filter { $0.direction == end.sends }
      #expect(way.lost.map { UInt32($0.number) }.sorted() == truth.compactMap(\.sent).sorted())
      #expect(way.duplicated == Int64(run.copies.filter { $0.direction == end.sends }.count))
      #expect(way.unsent == 0)
    }
  }

  @Test("The client's capture gives curl's own figures", arguments: LabRun.all)
  func curl(_ run: LabRun) throws {
    guard let lines = run.client, run.file.hasPrefix("h1") else { return }
    let analysis = try CaptureAnalysis.read(path: LabRun.path(run.name, .client))
    #expect(analysis.requests.count == lines.count)
    for (request, line) in zip(analysis.requests, lines) {
      let figures = line.split(separator: " ").dropFirst(2).compactMap { Double($0) }
      let connectMs = figures[0] * 1e3
      #expect(request.bodyBytes == Int64(figures[4]))
      // curl counts from before its connect; the capture from the request's first byte.
      let allMs = Traces.ms(request.complete.map { $0 - request.sent })
      #expect(abs(connectMs + allMs - figures[3] * 1e3) < 3, "\(line)")
    }
  }
}
