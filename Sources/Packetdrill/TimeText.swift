import NetSim

/// Times as they are printed: seconds with six digits, as packet dumps have them.
enum TimeText {
  /// A duration in seconds, rounded down to whole microseconds.
  static func seconds(_ duration: SimDuration) -> String {
    let isNegative = duration.nanoseconds < 0
    let microseconds = duration.nanoseconds.magnitude / 1000
    let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let fraction = String(rest + 1_000_000).dropFirst()
    return "\(isNegative ? "-" : "")\(whole).\(fraction)"
  }

  /// An instant in seconds since the run began.
  static func seconds(_ time: SimTime) -> String { seconds(time - .zero) }
}
