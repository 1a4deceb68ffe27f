import NetSim

/// One run of a script against the TCP machine of the simulator, in virtual time.
///
/// The simulated host is the local host of the script: what the script sends in, it receives, and
/// what it sends is held against what the script expects. No clock runs: time moves from event to
/// event and from timer to timer, so that a run takes no longer than its computing does, and always
/// ends the same.
public struct PacketdrillRun {
  private let script: PacketdrillScript

  /// A run of `script`.
  public init(_ script: PacketdrillScript) { self.script = script }

  /// Runs the script from its start.
  public func run() -> PacketdrillResult {
    var driver = ScriptDriver()
    do throws(ScriptDriver.Stop) {
      try driver.run(script)
      return .passed
    } catch {
      switch error {
      case .failed(var failure):
        failure.history = driver.history
        return .failed(failure)
      case .unsupported(let limit): return .unsupported(limit)
      }
    }
  }
}
