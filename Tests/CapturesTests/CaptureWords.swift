import Captures
import NetSim

extension Finding {
  /// What a test expects, in one line: what it is, of which packet, and why.
  var words: String {
    let trigger = trigger.map { " \($0)" } ?? ""
    let earlier = earlier.map { " after \($0)" } ?? ""
    return "\(kind)\(trigger) \(packet)\(earlier) of \(sender), \(sureness) by \(evidence)"
  }
}

extension Stall {
  /// What a test expects, in one line, with times in milliseconds.
  var words: String {
    let times = [from, to].map { Double($0.nanoseconds) / 1e6 }
    return "\(cause) of \(sender) from \(times[0]) to \(times[1]) ended by \(packet), \(sureness)"
  }
}
