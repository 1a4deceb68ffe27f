import Foundation
import NetSim
import Testing
import Timelines

@Suite struct JSONTests {
  @Test func millisecondsAreExactNanoseconds() {
    #expect(JSONValue.milliseconds(50_048_000).text() == "50.048000")
    #expect(JSONValue.milliseconds(1).text() == "0.000001")
    #expect(JSONValue.milliseconds(-1_500_000).text() == "-1.500000")
    #expect(JSONValue.milliseconds(9_007_199_254_740_993).text() == "9007199254.740993")
  }

  @Test func textsAreEscaped() {
    #expect(JSONValue.string("a\"b\\c\nd\u{1}").text() == #""a\"b\\c\nd\u0001""#)
  }

  @Test func keysKeepTheirOrder() {
    let value = JSONValue.object([
      ("z", .integer(1)), ("a", .array([.null, .bool(true)])), ("empty", .object([])),
    ])
    #expect(value.text() == "{\n  \"z\": 1,\n  \"a\": [null, true],\n  \"empty\": {}\n}")
  }

  @Test(arguments: UInt64(1)...30)
  func aRunIsValidJSONWhoseCausesAddUp(seed: UInt64) throws {
    let run = SampleRun.run(SampleRun.lossyPage(seed: seed))
    let text = RunJSON.value(run.report, log: run.log, scenario: .object([])).text()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["format"] as? String == "netsim.run/1")
    let requests = try #require(object["requests"] as? [[String: Any]])
    #expect(requests.count == run.log.requests.count)
    for request in requests {
      let causes = try #require(request["causes_ms"] as? [String: Double])
      let complete = try #require(request["complete_ms"] as? Double)
      let queued = try #require(request["queued_ms"] as? Double)
      let sum = causes.values.reduce(0, +)
      #expect(abs(sum - (complete - queued)) < 1e-5, "seed \(seed)")
    }
  }

  @Test func theShapeIsThatOfTheCommandLine() throws {
    let run = SampleRun.run(SampleRun.download())
    let text = RunJSON.value(run.report, log: run.log, scenario: .object([])).text()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let connection = try #require((object["connections"] as? [[String: Any]])?.first)
    #expect(connection["transport"] as? String == "tcp")
    #expect(connection["established_ms"] as? Double == 50.048)
    #expect(connection["secured_ms"] is NSNull)
    #expect((connection["packets"] as? [String: Int])?["down"] == 142)
    #expect((connection["lost"] as? [String: Int]) == ["up": 0, "down": 0])
    let request = try #require((object["requests"] as? [[String: Any]])?.first)
    #expect(request["bytes"] as? Int == 200_000)
    #expect(request["sent_ms"] as? Double == 50.048)
    #expect(request["stream"] is NSNull)
    #expect((object["fingerprint"] as? String)?.count == 16)
  }
}
