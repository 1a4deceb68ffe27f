#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line on standard error that says how far long work has come; nothing unless that is a
/// terminal, and nothing in the first second.
struct Progress {
  private let isShown = isatty(2) == 1
  private let start = ContinuousClock.now
  private var hasShown = false

  /// Writes `text` over what stood there.
  mutating func show(_ text: String) {
    guard isShown, ContinuousClock.now - start > .seconds(1) else { return }
    hasShown = true
    Terminal.note("\r\u{1B}[K" + text)
  }

  /// Takes the line away.
  mutating func clear() {
    if hasShown { Terminal.note("\r\u{1B}[K") }
    hasShown = false
  }
}
