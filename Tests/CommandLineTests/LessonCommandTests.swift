import Foundation
import Testing

@Suite struct LessonCommandTests {
  @Test func aStudentGoesThroughALesson() throws {
    let folder = try TemporaryFolder()
    func lesson(_ words: String...) throws -> CommandLineProgram.Result {
      try CommandLineProgram.run(["lesson"] + words + ["--lang", "en"], in: folder.url)
    }
    #expect(try lesson("list").output.contains("next: simcli lesson show rtt-and-bandwidth"))
    let early = try lesson("run", "slow-start")
    #expect(early.status == 2 && early.output.isEmpty)
    #expect(early.errors.hasPrefix("simcli: first say what it will show"))
    #expect(try lesson("predict", "slow-start", "7").status == 0)
    #expect(try lesson("run", "slow-start").output.contains("difference 0 rounds"))
    let wrong = try lesson("check", "slow-start", "rounds", "8")
    #expect(wrong.status == 4 && wrong.output.contains("expected 7 rounds, got 8 rounds"))
    #expect(wrong.errors == "simcli: slow-start rounds: not right yet\n")
    #expect(try lesson("check", "slow-start", "rounds", "7 rounds").status == 0)
    let none = try lesson("check", "slow-start", "rounds", "several")
    #expect(
      none.status == 2 && none.errors.contains("several: a number is wanted, such as 12 rounds"))
    #expect(try lesson("solution", "slow-start").status == 2)
    #expect(try lesson("reset", "slow-start").output.contains("kept as"))
    #expect(
      try String(contentsOf: folder.url.appending(path: "netsim-course.txt"), encoding: .utf8)
        == "predict slow-start rounds 7\nrun slow-start\nanswer slow-start rounds wrong 8\n"
        + "answer slow-start rounds right 7 rounds\nreset slow-start\n")
  }

  @Test func negativeNumbersAreAnswers() throws {
    let folder = try TemporaryFolder()
    func check(_ words: String...) throws -> CommandLineProgram.Result {
      try CommandLineProgram.run(
        ["lesson", "check", "rtt-and-bandwidth", "saved"] + words, in: folder.url)
    }
    #expect(try check("-1").status == 4)
    #expect(try check("-1.5ms", "--lang", "en").output.contains("-1.5 ms is not right"))
    #expect(try check("--lang", "en", "--", "-.5", "s").output.contains("-500 ms is not right"))
    #expect(try check("--1").errors.contains("unknown option --1"))
    #expect(try check("-x").errors.contains("unknown option -x"))
  }

  @Test func theWholeCourseIsFit() throws {
    let result = try CommandLineProgram.run(["lesson", "check-all"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("slow-start: good, 4 questions"))
  }

  @Test(
    arguments: [
      (["lesson", "chek"], 2, "did you mean check"),
      (["lesson", "show"], 2, "a lesson is wanted"),
      (["lesson", "show", "slow-strat"], 2, "did you mean slow-start"),
      (["lesson", "check", "slow-start", "round", "7"], 2, "did you mean rounds"),
      (["lesson", "check", "slow-start", "rounds"], 2, "an answer is missing: simcli lesson"),
      (["lesson", "check", "slow-start"], 2, "an answer is missing: simcli lesson check"),
      (["lesson", "predict", "slow-start"], 2, "a prediction is missing: simcli lesson predict"),
      (["lesson", "handout", "slow-start"], 2, "not built yet"),
      (["lesson", "list", "--lang", "de"], 2, "en and ko"),
      (["lesson", "list", "--folder", "/nowhere"], 2, "no such folder"),
      (["lesson", "show", "slow-start", "--rtt", "5ms"], 2, "an option of lesson run"),
      (["replay", "nothing.pcap"], 3, "there is no such file"),
      (["replay", "traces/sse.pcap"], 3, "none of its 2 requests is complete"),
      (["replay", "README.md"], 3, "README.md"),
      (["export", "--to", "pcap"], 2, "did you mean pcapng"),
      (["export", "--to", "qlog"], 2, "not built yet"),
      (["export", "--to", "pcapng"], 2, "--out FILE"),
      (["export", "--to", "pcapng", "--out", "README.md"], 3, "it exists already"),
      (["run", "--save", "README.md"], 3, "it exists already"),
      (["run", "nothing"], 3, "no such file; files that can be named are 3g"),
      (["run", "shared-home", "--rtt", "5ms"], 2, "several links (home and backbone)"),
    ] as [([String], Int32, String)])
  func mistakesGetOneLine(words: [String], status: Int32, hint: String) throws {
    let result = try CommandLineProgram.run(words)
    #expect(result.status == status, "\(words): \(result.errors)")
    #expect(result.errors.contains(hint), "\(words): \(result.errors)")
    #expect(result.errors.split(separator: "\n").count == (status == 0 ? 0 : 1), "\(words)")
  }

  @Test func allMistakesOfAFileAreListedAndSomeWhenItIsRun() throws {
    let folder = try TemporaryFolder()
    let lines = ["link:", "  rate: 5"] + (0..<6).map { "  rat\($0): 1Mbps" }
    let file = try folder.write((lines.joined(separator: "\n") + "\n").utf8, as: "bad.yaml")
    let checked = try CommandLineProgram.run(["scenario", "check", file])
    #expect(checked.status == 3 && checked.output.split(separator: "\n").count == 7)
    #expect(checked.output.hasPrefix("\(file):2:9: rate 5: a rate needs a unit, such as 10Mbps\n"))
    #expect(checked.errors == "simcli: \(file): 7 mistakes\n")
    let run = try CommandLineProgram.run(["run", file])
    #expect(run.status == 3 && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 5)
    #expect(run.errors.contains("and 3 more; simcli scenario check \(file) lists them all"))
  }

  @Test func aSavedScenarioRunsToTheSameFingerprint() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "mine.yaml").path
    let first = try CommandLineProgram.run(
      ["run", "dsl", "--objects", "3x20kB", "--loss", "1%", "--save", file, "--format", "json"])
    let again = try CommandLineProgram.run(["run", file, "--format", "json"])
    #expect(
      try first.object()["fingerprint"] as? String == again.object()["fingerprint"] as? String)
    #expect(first.output == again.output)
    let replayed = folder.url.appending(path: "replayed.yaml").path
    let replay = try CommandLineProgram.run(
      ["replay", "traces/h1-six-clean.pcap", "--save", replayed, "--format", "json"])
    let simulated = try CommandLineProgram.run(["run", replayed, "--format", "json"])
    #expect(
      try replay.object()["fingerprint"] as? String
        == simulated.object()["fingerprint"] as? String)
  }
}
