import Captures
import Foundation

/// Reading captures: packets per second of CPU time, and what it takes of memory.
enum CaptureBenchmark {
  /// Reads a capture of copies of the traces of `folder`.
  static func run(traces folder: String) {
    guard let large = LargeCapture(folder: folder) else {
      print("\nCaptures: no traces in \(folder)")
      return
    }
    let bytes = large.bytes(copies: 1_000)
    print("\nCapture of 2,000 connections in memory: CPU time\n")
    printHead()
    bytes.withUnsafeBytes { bytes in
      row("connections", messages: false) { options in
        try? CaptureAnalysis.read(bytes, name: "large", asPipe: true, options: options)
      }
      row("with HTTP/1 and TLS", messages: true) { options in
        try? CaptureAnalysis.read(bytes, name: "large", asPipe: true, options: options)
      }
    }
  }

  /// Reads the capture at `path`.
  static func run(file path: String) {
    print("\n\(path): CPU time\n")
    printHead()
    row("connections", messages: false) { try? CaptureAnalysis.read(path: path, options: $0) }
    row("with HTTP/1 and TLS", messages: true) {
      try? CaptureAnalysis.read(path: path, options: $0)
    }
  }

  private static func printHead() {
    print("| what is read | packets | connections | packets/s | allocations/packet |")
    print("|---|---|---|---|---|")
  }

  private static func row(
    _ name: String, messages: Bool, _ read: (CaptureOptions) -> CaptureAnalysis?
  ) {
    let options = CaptureOptions(logLevel: .totals, readsMessages: messages)
    let (cost, analysis) = Cost.least(of: 3) { read(options) }
    guard let analysis else { return print("| \(name) | cannot be read | | | |") }
    let packets = UInt64(analysis.summary.packets)
    let allocations = Double(cost.allocations) / Double(max(packets, 1))
    print(
      "| \(name) | \(packets) | \(analysis.connections.count) "
        + "| \(Figure.decimal(cost.perSecond(packets), digits: 0)) "
        + "| \(Figure.decimal(allocations, digits: 3)) |")
  }
}
