import Course
import Scenarios
import Testing

@Suite struct ProgressTests {
  private func read(_ folder: String) throws -> String {
    String(decoding: try TextFile.read(folder + "/" + Progress.fileName), as: UTF8.self)
  }

  @Test func keepsWhatHappened() throws {
    try ProjectCourse.withFolder { folder in
      var progress = try Progress(folder: folder)
      try progress.record(.predict(question: "rounds", answer: "6 or so"), of: "slow-start")
      try progress.record(.run, of: "slow-start")
      try progress.record(
        .answer(question: "rounds", isRight: false, answer: "6"), of: "slow-start")
      try progress.record(.hint(question: "rounds", number: 1), of: "slow-start")
      try progress.record(.answer(question: "rounds", isRight: true, answer: "7"), of: "slow-start")
      #expect(
        try read(folder) == """
          predict slow-start rounds 6 or so
          run slow-start
          answer slow-start rounds wrong 6
          hint slow-start rounds 1
          answer slow-start rounds right 7

          """)
      let again = try Progress(folder: folder)["slow-start"]
      #expect(again.predictions == ["rounds": "6 or so"] && again.wasRun)
      #expect(again.solved == ["rounds": "7"] && again.misses == ["rounds": 1])
      #expect(again.hints == ["rounds": 1] && !again.wasSolved)
    }
  }

  /// A crash can cut the last line at any byte: what was kept before stands, and what comes after
  /// does too.
  @Test func survivesACrashAtAnyByte() throws {
    let whole = "predict a q 5\nrun a\nanswer a q right 7\n"
    for length in 0...whole.utf8.count {
      try ProjectCourse.withFolder { folder in
        let cut = String(decoding: Array(whole.utf8.prefix(length)), as: UTF8.self)
        try TextFile.write(cut, to: folder + "/" + Progress.fileName)
        var progress = try Progress(folder: folder)
        let kept = cut.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        #expect(progress["a"].predictions.count == (kept >= 1 ? 1 : 0), "\(length)")
        #expect(progress["a"].wasRun == (kept >= 2), "\(length)")
        #expect(progress["a"].solved.count == (kept >= 3 ? 1 : 0), "\(length)")
        try progress.record(.answer(question: "r", isRight: true, answer: "1"), of: "b")
        #expect(try Progress(folder: folder)["b"].solved == ["r": "1"], "\(length)")
      }
    }
  }

  /// Editors of other systems mark the file's beginning, and end lines with two characters.
  @Test(arguments: ["", "\u{FEFF}"], ["\n", "\r\n"])
  func readsWhatOtherEditorsWrite(mark: String, end: String) throws {
    try ProjectCourse.withFolder { folder in
      let lines = ["predict a q 5", "run a", "hint a q 2", "answer a q right 7"]
      let text = mark + lines.map { $0 + end }.joined()
      try TextFile.write(text, to: folder + "/" + Progress.fileName)
      var progress = try Progress(folder: folder)
      #expect(progress["a"].wasRun && progress["a"].hints == ["q": 2])
      #expect(progress["a"].predictions == ["q": "5"] && progress["a"].solved == ["q": "7"])
      try progress.record(.solution, of: "a")
      #expect(try read(folder) == text + "solution a\n")
      #expect(try Progress(folder: folder)["a"].wasSolved)
    }
  }

  @Test func passesOverWhatItDoesNotKnow() throws {
    try ProjectCourse.withFolder { folder in
      let text = "celebrate a\n\nrun\nhint a q x\nrun a\n"
      try TextFile.write(text, to: folder + "/" + Progress.fileName)
      var progress = try Progress(folder: folder)
      #expect(progress["a"].wasRun && progress["a"].hints.isEmpty)
      try progress.record(.reset, of: "a")
      #expect(try !Progress(folder: folder)["a"].wasRun)
      #expect(try read(folder).hasPrefix(text))
    }
  }

  @Test func anAnswerOfSeveralLinesStaysOnOne() throws {
    try ProjectCourse.withFolder { folder in
      var progress = try Progress(folder: folder)
      try progress.record(.predict(question: "q", answer: "5\nrun a"), of: "a")
      #expect(try read(folder) == "predict a q 5 run a\n")
      #expect(try !Progress(folder: folder)["a"].wasRun)
    }
  }
}
