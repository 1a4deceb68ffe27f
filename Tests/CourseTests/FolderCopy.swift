import Foundation

/// Copies of folders with something missing.
enum FolderCopy {
  /// Copies the files of a folder but one.
  static func copy(_ source: String, to target: String, without missing: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: target, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: source) where name != missing {
      try files.copyItem(atPath: source + "/" + name, toPath: target + "/" + name)
    }
  }
}
