import Captures
import NetSim
import Scenarios
import Timelines

/// Which part of a capture a view is to show.
struct CaptureChoice {
  let packets: PacketChoice
  /// Stalls not longer than this are left out.
  let longer: SimDuration

  /// All of it.
  init() {
    packets = PacketChoice()
    longer = .zero
  }

  init(_ arguments: Arguments, _ view: PcapCommand.View) throws(Failure) {
    packets = try PacketChoice(arguments)
    if view == .summary, !packets.isEverything {
      throw .usage("summary is of all that is read; --filter reads less")
    }
    if view == .timeline, packets.connections.count > 1 {
      throw .usage("timeline draws one connection, or all; name one")
    }
    guard let text = arguments.value("longer") else {
      longer = .zero
      return
    }
    if view != .stalls { throw .usage("--longer belongs to stalls") }
    do {
      longer = try Quantity.duration(text)
    } catch {
      throw .usage("--longer \(Wording.excerpt(text)): \(error.reason)")
    }
  }

  /// How the capture is to be read: only what is drawn, or charged to causes, needs the log.
  func options(for view: PcapCommand.View, filter: String?) -> CaptureOptions {
    switch view {
    case .summary, .stalls: CaptureOptions(filter: filter, logLevel: .totals)
    case .connections:
      CaptureOptions(filter: filter, logLevel: .totals, readsMessages: false)
    case .requests, .timeline, .packets: CaptureOptions(filter: filter)
    }
  }
}
