import Course
import Scenarios
import Testing
import Timelines

@Suite struct LessonLoopTests {
  private func desk(
    _ folder: String, _ language: Language = .english, isASCII: Bool = false,
    options: [String] = []
  ) throws -> LessonDesk {
    try LessonDesk(
      course: ProjectCourse.course, lessons: ProjectCourse.lessons, folder: folder,
      language: language, style: TextStyle(width: 80, isASCII: isASCII), options: options)
  }

  @Test func thePredictionComesFirst() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      #expect(throws: CourseError.self) { try desk.run("slow-start", isFree: false, options: []) }
      #expect(throws: CourseError.self) { try desk.predict("slow-start", "some") }
      _ = try desk.predict("slow-start", "6")
      let page = try desk.run("slow-start", isFree: false, options: [])
      #expect(
        page.contains("rounds: predicted 6 rounds, simulated 7 rounds; difference +1 round")
      )
      #expect(page.contains("80 segments, 102201"))
    }
  }

  @Test func aLessonIsLearnt() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      _ = try desk.run("tcp-handshake", isFree: true, options: [])
      #expect(try !desk.check("tcp-handshake", "cold", "75").isRight)
      #expect(throws: CourseError.self) { try desk.solution("tcp-handshake", givesUp: false) }
      for (id, answer) in [("1", "150ms"), ("warm", "0.075 s"), ("lost-syn", "1150")] {
        let result = try desk.check("tcp-handshake", id, answer)
        #expect(result.isRight && !result.page.contains("Why"))
      }
      let last = try desk.check("tcp-handshake", "farthest", "50")
      #expect(last.isRight && last.page.contains("A cold request takes two round trips, 150 ms"))
      #expect(last.page.contains("RFC 9293 §3.5") && last.page.contains("simcli run --profile"))
      #expect(try desk.check("tcp-handshake", nil, nil).isRight)
      #expect(desk.list().contains("✓ tcp-handshake"))
      let all = ProjectCourse.course.lessons.count
      #expect(try self.desk(folder).list().contains("1 of \(all) lessons done"))
    }
  }

  @Test func aWrongAnswerIsExplained() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      let page = try desk.check("tcp-handshake", "lost-syn", "225").page
      #expect(page.contains("1000.000  ├━ SYN"))  // the timeline, up to where it shows
      #expect(page.contains("drawn up to 1150.000 ms") && !page.contains("FIN"))
      #expect(page.contains("expected 1,150 ms, got 225 ms"))
      #expect(page.contains("Nobody tells the client that its SYN is gone."))
    }
  }

  @Test func speaksKorean() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder, .korean)
      #expect(desk.list().contains("\(ProjectCourse.course.lessons.count)개 수업 가운데 0개를 마쳤습니다"))
      #expect(try desk.show("keep-alive").contains("연결을 열어 두기"))
      let wrong = try desk.check("slow-start", "rounds", "69라운드").page
      #expect(wrong.contains("라운드마다 두 배가 됩니다"))
      #expect(wrong.contains("정답: 7라운드, 제출한 답: 69라운드"))
      let short = try desk.check("slow-start", "smallest-window", "14").page
      #expect(short.contains("initial window가 14개면 3라운드가 걸립니다."))
      let large = try desk.check("slow-start", "smallest-window", "16").page
      #expect(large.contains("16개도 조건에 맞지만 15개도 맞습니다."))
      #expect(try desk.solution("slow-start", givesUp: true).contains("102,200바이트"))
    }
  }

  /// A prediction is about the lesson's own scenario and is compared with nothing else.
  @Test func anotherScenarioIsNotComparedWithThePrediction() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      _ = try desk.predict("slow-start", "6")
      let another = "was for the lesson's own scenario"
      let options = [(name: "rtt", value: "50ms")]
      let varied = try desk.run("slow-start", isFree: false, options: options)
      #expect(varied.contains(another) && !varied.contains("rounds: predicted"))
      let same = [(name: "rtt", value: "75ms")]
      let own = try desk.run("slow-start", isFree: false, options: same)
      #expect(own.contains("rounds: predicted 6 rounds, simulated") && !own.contains(another))
      let path = folder + "/slow-start.yaml"
      let text = String(decoding: try TextFile.read(path), as: UTF8.self)
      try TextFile.write(
        text.replacing("initial-window: 10", with: "initial-window: 20"), to: path, replaces: true)
      let edited = try desk.run("slow-start", isFree: false, options: [])
      #expect(edited.contains(another) && !edited.contains("rounds: predicted"))
    }
  }

  @Test func aLossyRunIsDrawnForALossyQuestion() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      let page = try desk.check("loss-recovery", "throughput", "-1").page
      #expect(page.contains("response, 20,000,000 B") && page.contains("cwnd\n"))
      #expect(!page.contains("A factor of 8"))
    }
  }

  @Test func anAnswerThatIsMissingIsAskedFor() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      _ = try desk.check("slow-start", "rounds", "7")
      let checked = try desk.check("slow-start", nil, nil)
      #expect(!checked.isRight && checked.page.contains("  ✓ rounds\n  · smallest-window\n"))
      let command = "simcli lesson check slow-start smallest-window ANSWER"
      let complaint = CourseError(.usage, "an answer is missing: " + command)
      #expect(checked.complaint == complaint)
      #expect(throws: complaint) { try desk.check("slow-start", "smallest-window", nil) }
      #expect(throws: CourseError.self) { try desk.predict("slow-start", nil) }
    }
  }

  @Test func commandsToGoOnWithKeepTheOptions() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder, options: ["--lang", "en", "--folder", "my work"])
      let options = " --lang en --folder 'my work'"
      #expect(desk.list().contains("simcli lesson show rtt-and-bandwidth" + options))
      let page = try desk.show("slow-start")
      #expect(page.contains("first:\n    simcli lesson predict slow-start ANSWER" + options))
      #expect(page.contains("Then run it:"))
      let kept = try desk.predict("slow-start", "7")
      #expect(kept.contains("simcli lesson run slow-start" + options))
      #expect(try desk.show("slow-start").contains("\nRun it: simcli lesson run slow-start"))
      // A command that is too long goes on in the next line, as a shell reads it.
      let hint = try desk.hint("slow-start", "smallest-window")
      #expect(
        hint.contains("--objects 64KiB --initial-window 12 \\\n") && hint.contains(options))
    }
  }

  /// With nothing but ASCII in English, and no line too wide in any language.
  @Test(arguments: ProjectCourse.course.lessons.map(\.slug), Language.allCases)
  func pagesFitTheTerminal(slug: String, language: Language) throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(
        folder, language, isASCII: true, options: ["--lang", language.rawValue, "--ascii"])
      var pages = [desk.list(), try desk.show(slug)]
      let lesson = try #require(ProjectCourse.course.lesson(slug))
      for question in lesson.questions {
        for _ in 1...4 { pages.append(try desk.hint(slug, question.id)) }
        if case .number = question.kind {
          pages.append(try desk.check(slug, question.id, "12").page)
        }
      }
      pages.append(try desk.run(slug, isFree: true, options: []))
      pages.append(try desk.solution(slug, givesUp: true))
      for line in pages.joined().split(separator: "\n") where !line.contains(folder) {
        #expect(DisplayWidth.columns(line) <= 80, "\(line)")
        #expect(line.allSatisfy(\.isASCII) || language == .korean, "\(line)")
        #expect(!line.contains("√") && !line.contains("§"), "\(line)")
      }
    }
  }

  /// Marks of code and emphasis are for the files; a star in code is no mark.
  @Test func whatIsShownHasNoMarks() throws {
    try ProjectCourse.withFolder { folder in
      let desk = try desk(folder)
      for lesson in ProjectCourse.course.lessons {
        #expect(try !desk.show(lesson.slug).contains("`"), "\(lesson.slug)")
      }
      #expect(try desk.show("idle-timeout").contains("such as OPTIONS *, as"))
    }
  }

  @Test func hintsOpenOneByOne() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      let first = try desk.hint("slow-start", nil)
      #expect(first.contains("Hint 1 of 3 for rounds") && !first.contains("Hint 2"))
      _ = try desk.hint("slow-start", "rounds")
      let third = try desk.hint("slow-start", "rounds")
      #expect(third.contains("Hint 1") && third.contains("Hint 3 of 3"))
      #expect(try desk.hint("slow-start", "rounds").contains("There are no more hints."))
    }
  }

  @Test func nothingOfTheStudentsIsOverwritten() throws {
    try ProjectCourse.withFolder { folder in
      let path = folder + "/slow-start.yaml"
      let mine = "profile: ideal\nhttp: {protocol: tcp}\nworkload: {objects: 5kB}\n"
      try TextFile.write(mine, to: path)
      var desk = try desk(folder)
      let page = try desk.run("slow-start", isFree: true, options: [])
      #expect(page.contains("1 object, 5,000 B"))
      #expect(String(decoding: try TextFile.read(path), as: UTF8.self) == mine)
      _ = try desk.reset("slow-start")
      #expect(!TextFile.exists(path))
      #expect(String(decoding: try TextFile.read(path + ".1"), as: UTF8.self) == mine)
    }
  }

  @Test(arguments: ["lesson.yaml", "lesson.en.md", "lesson.ko.md", "expected.timeline"])
  func aLessonWithAMissingPieceIsFound(piece: String) throws {
    try ProjectCourse.withFolder { folder in
      let source = ProjectCourse.lessons + "/04-slow-start"
      let target = folder + "/04-slow-start"
      try FolderCopy.copy(source, to: target, without: piece)
      let course = Course(folder: folder, presets: ProjectCourse.presets)
      var problems = course.problems.values.flatMap { $0.map(\.text) }
      for lesson in course.lessons {
        problems += LessonCheck(lesson, presets: ProjectCourse.presets).problems
      }
      #expect(problems.contains { $0.contains(piece) }, "\(problems)")
    }
  }
}
