#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written piece by piece and appears under its name when it is whole, or not at all.
public struct NewFile: ~Copyable {
  private let path: String
  private let draft: String
  private let replaces: Bool
  private let file: Int32

  /// Begins a file. Throws when there is one of that name already and `replaces` is false: nothing
  /// is overwritten without being asked.
  public init(path: String, replaces: Bool = false) throws(TextFile.Failure) {
    if !replaces && TextFile.exists(path) { throw TextFile.failure(EEXIST) }
    // The name is of this process alone, so that two that write at once do not mix.
    let draft = path + ".\(getpid()).draft"
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if file < 0 {
      throw errno == ENOENT ? TextFile.Failure.noFolder : TextFile.failure(errno)
    }
    self.init(path: path, draft: draft, replaces: replaces, file: file)
  }

  private init(path: String, draft: String, replaces: Bool, file: Int32) {
    self.path = path
    self.draft = draft
    self.replaces = replaces
    self.file = file
  }

  /// Adds bytes at the end.
  public mutating func append(_ bytes: [UInt8]) throws(TextFile.Failure) {
    if let problem = TextFile.put(bytes, file) { throw problem }
  }

  /// Waits until everything is kept and gives the file its name.
  public mutating func finish() throws(TextFile.Failure) {
    if fsync(file) != 0 { throw TextFile.failure(errno) }
    // A link, unlike a renaming, does not replace what is there.
    let status = replaces ? rename(draft, path) : link(draft, path)
    if status != 0 { throw TextFile.failure(errno) }
  }

  deinit {
    close(file)
    unlink(draft)
  }
}
