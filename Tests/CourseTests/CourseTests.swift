import Course
import NetSim
import Scenarios
import Testing

/// The lessons as they are shipped: fit for students, and with the answers that follow from the
/// closed forms of their subjects.
@Suite struct CourseTests {
  @Test func everyFileCanBeRead() {
    #expect(ProjectCourse.course.problems.isEmpty)
    #expect(
      ProjectCourse.course.lessons.map(\.slug)
        == [
          "rtt-and-bandwidth", "tcp-handshake", "tls-handshake", "slow-start", "loss-recovery",
          "keep-alive", "idle-timeout", "blind-relay", "parallel-connections", "pipelining",
          "h2-streams", "h1-vs-h2", "tcp-hol", "quic-handshake", "quic-streams", "flow-control",
          "frame-size", "hpack", "priorities-and-push",
        ])
    for language in Language.allCases {
      #expect(Phrases(folder: ProjectCourse.lessons, language).problems.isEmpty)
    }
  }

  @Test(arguments: ProjectCourse.course.lessons.map(\.slug))
  func isFitForStudents(slug: String) throws {
    let lesson = try #require(ProjectCourse.course.lesson(slug))
    #expect(LessonCheck(lesson, presets: ProjectCourse.presets).problems == [])
  }

  @Test(arguments: [
    // 10 packets of 1,500 bytes at 10 and at 20 Mb/s differ by 6 ms; the handshake's three small
    // packets (52 + 52 + 55 bytes) by 0.064.
    ("rtt-and-bandwidth", "saved", "6.064 ms"),
    ("rtt-and-bandwidth", "full-pipe", "93750 B"),  // 10 Mb/s x 75 ms
    ("rtt-and-bandwidth", "stretch", "1.343x"),  // 75 / (2 x 5585 / 200)
    ("tcp-handshake", "cold", "150 ms"), ("tcp-handshake", "warm", "75 ms"),
    ("tcp-handshake", "lost-syn", "1150 ms"), ("tcp-handshake", "farthest", "50 ms"),
    ("tls-handshake", "modes", "none=1.3-0rtt 1.2-resumed=1.3 1.2"),  // 2R, 3R, 4R
    ("tls-handshake", "claim", "70 ms"),  // 210 / 3
    ("tls-handshake", "early-data", "150 ms"),  // 2R
    ("tls-handshake", "certificate", "14038 B"),  // 10 x 1448 - 442 of other messages
    ("tls-handshake", "replayed", "2"),  // the client's, and the recording
    ("tls-handshake", "cure", "once"),
    ("slow-start", "rounds", "7 rounds"),  // 10 x (2^7 - 1) > 685 > 10 x (2^6 - 1)
    ("slow-start", "smallest-window", "15 segments"),  // 45 segments in 1 + 2 windows
    ("slow-start", "largest-object", "102200 B"),  // 70 segments of 1,460 bytes
    ("loss-recovery", "last-repaired", "7 segments"),  // three have to follow it
    ("loss-recovery", "tail-cost", "1075 ms"),  // the timer, and the repetition's round trip
    ("loss-recovery", "threshold", "20 segments"),  // half of 40
    ("keep-alive", "saved", "4999.96 ms"),  // 49 x 102.04
    ("keep-alive", "infer-rtt", "60 ms"),
    ("keep-alive", "which-tls", "only-1.2"),
    ("keep-alive", "server", "31.84 ms"),  // 7,000.12 / 50 - 53/50 x 15,000 / (49 x 3)
    ("keep-alive", "speed-up", "3.287x"),  // (4R + s) / (R + s)
    ("keep-alive", "best-cure", "nearer"),
    ("idle-timeout", "time-out", "7 s"),  // longer than 6 s and a round trip
    ("idle-timeout", "crossing", "170 ms"),  // until the FIN comes, and 2R
    ("idle-timeout", "post", "fails"),
    ("idle-timeout", "most-requests", "3 connections"),  // 1,000 + 1,000 + 500
    ("idle-timeout", "heartbeat", "4 s"),  // shorter than 5 s less a round trip
    ("idle-timeout", "detection", "40 s"),  // 30 + 10
    ("idle-timeout", "nat", "heartbeat"),
    ("blind-relay", "hang", "5 s"),  // the server's time-out
    ("blind-relay", "patience", "9 s"),  // 120 ms for new connections and the request
    ("blind-relay", "header", "connection"), ("blind-relay", "two-proxies", "neither"),
    ("blind-relay", "endless", "ring"),
    ("parallel-connections", "burst", "87600 B"),  // 6 x 10 x 1,460
    ("parallel-connections", "set-up", "150 ms"),  // 2R, side by side
    ("parallel-connections", "most", "2 connections"),  // of ten packets each, in 20 places
    ("parallel-connections", "quadrants", "six-kept six-closed one-kept one-closed"),
    ("pipelining", "pipelined", "575 ms"),  // R + 500
    ("pipelining", "serial", "745 ms"),  // 3R + 520
    ("pipelining", "waiting", "490 ms"),  // 500 - 10
    ("pipelining", "place", "last"),
    ("h2-streams", "frames", "r1-f1 r2-f1 r2-f2 r1-f2 r1-f3"),  // ready at 0, 20, 20, 60, 80 ms
    ("h2-streams", "silent", "r2-f1 r2-f2 r1-f1 r1-f2 r1-f3"),  // at 20, and at 60
    ("h2-streams", "third", "5"), ("h2-streams", "closes", "last-data"),
    ("h2-streams", "alpn", "0 ms"),
    ("h2-streams", "queued", "150 requests"),  // 250 - 100
    ("h2-streams", "waves", "375 ms"),  // 3 x (R + 50)
    ("h2-streams", "refused", "one-again"),  // 101 - 100
    ("h1-vs-h2", "few", "8 rounds"),  // 2 + 6: 10 x (2^6 - 1) > 411 > 10 x (2^5 - 1)
    ("h1-vs-h2", "few-six", "5 rounds"),  // 2 + 3: 10 + 20 + 39 segments
    ("h1-vs-h2", "many-six", "12 rounds"),  // 2 + 60 / 6
    ("h1-vs-h2", "pages", "few-h1 many-h2=few-h2 many-h1"),
    ("h1-vs-h2", "tie", "60 segments"),  // 411 / 7 = 58.7, and heads, frames, records
    ("h1-vs-h2", "alone", "0 ms"), ("h1-vs-h2", "late", "1 request"),
    ("tcp-hol", "complete", "157.2 ms"),  // 5 x 1.2 + R, and 1.2 + R / 2
    ("tcp-hol", "late", "all"), ("tcp-hol", "fewest", "last"),
    ("tcp-hol", "parked", "10220 B"),  // 7 x 1,460
    ("tcp-hol", "price", "1160.8 ms"),  // 8 x 1.2 + R, a second, 1.2 + R / 2
    ("tcp-hol", "record", "104.8 ms"),  // 3 x 1.2 + R, and 1.2
    ("quic-handshake", "ways", "quic-0rtt quic=tcp-0rtt quic-retry=tcp"),  // R, 2R, 3R
    ("quic-handshake", "flight", "3600 B"),  // 3 x 1,200
    ("quic-handshake", "certificate", "2856 B"),
    ("quic-handshake", "early", "75 ms"),  // R
    ("quic-handshake", "retry", "225 ms"),  // 3R
    ("quic-handshake", "lost", "999 ms"),  // 333 + 4 x 166.5
    ("quic-handshake", "far", "300 ms"),  // R
    ("quic-streams", "complete", "58.4 ms"),  // 7 x 1.2 + R / 2
    ("quic-streams", "late", "only-b"),
    ("quic-streams", "cause", "157.2 ms"),  // as over TCP
    ("quic-streams", "sequence", "b c a"), ("quic-streams", "shared", "2"),
    ("quic-streams", "parked", "2920 B"),  // 2 x 1,460
    ("quic-streams", "nothing", "turns-three"),
    ("quic-streams", "window", "7 packets"),  // 0.7 x 10
    ("flow-control", "cap", "6.99 Mb/s"),  // 65,535 x 8 / 75 ms
    ("flow-control", "near", "52.428 Mb/s"),  // 65,535 x 8 / 10 ms
    ("flow-control", "factor", "2.512x"),  // 1,243.3 / 494.9 ms
    ("flow-control", "smallest", "512KiB"),  // 320 segments under way are 467,200 bytes
    ("flow-control", "which", "both"), ("flow-control", "two", "streams"),
    ("flow-control", "stall", "waits"),
    ("hpack", "tenth", "39.394"),  // 13 / 33 bytes
    ("hpack", "entries", "31"),  // 4,096 / (100 + 32)
    ("hpack", "repeated", "20 B"), ("hpack", "directions", "whole"),
    ("hpack", "huffman", "23.026"),  // 234 instead of 304 bytes
    ("hpack", "cookie", "37 B"), ("hpack", "guess", "18 B"),
    // A frame of 1 MiB and what stands around it are 719 packets of 1.2 ms; alone the alert's packet of
    // 183 bytes takes 0.1464.
    ("frame-size", "wait", "862.654 ms"),
    ("frame-size", "largest", "118"),  // 83 packets: 121,180 bytes with heads and alert
    ("frame-size", "speed-up", "1x"),  // 549 of 1,000,000 bytes
    ("frame-size", "table", "f16-w4m=f1m-w4m f16-w64=f1m-w64"),
    ("frame-size", "leanest", "low-latency"),  // 16 x 256 KiB
    ("frame-size", "held", "windows"),
    // 10 + 20 + 39 packets: 2 (R + 1.2) + 39 x 1.2 + R / 2.
    ("priorities-and-push", "first", "299.2 ms"), ("priorities-and-push", "last", "same"),
    ("priorities-and-push", "urgency", "style script photos prefetch"),
    ("priorities-and-push", "starve", "behind"), ("priorities-and-push", "windows", "all-later"),
    // 200 ms, and by how much the page's packet is longer than the hints'.
    ("priorities-and-push", "hints", "200.805 ms"),
    ("priorities-and-push", "push", "100 ms"),  // R
    ("priorities-and-push", "wasted", "50000 B"),  // 42 ms on the line, and R until the refusal
  ])
  func answersComeOutOfTheModel(slug: String, id: String, answer: String) throws {
    let lesson = try #require(ProjectCourse.course.lesson(slug))
    let question = try #require(lesson.question(id))
    let grader = Grader(lesson, presets: ProjectCourse.presets)
    #expect(try grader.solution(of: question) == answer)
    #expect(try grader.judge(question, answer).isRight)
  }

  @Test(arguments: [
    ("rtt-and-bandwidth", "saved", "81", "half-of-everything"),
    ("rtt-and-bandwidth", "full-pipe", "750,000", "bits"),
    ("rtt-and-bandwidth", "stretch", "2.69", "one-way-only"),
    ("tcp-handshake", "cold", "75ms", "forgot-the-handshake"),
    ("tcp-handshake", "warm", "0.15 s", "paid-again"),
    ("tcp-handshake", "lost-syn", "3150", "old-timer"),
    ("tcp-handshake", "farthest", "100", "forgot-the-handshake"),
    ("tls-handshake", "modes", "none=1.3-0rtt 1.3 1.2-resumed 1.2", "newer-is-faster"),
    ("tls-handshake", "modes", "1.3-0rtt none 1.2-resumed=1.3 1.2", "before-tcp"),
    ("tls-handshake", "claim", "105", "forgot-tcp"),
    ("tls-handshake", "claim", "53", "to-the-answer"),
    ("tls-handshake", "early-data", "75", "forgot-tcp"),
    ("tls-handshake", "replayed", "1", "cannot-be-read"),
    ("tls-handshake", "cure", "too-early", "asks-again"),
    ("slow-start", "rounds", "69", "no-doubling"),
    ("slow-start", "smallest-window", "23", "divides-evenly"),
    ("slow-start", "largest-object", "43800", "no-doubling"),
    ("loss-recovery", "last-repaired", "10", "any-of-them"),
    ("loss-recovery", "tail-cost", "75", "one-round-trip"),
    ("loss-recovery", "threshold", "28", "cubic"),
    ("loss-recovery", "throughput", "15", "one-percent-less"),
    ("keep-alive", "saved", "5102", "first-one-too"),
    ("keep-alive", "which-tls", "tls", "nearly-nothing"),
    ("keep-alive", "server", "-172.24", "negative"),
    ("keep-alive", "server", "-19.2", "negative"),
    ("keep-alive", "server", "38", "forgot-the-first"),
    ("keep-alive", "speed-up", "4", "no-server"),
    ("keep-alive", "speed-up", "1.76", "only-tcp"),
    ("keep-alive", "speed-up", "3.143", "totals"),
    ("keep-alive", "best-cure", "reuse", "reuse-always"),
    ("idle-timeout", "time-out", "6", "as-long-as-the-pause"),
    ("idle-timeout", "crossing", "225", "waits-for-the-reset"),
    ("idle-timeout", "post", "again", "like-a-get"),
    ("idle-timeout", "most-requests", "2", "rounds-down"),
    ("idle-timeout", "heartbeat", "5", "as-long-as-the-time-out"),
    ("idle-timeout", "detection", "10", "only-the-answer"),
    ("idle-timeout", "reuse", "735", "the-others"),
    ("idle-timeout", "nat", "tcp", "two-hours"),
    ("blind-relay", "hang", "0", "already-closed"),
    ("blind-relay", "hang", "40ms", "already-closed"),
    ("blind-relay", "patience", "10", "forgot-the-repetition"),
    ("blind-relay", "header", "keep-alive", "only-a-remark"),
    ("blind-relay", "two-proxies", "both", "one-proxy-only"),
    ("blind-relay", "endless", "closed", "proxy-is-not-closed"),
    ("parallel-connections", "burst", "14600", "one-of-them"),
    ("parallel-connections", "burst", "90000", "with-headers"),
    ("parallel-connections", "set-up", "900", "one-after-the-other"),
    ("parallel-connections", "most", "6", "as-browsers-do"),
    (
      "parallel-connections", "quadrants", "six-kept one-kept six-closed one-closed",
      "keeping-is-all"
    ),
    ("pipelining", "pipelined", "650", "with-the-handshake"),
    ("pipelining", "pipelined", "595", "server-one-by-one"),
    ("pipelining", "serial", "595", "one-round-trip"),
    ("pipelining", "waiting", "500", "its-own-work-too"),
    ("pipelining", "place", "no-matter", "same-total"),
    ("h2-streams", "frames", "r1-f1 r1-f2 r1-f3 r2-f1 r2-f2", "one-after-the-other"),
    ("h2-streams", "silent", "r1-f1 r2-f1 r2-f2 r1-f2 r1-f3", "asked-first"),
    ("h2-streams", "third", "3", "counts-by-one"), ("h2-streams", "third", "6", "even-ones"),
    ("h2-streams", "closes", "request", "half-closed"),
    ("h2-streams", "alpn", "75", "asks-first"),
    ("h2-streams", "queued", "0", "no-limit"), ("h2-streams", "waves", "125", "no-limit"),
    ("h2-streams", "refused", "one-fails", "refused-is-lost"),
    ("h1-vs-h2", "few", "6", "forgot-set-up"), ("h1-vs-h2", "few-six", "8", "as-with-one"),
    ("h1-vs-h2", "pages", "many-h2=few-h2=few-h1 many-h1", "h2-always-wins"),
    ("h1-vs-h2", "tie", "59", "bare-bytes"), ("h1-vs-h2", "tie", "137", "no-doubling"),
    ("h1-vs-h2", "alone", "75", "saves-a-handshake"), ("h1-vs-h2", "late", "6", "as-with-one"),
    ("tcp-hol", "complete", "58.4", "not-its-packet"),
    ("tcp-hol", "complete", "1160.8", "waits-for-a-timer"),
    ("tcp-hol", "late", "only-b", "streams-are-independent"),
    ("tcp-hol", "parked", "2920", "only-its-stream"),
    ("tcp-hol", "fewest", "first", "early-repair"),
    ("tcp-hol", "price", "157.2", "as-the-second"),
    ("tcp-hol", "record", "0", "what-came-is-there"),
    ("quic-handshake", "ways", "quic-0rtt quic=tcp-0rtt=quic-retry tcp", "retry-is-free"),
    ("quic-handshake", "ways", "quic-0rtt=tcp-0rtt quic quic-retry=tcp", "early-is-early"),
    ("quic-handshake", "flight", "12000", "the-window"),
    ("quic-handshake", "certificate", "3600", "nothing-beside-it"),
    ("quic-handshake", "early", "150", "as-over-tcp"),
    ("quic-handshake", "large", "3600", "nothing-beside-it"),
    ("quic-handshake", "retry", "300", "both-cost"),
    ("quic-handshake", "lost", "1000", "as-tcp"),
    ("quic-handshake", "lost", "225", "knows-the-path"),
    ("quic-handshake", "far", "0", "nothing"),
    ("quic-streams", "complete", "157.2", "as-over-tcp"),
    ("quic-streams", "complete", "60.8", "all-nine"),
    ("quic-streams", "late", "all", "as-over-tcp"),
    ("quic-streams", "cause", "58.4", "udp-does-it"),
    ("quic-streams", "sequence", "a b c", "as-sent"),
    ("quic-streams", "shared", "1", "reliable-per-stream"),
    ("quic-streams", "parked", "10220", "as-over-tcp"),
    ("quic-streams", "nothing", "sequence-one", "sequence-is-tcp"),
    ("quic-streams", "window", "10", "each-has-its-own"),
    ("flow-control", "cap", "100", "the-line"), ("flow-control", "cap", "0.87", "bytes"),
    ("flow-control", "near", "6.99", "same-as-before"),
    ("flow-control", "factor", "64", "by-the-windows"),
    ("flow-control", "smallest", "256KiB", "halfway"),
    ("flow-control", "which", "stream", "settings-are-for-streams"),
    ("flow-control", "two", "connection", "large-streams-help"),
    ("flow-control", "stall", "error", "an-error"),
    ("hpack", "tenth", "15", "as-claimed"), ("hpack", "entries", "40", "no-overhead"),
    ("hpack", "repeated", "0", "deltas"), ("hpack", "directions", "index", "one-table"),
    ("hpack", "cookie", "1", "only-what-changed"), ("hpack", "guess", "0", "cannot-be-seen"),
    ("frame-size", "wait", "0", "goes-first"), ("frame-size", "wait", "27.5", "the-default"),
    ("frame-size", "wait", "1724", "all-of-the-film"),
    ("frame-size", "largest", "122", "payload-only"),
    ("frame-size", "largest", "256", "low-latency"),
    ("frame-size", "speed-up", "2.51", "as-claimed"),
    ("frame-size", "speed-up", "64", "by-the-sizes"),
    ("frame-size", "table", "f1m-w4m f16-w4m f1m-w64 f16-w64", "both-count"),
    ("frame-size", "leanest", "memory", "by-its-name"),
    ("frame-size", "held", "frames", "frames-are-kept"),
    ("priorities-and-push", "first", "406.4", "as-by-turns"),
    ("priorities-and-push", "first", "217", "half-of-both"),
    ("priorities-and-push", "last", "earlier", "order-saves"),
    ("priorities-and-push", "urgency", "prefetch photos script style", "seven-is-most"),
    ("priorities-and-push", "starve", "share", "everybody-gets-some"),
    ("priorities-and-push", "windows", "a-first", "windows-are-priorities"),
    ("priorities-and-push", "hints", "100", "a-round-trip"),
    ("priorities-and-push", "push", "50", "half-of-the-way"),
    ("priorities-and-push", "wasted", "0", "cancelled-in-time"),
  ])
  func wrongAnswersBetrayTheirIdea(
    slug: String, id: String, answer: String, misconception: String
  ) throws {
    let lesson = try #require(ProjectCourse.course.lesson(slug))
    let question = try #require(lesson.question(id))
    let verdict = try Grader(lesson, presets: ProjectCourse.presets).judge(question, answer)
    #expect(!verdict.isRight && verdict.misconception == misconception)
  }

  /// Every wrong answer that a lesson knows: those that a formula gives, and one
  /// for each condition.
  @Test(arguments: ProjectCourse.course.lessons.map(\.slug))
  func everyMisconceptionGetsItsSentence(slug: String) throws {
    let lesson = try #require(ProjectCourse.course.lesson(slug))
    let conditions = [
      "no-cost": "30", "one-percent-less": "7", "bits": "0.23",  // of throughput
    ]
    for question in lesson.questions {
      if case .scenario = question.kind { continue }  // these have tests of their own
      let grader = Grader(lesson, presets: ProjectCourse.presets)
      let expected = AnswerText.number(try grader.solution(of: question), in: question.unit)
      for misconception in question.misconceptions {
        let answer: String
        switch misconception.answer {
        case .value(let formula):
          let value = try grader.references.value(of: formula, ["expected": expected ?? 0])
          answer = AnswerText.text(value, in: question.unit)
        case .condition: answer = try #require(conditions[misconception.id])
        case .words(let words): answer = try grader.wrongAnswer(words, to: question)
        }
        let verdict = try grader.judge(question, answer)
        #expect(!verdict.isRight, "\(question.id): \(answer)")
        #expect(verdict.misconception == misconception.id, "\(question.id): \(answer)")
      }
    }
  }

  @Test(arguments: [
    ("none=1.3-0rtt 1.2-resumed=1.3 1.2", true), ("1.3-0rtt = none, 1.3 =1.2-resumed <1.2", true),
    ("1.3-0rtt＝none　1.3＝1.2-resumed　1.2", true), ("none 1.3-0rtt 1.2-resumed 1.3 1.2", false),
    ("1.2 1.2-resumed=1.3 none=1.3-0rtt", false), ("none=1.3-0rtt=1.2-resumed=1.3=1.2", false),
  ])
  func itemsThatTieMayStandInAnyOrder(answer: String, isRight: Bool) throws {
    let lesson = try #require(ProjectCourse.course.lesson("tls-handshake"))
    let question = try #require(lesson.question("modes"))
    let grader = Grader(lesson, presets: ProjectCourse.presets)
    #expect(try grader.judge(question, answer).isRight == isRight)
    #expect(throws: AnswerError.self) { try grader.judge(question, answer + " none") }
    #expect(throws: AnswerError.self) { try grader.judge(question, "none=1.3") }
  }

  @Test func aSearchIsCheckedAtItsNeighbour() throws {
    let lesson = try #require(ProjectCourse.course.lesson("slow-start"))
    let question = try #require(lesson.question("smallest-window"))
    let grader = Grader(lesson, presets: ProjectCourse.presets)
    #expect(
      try grader.judge(question, "14").finding == .fails(condition: 1))
    #expect(
      try grader.judge(question, "16").finding
        == .notTheLimit(at: "16 segments", neighbour: "15 segments", wantsLeast: true))
    #expect(
      try grader.judge(question, "1000").finding
        == .outOfRange(least: "1 segment", greatest: "100 segments"))
    #expect(throws: AnswerError.self) { try grader.judge(question, "many") }
    #expect(throws: AnswerError.self) { try grader.judge(question, "14.5") }
  }

  @Test(arguments: [
    ("initial-window: 23", nil), ("initial-window: 27", nil), ("initial-window: 22", "too-small"),
    ("initial-window: 28", "too-greedy"),
  ])
  func anEditedScenarioIsJudgedByItsOutcome(edit: String, misconception: String?) throws {
    let lesson = try #require(ProjectCourse.course.lesson("slow-start"))
    let question = try #require(lesson.question("five-rounds"))
    let grader = Grader(lesson, presets: ProjectCourse.presets)
    let yaml = ScenarioDescription(try grader.references.run(Lesson.page).scenario).yaml
    try ProjectCourse.withFolder { folder in
      let path = folder + "/mine.yaml"
      try TextFile.write(yaml.replacing("initial-window: 10", with: edit), to: path)
      let verdict = try grader.judge(question, path)
      #expect(verdict.isRight == (misconception == nil))
      #expect(verdict.misconception == misconception)
      let other = folder + "/other.yaml"
      try TextFile.write(
        yaml.replacing("initial-window: 10", with: edit).replacing("rtt: 75ms", with: "rtt: 7ms"),
        to: other)
      #expect(try grader.judge(question, other).finding == .changed(key: "rtt"))
    }
  }

  private func whatIf(_ slug: String) throws -> ReferenceRuns.Run {
    let lesson = try #require(ProjectCourse.course.lesson(slug))
    var builder = ScenarioBuilder()
    let words = lesson.whatIf.split(separator: " ").dropFirst(2).map(String.init)
    for index in stride(from: 0, to: words.count, by: 2) {
      try builder.set(String(words[index].dropFirst(2)), words[index + 1])
    }
    return ReferenceRuns.run(try builder.build())
  }

  /// The commands to go on with show what their question asks about.
  @Test func whatIfShowsWhatItAsks() throws {
    let probed = try whatIf("loss-recovery")
    #expect(
      probed.log.records.contains {
        $0.kind == .timerFired && $0.detail == TimerKind.tailLossProbe.rawValue
      })
    #expect(try probed.probes.value("timeouts") == 0)
    #expect(try probed.probes.value("retransmitted") == 1)
    let series = try whatIf("keep-alive")
    #expect(try series.probes.value("connections") == 1)
    #expect(try series.probes.value("request[49].pool_ms") == 0)
    let early = try whatIf("tls-handshake")
    #expect(try early.probes.value("request[0].first_byte_ms") == 75)
    let closing = try whatIf("idle-timeout")
    #expect(try closing.probes.value("connections") == 3)
    #expect(try closing.probes.value("repeated") == 0)
    let proper = try whatIf("blind-relay")
    #expect(try proper.probes.value("connections") == 3)
    #expect(try proper.probes.value("request[2].duration_ms") == 80)
    let narrow = try whatIf("parallel-connections")
    #expect(try narrow.probes.value("lost_down") > 20)
    let behind = try whatIf("pipelining")
    #expect(try behind.probes.value("request[2].response_order_ms") == 490)
    let passing = try whatIf("h2-streams")
    #expect(try passing.probes.value("request[1].complete_ms") == 160)  // 2R + 10
    let lossy = try whatIf("h1-vs-h2")
    #expect(try lossy.probes.value("lost_down") > 0)
    let held = try whatIf("tcp-hol")
    #expect(try held.probes.value("retransmitted") == 1)
    #expect(try held.probes.value("request[2].transport_gap_ms") > 100)
    let limited = try whatIf("quic-handshake")
    #expect(try limited.probes.value("request[0].first_byte_ms") < 80)
    #expect(try limited.probes.value("complete_ms") > 150)
    let alone = try whatIf("quic-streams")
    #expect(try alone.probes.value("retransmitted") == 1)
    let gaps = try (0..<9).map { try alone.probes.value("request[\($0)].stream_gap_ms") }
    #expect(gaps.count { $0 > 0 } == 1)
    let narrowed = try whatIf("flow-control")
    #expect(try narrowed.probes.value("request[0].stream_window_ms") > 500)
    let plain = try whatIf("hpack")
    let heads = try ["request[0].frame[0].bytes", "request[9].frame[0].bytes"].map {
      try plain.probes.value($0)
    }
    #expect(heads[0] == heads[1])
    let behindAFrame = try whatIf("frame-size")
    #expect(try behindAFrame.probes.value("request[1].turn_ms") > 700)
    let urgent = try whatIf("priorities-and-push")
    let order = try [0, 2, 1].map { try urgent.probes.value("request[\($0)].complete_ms") }
    #expect(order == order.sorted())
  }

  @Test func answersMoveWithTheScenario() throws {
    let lesson = try #require(ProjectCourse.course.lesson("tcp-handshake"))
    let runs = ReferenceRuns(lesson, presets: ProjectCourse.presets)
    for (rtt, expected) in [("20ms", 40.0), ("75ms", 150), ("150ms", 300)] {
      let run = try runs.run(Lesson.page, changed: [("rtt", rtt)])
      #expect(try run.probes.value("request[0].first_byte_ms") == expected)
    }
  }
}
