import Foundation

/// Prints the figures of the simulator's speed. They are for reading and are asserted nowhere: a
/// timed test fails on a busy machine and teaches people to run it again.
@main
enum Benchmarks {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if let path = arguments.first {
      // A capture to be read, or made: `--write FILE COPIES`.
      guard path == "--write", arguments.count == 3, let copies = Int(arguments[3]) else {
        return CaptureBenchmark.run(file: path)
      }
      guard let large = LargeCapture(folder: "traces") else { return print("no traces here") }
      try Data(large.bytes(copies: copies)).write(to: URL(fileURLWithPath: arguments[2]))
      return
    }
    QueueBenchmark.run()
    BulkBenchmark.run()
    PageBenchmark.run()
    QUICBenchmark.run()
    IdleBenchmark.run()
    CaptureBenchmark.run(traces: "traces")
  }
}
