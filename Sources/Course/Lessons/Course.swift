import Scenarios

/// The course: the lessons of a folder, in their order.
public struct Course: Sendable {
  /// The lessons that could be read, in their order.
  public let lessons: [Lesson]
  /// What is wrong with the files, by folder.
  public let problems: [String: [OptionError]]
  /// The folder of scenario files that can be included by name.
  public let presets: String?

  /// Reads the lessons of `folder`.
  public init(folder: String, presets: String?) {
    var lessons: [Lesson] = []
    var problems: [String: [OptionError]] = [:]
    for name in TextFile.names(in: folder) ?? [] {
      let path = folder + "/" + name
      guard name.first?.isNumber == true, TextFile.names(in: path) != nil else { continue }
      let file = LessonFile(folder: path)
      if let lesson = file.lesson { lessons.append(lesson) }
      if !file.problems.isEmpty { problems[name] = file.problems }
    }
    self.lessons = lessons.sorted { ($0.number, $0.slug) < ($1.number, $1.slug) }
    self.problems = problems
    self.presets = presets
  }

  /// The lesson of that name, or of that number.
  public func lesson(_ name: String) -> Lesson? {
    lessons.first { $0.slug == name || "\($0.number)" == name }
  }
}
