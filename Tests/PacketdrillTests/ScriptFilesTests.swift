import Foundation
import Packetdrill
import Testing

/// The scripts of `Tests/Scripts`: each is named for the behaviour that it shows, and has to pass.
@Suite struct ScriptFilesTests {
  static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scripts")

  static let names: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path())
    return (names ?? []).filter { $0.hasSuffix(".pkt") }.sorted()
  }()

  @Test(arguments: names)
  func everyScriptPasses(name: String) throws {
    let text = try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
    let script = try PacketdrillScript(parsing: text, file: name)
    let report = PacketdrillRun(script).run().report(file: name)
    #expect(report == "\(name): passed")
  }

  @Test func thereAreThirtyScripts() {
    #expect(Self.names.count >= 30)
  }
}
