import Foundation

/// Copies of folders with something missing.
enum FolderCopy {
  /// An empty folder.
  static func create(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Copies the files of a folder but one.
  static func copy(_ source: String, to target: String, without missing: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: target, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: source) where name != missing {
      try files.copyItem(atPath: source + "/" + name, toPath: target + "/" + name)
    }
  }
}
