import NetSim
import Timelines

/// A scenario, run to its end with its progress shown.
struct SimulatedRun {
  /// A run with more packets keeps its totals and requests only: a full log takes about half a
  /// kilobyte for each.
  private static let mostPacketsDrawn: Int64 = 2_000_000

  let report: RunReport
  let log: EventLog

  /// Runs `scenario`; the progress calls it `name`, unless that is empty.
  init(_ scenario: Scenario, showing name: String = "", on progress: inout Progress) {
    var simulator = Simulator(
      scenario, level: Self.isDrawn(scenario) ? .everything : .requests)
    let head = name.isEmpty ? "" : name + ": "
    while simulator.advance(events: 1_000_000) {
      let (time, events) = simulator.progress
      progress.show(
        "\(head)simulated \(Numbers.milliseconds(time, digits: 0)) ms, "
          + "\(Numbers.grouped(Int64(events))) events")
    }
    report = simulator.run()
    log = simulator.log
  }

  /// Whether a scenario is small enough for everything that happens to be kept.
  static func isDrawn(_ scenario: Scenario) -> Bool {
    scenario.expectedDataPackets <= mostPacketsDrawn
  }

  /// Says on standard error why a scenario's run is not drawn.
  static func complain(of scenario: Scenario) {
    Terminal.complain(
      "about \(Numbers.grouped(scenario.expectedDataPackets)) packets are too many to draw or to "
        + "charge to causes; the totals follow")
  }
}
