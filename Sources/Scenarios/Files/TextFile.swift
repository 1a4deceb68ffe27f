#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whole text files, read and written.
public enum TextFile {
  /// Why a file could not be read or written.
  public struct Failure: Error, Equatable, Sendable {
    /// The reason in a few words, such as `no such file`.
    public let reason: String
    /// Whether it is because there is no such file.
    public let isMissing: Bool

    /// A file cannot be made where there is no folder.
    static let noFolder = Failure(reason: "there is no such folder to write it to", isMissing: true)
  }

  /// The bytes of the file at `path`. Throws when it cannot be read, is no plain file, or has more
  /// than `limit` bytes.
  public static func read(_ path: String, limit: Int = 4 << 20) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { throw failure(errno) }
    defer { close(file) }
    var status = stat()
    if fstat(file, &status) != 0 { throw failure(errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw Failure(reason: "it is a directory", isMissing: false)
    }
    if status.st_mode & S_IFMT != S_IFREG {
      throw Failure(reason: "it is no plain file", isMissing: false)
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glue.read(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure(errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if bytes.count > limit {
        throw Failure(reason: "it has more than \(limit) bytes", isMissing: false)
      }
    }
  }

  /// Writes a new file, which appears whole or not at all.
  ///
  /// Throws when there is a file of that name and `replaces` is false: nothing is overwritten
  /// without being asked.
  public static func write(
    _ text: String, to path: String, replaces: Bool = false
  ) throws(Failure) {
    var file = try NewFile(path: path, replaces: replaces)
    try file.append(Array(text.utf8))
    try file.finish()
  }

  /// Gives a file another name, under which there is none yet.
  public static func move(_ path: String, to other: String) throws(Failure) {
    if link(path, other) != 0 { throw failure(errno) }
    unlink(path)
  }

  /// Adds text at the end of a file, which is made if there is none, and waits until it is kept.
  public static func append(_ text: String, to path: String) throws(Failure) {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    if file < 0 { throw failure(errno) }
    defer { close(file) }
    if let problem = put(Array(text.utf8), file) { throw problem }
    if fsync(file) != 0 { throw failure(errno) }
  }

  /// The names in a directory, in order; nil where there is no such directory.
  public static func names(in directory: String) -> [String]? {
    guard let handle = opendir(directory) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The path without links, `.` and `..`; the path as it is where there is no such file.
  public static func canonical(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
  }

  /// Whether there is a file or directory of that name.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Writes all of `bytes`; gives what went wrong.
  static func put(_ bytes: [UInt8], _ file: Int32) -> Failure? {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glue.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return failure(errno) }
      bytes = bytes.dropFirst(count)
    }
    return nil
  }

  static func failure(_ code: Int32) -> Failure {
    switch code {
    case ENOENT: Failure(reason: "no such file", isMissing: true)
    case EACCES, EPERM: Failure(reason: "no permission", isMissing: false)
    case EEXIST: Failure(reason: "it exists already", isMissing: false)
    default: Failure(reason: String(cString: strerror(code)), isMissing: false)
    }
  }
}

/// The system's functions whose names this room uses itself.
private enum Glue {
  #if canImport(Glibc)
    static let read = Glibc.read
    static let write = Glibc.write
  #else
    static let read = Darwin.read
    static let write = Darwin.write
  #endif
}
