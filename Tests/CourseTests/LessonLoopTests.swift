import Course
import Scenarios
import Testing
import Timelines

@Suite struct LessonLoopTests {
  private func desk(_ folder: String, _ language: Language = .english) throws -> LessonDesk {
    try LessonDesk(
      course: ProjectCourse.course, lessons: ProjectCourse.lessons, folder: folder,
      language: language, style: TextStyle(width: 80))
  }

  @Test func thePredictionComesFirst() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      #expect(throws: CourseError.self) { try desk.run("slow-start", isFree: false, options: []) }
      #expect(throws: CourseError.self) { try desk.predict("slow-start", "some") }
      _ = try desk.predict("slow-start", "6")
      let page = try desk.run("slow-start", isFree: false, options: [])
      #expect(
        page.contains("rounds: you predicted 6 rounds, the run gives 7 rounds; difference +1 round")
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
      #expect(try self.desk(folder).list().contains("1 of 5 lessons done"))
    }
  }

  @Test func aWrongAnswerIsExplained() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder)
      let page = try desk.check("tcp-handshake", "lost-syn", "225").page
      #expect(page.contains("1000.000  ├━ SYN"))  // the timeline, up to where it shows
      #expect(page.contains("drawn up to 1150.000 ms") && !page.contains("FIN"))
      #expect(page.contains("expected 1150 ms, got 225 ms"))
      #expect(page.contains("Nobody tells the client that its SYN is gone."))
    }
  }

  @Test func speaksKorean() throws {
    try ProjectCourse.withFolder { folder in
      var desk = try desk(folder, .korean)
      #expect(desk.list().contains("5개 수업 가운데 0개를 마쳤습니다"))
      #expect(try desk.show("keep-alive").contains("연결을 열어 두기"))
      #expect(try desk.check("slow-start", "rounds", "69라운드").page.contains("라운드마다 두 배가 됩니다"))
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
