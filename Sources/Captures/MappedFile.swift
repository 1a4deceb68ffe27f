#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A regular file mapped into memory for reading; it is unmapped with its last owner.
final class MappedFile: Sendable {
  /// The file's bytes, valid as long as this object.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// What stands at a path.
  enum Opened {
    /// A regular file, mapped.
    case mapped(MappedFile)
    /// A pipe or a device, which can only be read from front to back.
    case stream
  }

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// Opens the file at `path` (`-` is standard input), or throws `missing`, `directory`, `unreadable` or `empty`.
  static func open(_ path: String) throws(CaptureError) -> Opened {
    if path == "-" { return .stream }
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw CaptureError(
        .directory, file: path, "this is a directory; name a capture file (pcap or pcapng)")
    case S_IFREG: break
    default: return .stream
    }
    let descriptor = Self.descriptor(path)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    // The size is asked of the open file: the one at the path may have been replaced meanwhile.
    guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
    guard let size = Int(exactly: status.st_size), size > 0 else {
      throw CaptureError(
        .empty, file: path,
        "the file is empty; a capture has at least a header of 24 bytes")
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw failure(path, errno) }
    madvise(start, size, MADV_SEQUENTIAL)
    return .mapped(MappedFile(UnsafeRawBufferPointer(start: start, count: size)))
  }

  private static func descriptor(_ path: String) -> Int32 {
    #if canImport(Darwin)
      Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #else
      Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #endif
  }

  /// Why the operating system does not open the file at `path`.
  static func failure(_ path: String, _ code: Int32) -> CaptureError {
    if code == ENOENT || code == ENOTDIR {
      return CaptureError(.missing, file: path, "there is no such file; name a capture file")
    }
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return CaptureError(
      .unreadable, file: path, "the file cannot be read (\(reason)); a readable file is needed")
  }
}
