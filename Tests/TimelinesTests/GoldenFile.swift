import Foundation
import Testing

/// A timeline that was read by eye and is expected to stay as it is.
enum GoldenFile {
  /// Compares `text` with the golden file; with `NETSIM_BLESS=1` in the environment writes it.
  static func expect(
    _ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden").appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["NETSIM_BLESS"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    let (got, wanted) = (lines(text), lines(golden))
    let first = zip(got, wanted).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      text == golden,
      """
      \(name): \(got.count) lines, golden \(wanted.count); the first that differs:
      \(first.map { "line \($0.offset + 1)\n  got    \($0.element.0)\n  golden \($0.element.1)" } ?? "")
      """, sourceLocation: sourceLocation)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
