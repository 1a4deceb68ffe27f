/// Prints the figures of the simulator's speed. They are for reading and are asserted nowhere: a
/// timed test fails on a busy machine and teaches people to run it again.
@main
enum Benchmarks {
  static func main() {
    QueueBenchmark.run()
    BulkBenchmark.run()
    PageBenchmark.run()
    QUICBenchmark.run()
    IdleBenchmark.run()
  }
}
