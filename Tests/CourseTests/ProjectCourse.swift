import Course
import Foundation

/// The project's own course, and folders for students.
enum ProjectCourse {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL.path(percentEncoded: false)

  static let lessons = root + "Lessons"
  static let presets = root + "Scenarios"
  static let course = Course(folder: lessons, presets: presets)

  /// Gives `body` an empty folder.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path(percentEncoded: false))
  }
}
