import Foundation

/// A file that exists while it is looked at.
enum TemporaryFile {
  /// Gives `body` the path of a file with `text` in it.
  static func with<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".yaml")
    try text.write(to: url, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path(percentEncoded: false))
  }
}
