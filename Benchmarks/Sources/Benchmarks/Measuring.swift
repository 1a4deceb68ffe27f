import CAllocations

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a piece of work cost.
struct Cost {
  /// CPU time of the whole process, which other processes do not lengthen.
  var cpuNanoseconds: UInt64
  /// Blocks asked of the C library's allocator.
  var allocations: UInt64

  /// Does `work` once and says what it cost, with what it returned.
  static func of<Result>(_ work: () -> Result) -> (cost: Cost, result: Result) {
    let allocationsBefore = allocation_count()
    let before = cpuNanosecondsNow()
    let result = work()
    let cost = Cost(
      cpuNanoseconds: cpuNanosecondsNow() - before,
      allocations: allocation_count() - allocationsBefore)
    return (cost, result)
  }

  /// The cheapest of `repetitions` runs in CPU time: what disturbs a run only ever makes it slower.
  static func least<Result>(of repetitions: Int, _ work: () -> Result) -> (Cost, Result) {
    var best = of(work)
    for _ in 1..<repetitions {
      let again = of(work)
      if again.cost.cpuNanoseconds < best.cost.cpuNanoseconds { best = again }
    }
    return best
  }

  /// `count` of something per second of CPU time.
  func perSecond(_ count: UInt64) -> Double {
    Double(count) * 1e9 / Double(cpuNanoseconds)
  }

  private static func cpuNanosecondsNow() -> UInt64 {
    var time = timespec()
    let status = clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    precondition(status == 0, "the CPU clock cannot be read")
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// Figures as a table shows them.
enum Figure {
  /// With `digits` decimals.
  static func decimal(_ value: Double, digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    if digits == 0 { return grouped(scaled) }
    let fraction = String(scaled % scale)
    return grouped(scaled / scale) + "." + String(repeating: "0", count: digits - fraction.count)
      + fraction
  }

  /// A whole number, its thousands set apart.
  static func grouped(_ value: Int) -> String {
    value < 1000
      ? String(value)
      : grouped(value / 1000) + "," + String(String(value % 1000 + 1000).dropFirst())
  }

  /// `text` moved to the right edge of a column.
  static func right(_ text: String, width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// `text` filled up to a column's width.
  static func left(_ text: String, width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
