import Timelines

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where results and errors go, and how wide and colourful they may be.
enum Terminal {
  /// Writes a result to standard output.
  static func print(_ text: String) { write(Array(text.utf8), to: 1) }

  /// Writes a result that is no text to standard output.
  static func print(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Writes an error to standard error.
  static func complain(_ text: String) { note("simcli: " + text + "\n") }

  /// Writes something that is neither a result nor an error to standard error, without a newline.
  static func note(_ text: String) { write(Array(text.utf8), to: 2) }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { unistdWrite(file, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      // The disk is full, or the reader is gone.
      if written <= 0 { exit(Failure.Status.fault.rawValue) }
      bytes = bytes.dropFirst(written)
    }
  }

  private static func unistdWrite(
    _ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes, count)
    #else
      Darwin.write(file, bytes, count)
    #endif
  }

  /// The style that the options and the terminal ask for.
  static func style(width: Int?, isASCII: Bool) -> TextStyle {
    let isTerminal = isatty(1) == 1
    return TextStyle(
      width: width ?? (isTerminal ? terminalWidth : nil) ?? 80, isASCII: isASCII,
      usesColour: isTerminal && getenv("NO_COLOR") == nil)
  }

  private static var terminalWidth: Int? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
