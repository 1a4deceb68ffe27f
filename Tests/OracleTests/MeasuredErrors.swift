import Foundation

/// How far the rows of a table are off what was measured, as fractions.
struct MeasuredErrors {
  var median: Double
  var nineInTen: Double
  var worst: Double

  init(_ errors: [Double]) {
    let sorted = errors.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    nineInTen = sorted[sorted.count * 9 / 10]
    worst = sorted[sorted.count - 1]
  }

  /// The line under the table.
  var text: String {
    String(
      format: "median %.1f%%, nine in ten %.1f%%, worst %.1f%%", median * 100, nineInTen * 100,
      worst * 100)
  }
}
