import Course
import Scenarios
import Testing

/// Lessons with other values in their scenario: their answers move, and their wrong answers stay wrong.
@Suite struct LessonVariantTests {
  /// The lesson with pieces of its `lesson.yaml` replaced, and what is wrong with it then; the golden
  /// timeline is not looked at.
  private func variant<Result>(
    _ folderName: String, _ changes: [(String, String)],
    _ body: (Grader, Lesson, [String]) throws -> Result
  ) throws -> Result {
    try ProjectCourse.withFolder { folder in
      let target = folder + "/" + folderName
      try FolderCopy.copy(
        ProjectCourse.lessons + "/" + folderName, to: target, without: LessonCheck.goldenName)
      let path = target + "/lesson.yaml"
      var yaml = String(decoding: try TextFile.read(path), as: UTF8.self)
      for (piece, other) in changes {
        try #require(yaml.contains(piece), "\(piece)")
        yaml = yaml.replacing(piece, with: other)
      }
      try TextFile.write(yaml, to: path, replaces: true)
      let course = Course(folder: folder, presets: ProjectCourse.presets)
      #expect(course.problems.isEmpty)
      let lesson = try #require(course.lessons.first)
      let problems = LessonCheck(lesson, presets: ProjectCourse.presets).problems
      let grader = Grader(lesson, presets: ProjectCourse.presets)
      return try body(grader, lesson, problems.filter { !$0.contains(LessonCheck.goldenName) })
    }
  }

  /// The hang is the server's time-out whatever the round trips are; what is left of ten seconds for the
  /// time-out is less by two handshakes and the request over both legs.
  @Test(arguments: [
    ("60ms", "10ms", "8s", "8 s", "9 s"),  // 10 s less 140 ms
    ("300ms", "250ms", "3s", "3 s", "8 s"),  // less 1,100 ms
    ("8ms", "2ms", "75s", "75 s", "9 s"),
  ])
  func aBlindRelayHangsForTheServersTime(
    near: String, far: String, limit: String, hang: String, patience: String
  ) throws {
    let changes = [
      ("rtt: 40ms", "rtt: " + near), ("proxy-rtt: 20ms", "proxy-rtt: " + far),
      ("keep-alive-timeout: 5s", "keep-alive-timeout: " + limit),
    ]
    try variant("08-blind-relay", changes) { grader, lesson, problems in
      #expect(problems == [])
      for (id, answer) in [
        ("hang", hang), ("patience", patience), ("header", "connection"),
        ("two-proxies", "neither"), ("endless", "ring"),
      ] {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }

  /// Of requests at random 1 - e^(-T/m) find a connection used: for time-outs of 2, 5 and 10 s at a mean
  /// gap of 5 s that are 32.97, 63.21 and 86.47 %. Two parts in a hundred are allowed for the draw.
  @Test(arguments: [("2s", 659.4), ("5s", 1_264.2), ("10s", 1_729.3)])
  func reuseFollowsTheTimeOut(limit: String, expected: Double) throws {
    let lesson = try #require(ProjectCourse.course.lesson("idle-timeout"))
    let run = try ReferenceRuns(lesson, presets: ProjectCourse.presets)
      .run("random", changed: [("keep-alive-timeout", limit)])
    let reused = try run.probes.value("reused")
    #expect(abs(reused - expected) < 40, "\(reused)")
  }

  /// What a heartbeat finds out takes its pause and its patience, whatever they are.
  @Test(arguments: [("20s:5s", 25.0), ("30s:10s", 40), ("90s:7s", 97)])
  func detectionTakesThePauseAndThePatience(heartbeat: String, expected: Double) throws {
    let lesson = try #require(ProjectCourse.course.lesson("idle-timeout"))
    let question = try #require(lesson.question("detection"))
    guard case .number(let formula) = question.kind else {
      Issue.record("detection is a number")
      return
    }
    let runs = ReferenceRuns(lesson, presets: ProjectCourse.presets)
    let run = try runs.run("dead", changed: [("heartbeat", heartbeat)])
    #expect(try runs.value(of: formula, extra: ["dead": run]) == expected)
  }

  /// A hole behind the second of nine packets is filled 6 x 1.2 ms and one and a half round trips after
  /// the first was sent; what waits behind it does not depend on the path.
  @Test(arguments: [("60ms", "97.2 ms"), ("200ms", "307.2 ms")])
  func aHoleIsFilledAfterARoundTripAndAHalf(roundTrip: String, complete: String) throws {
    try variant("13-tcp-hol", [("rtt: 100ms", "rtt: " + roundTrip)]) { grader, lesson, problems in
      #expect(problems == [])
      for (id, answer) in [("complete", complete), ("parked", "10220 B"), ("late", "all")] {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }

  /// The seventh of nine packets comes 7 x 1.2 ms and half a round trip after the first was sent, whatever
  /// was lost; in one order it waits as long as over TCP.
  @Test(arguments: [("60ms", "38.4 ms", "97.2 ms"), ("200ms", "108.4 ms", "307.2 ms")])
  func aStreamWithoutAHoleDoesNotWait(
    roundTrip: String, complete: String, ordered: String
  ) throws {
    let changes = [("rtt: 100ms", "rtt: " + roundTrip)]
    try variant("15-quic-streams", changes) { grader, lesson, problems in
      #expect(problems == [])
      let answers = [
        ("complete", complete), ("cause", ordered), ("parked", "2920 B"), ("late", "only-b"),
        ("nothing", "turns-three"),
      ]
      for (id, answer) in answers {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }

  /// QUIC's handshake is counted in round trips; its credit and its first timer know nothing of them.
  @Test(arguments: [("40ms", "40 ms", "120 ms"), ("120ms", "120 ms", "360 ms")])
  func aHandshakeIsCountedInRoundTrips(roundTrip: String, early: String, retry: String) throws {
    let changes = [("rtt: 75ms", "rtt: " + roundTrip)]
    try variant("14-quic-handshake", changes) { grader, lesson, problems in
      #expect(problems == [])
      let answers = [
        ("early", early), ("retry", retry), ("flight", "3600 B"), ("certificate", "2856 B"),
        ("lost", "999 ms"), ("far", "300 ms"),
      ]
      for (id, answer) in answers {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }

  /// Windows carry 65,535 bytes a round trip; waves of requests take a round trip and 50 ms each.
  @Test(arguments: [("20ms", 26.214, 210.0), ("150ms", 3.4952, 600)])
  func windowsAndWavesFollowTheRoundTrip(
    roundTrip: String, megabits: Double, last: Double
  ) throws {
    func value(_ slug: String, _ id: String, _ runs: [String]) throws -> Double {
      let lesson = try #require(ProjectCourse.course.lesson(slug))
      guard case .number(let formula)? = lesson.question(id)?.kind else { return .nan }
      let references = ReferenceRuns(lesson, presets: ProjectCourse.presets)
      var extra: [String: ReferenceRuns.Run] = [:]
      for run in runs { extra[run] = try references.run(run, changed: [("rtt", roundTrip)]) }
      return try references.value(of: formula, extra: extra)
    }
    let rate = try value("flow-control", "cap", ["longer", "shorter"])
    #expect(abs(rate - megabits) < 0.001, "\(rate)")
    #expect(try value("h2-streams", "waves", ["crowd"]) == last)
  }

  /// 719 packets of 12,000 bits, less the 1,464 of the alert's own; and whole KiB in so many packets as
  /// take less than 100 ms.
  @Test(arguments: [("5Mbps", "10ms", "1725.307 ms", "58"), ("20Mbps", "5ms", "431.327 ms", "236")])
  func aFrameTakesWhatTheLineTakes(
    rate: String, roundTrip: String, wait: String, largest: String
  ) throws {
    let changes = [("rate: 10Mbps", "rate: " + rate), ("rtt: 10ms", "rtt: " + roundTrip)]
    try variant("17-frame-size", changes) { grader, lesson, problems in
      #expect(problems == [])
      for (id, answer) in [("wait", wait), ("largest", largest), ("leanest", "low-latency")] {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }

  /// 69 packets in three rounds of 10, 20 and 39: 2.5 round trips and 41 packets of 1.2 ms. Hints save
  /// what the server thinks, whatever the path.
  @Test(arguments: [("60ms", "199.2 ms"), ("150ms", "424.2 ms")])
  func whoIsFirstTakesThreeRounds(roundTrip: String, first: String) throws {
    let changes = [("rtt: 100ms", "rtt: " + roundTrip)]
    try variant("19-priorities-and-push", changes) { grader, lesson, problems in
      #expect(problems == [])
      for (id, answer) in [("first", first), ("last", "same"), ("hints", "200.805 ms")] {
        let question = try #require(lesson.question(id))
        #expect(try grader.solution(of: question) == answer)
      }
    }
  }
}
