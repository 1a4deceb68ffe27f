#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file of the C library, read from front to back: a regular file, standard input, or a pipe. It is
/// closed with its last owner.
final class StandardFile {
  private var file: UnsafeMutablePointer<FILE>?
  /// Why nothing more came, where that was not the end.
  private(set) var readFailure: String?

  /// Opens what stands at `path` (`-` is standard input), or throws `missing`, `directory` or
  /// `unreadable`.
  init(path: String) throws(CaptureError) {
    file = path == "-" ? fdopen(dup(0), "rb") : fopen(path, "rb")
    guard let file else { throw Self.failure(path, errno) }
    var status = stat()
    guard fstat(fileno(file), &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
      fclose(file)
      self.file = nil
      throw CaptureError(
        .directory, file: path, "this is a directory; name a capture file (pcap or pcapng)")
    }
  }

  /// Why the operating system does not open the file at `path`.
  private static func failure(_ path: String, _ code: Int32) -> CaptureError {
    if code == ENOENT || code == ENOTDIR {
      return CaptureError(.missing, file: path, "there is no such file; name a capture file")
    }
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return CaptureError(
      .unreadable, file: path, "the file cannot be read (\(reason)); a readable file is needed")
  }

  /// Bytes in memory that somebody else keeps, as a file.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(CaptureError) {
    file = fmemopen(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, "rb")
    if file == nil { throw Self.failure(name, errno) }
  }

  /// Whether it can be read more than once.
  var isRegular: Bool {
    var status = stat()
    guard let file, fstat(fileno(file), &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFREG
  }

  deinit { if let file { fclose(file) } }

  /// The first bytes, at most `count` of them; they remain to be read.
  func peek(_ count: Int) -> [UInt8] {
    guard let file else { return [] }
    var bytes: [UInt8] = []
    while bytes.count < count {
      let byte = getc(file)
      if byte == EOF { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    for byte in bytes.reversed() { ungetc(Int32(byte), file) }
    return bytes
  }

  /// Fills the front of `buffer`, and gives how many bytes came: 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let file else { return 0 }
    let count = fread(buffer.baseAddress, 1, buffer.count, file)
    if count < buffer.count, ferror(file) != 0 {
      readFailure = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    }
    return count
  }

  /// Hands the file over to somebody who will close it.
  func release() -> UnsafeMutablePointer<FILE>? {
    defer { file = nil }
    return file
  }
}
