import NetSim

/// Carries out a script's events one after the other.
///
/// The parts: this file (time and events), `ScriptDriver+Packets.swift` (what is sent against what is
/// expected), `ScriptDriver+Calls.swift` (system calls and assertions).
struct ScriptDriver {
  /// Why a run ends before its script.
  enum Stop: Error {
    case failed(PacketdrillFailure)
    case unsupported(PacketdrillLimit)
  }

  /// A call that waits.
  struct Waiting {
    var call: SystemCall
    var line: Int
    var start: SimTime
    /// When it has to return.
    var end: SimTime
  }

  var host = SimulatedHost()
  var waiting: Waiting?
  /// What statements of code blocks gave names to.
  var variables: [String: AssertionValue] = [:]
  /// What happened, each with its time.
  private(set) var history: [String] = []
  /// The line of the event under way.
  private(set) var line = 0
  /// The time that the event before was to happen at.
  private(set) var lastEventTime = SimTime.zero

  /// Timers that ran out since time moved last, and how many may.
  private var idleSteps = 0
  private static let idleLimit = 10_000

  /// How long a packet that is expected is waited for, beyond its time.
  private static let patience = SimDuration.seconds(2)

  mutating func run(_ script: PacketdrillScript) throws(Stop) {
    if let unknown = host.settings.take(script.options) {
      line = unknown.position.line
      throw unsupported("the option --\(unknown.name)\(unknown.value.map { "=\($0)" } ?? "")")
    }
    for event in script.events {
      line = event.position.line
      try run(event)
    }
    try finishWaitingCall()
  }

  // MARK: Stops

  func failed(
    _ message: String, expected: String? = nil, actual: [String] = [], line: Int? = nil
  ) -> Stop {
    .failed(
      PacketdrillFailure(
        line: line ?? self.line, message: message, expected: expected, actual: actual))
  }

  func unsupported(_ what: String, line: Int? = nil) -> Stop {
    .unsupported(PacketdrillLimit(line: line ?? self.line, what: what))
  }

  mutating func note(_ text: String, at time: SimTime) {
    history.append("\(TimeText.seconds(time)) \(text)")
  }

  // MARK: Events

  private mutating func run(_ event: ScriptEvent) throws(Stop) {
    let base = host.now
    switch event.action {
    case .outbound(let packet):
      let expected = expectation(event.time, from: base)
      try expect(packet, expected)
      lastEventTime = expected.earliest ?? host.now
      return
    case .unsupported(let what): throw unsupported(what)
    case .inbound, .call, .command, .code: break
    }
    let time = start(of: event.time, from: base)
    try advance(to: time)
    if host.now - time > host.settings.tolerance(after: time - lastEventTime) {
      throw failed(
        "this was to happen at \(TimeText.seconds(time)), but it is \(TimeText.seconds(host.now))")
    }
    lastEventTime = time
    switch event.action {
    case .inbound(let packet): try inject(packet)
    case .call(let call): try make(call, event.time, from: base)
    case .command(let text): try run(command: text)
    case .code(let block): try check(block)
    case .outbound, .unsupported: break
    }
  }

  /// When something that is not a packet sent by the host is to happen.
  private func start(of time: ScriptEvent.Time, from base: SimTime) -> SimTime {
    switch time {
    case .after(let span), .afterBetween(let span, _): base + span
    case .at(let time), .atBetween(let time, _): time
    case .any: base
    }
  }

  /// When a packet of the host's is expected.
  private func expectation(
    _ time: ScriptEvent.Time, from base: SimTime
  ) -> Expectation {
    switch time {
    case .after(let span): return Expectation(earliest: base + span, latest: base + span)
    case .at(let time): return Expectation(earliest: time, latest: time)
    case .afterBetween(let first, let second):
      return Expectation(earliest: base + first, latest: base + second)
    case .atBetween(let first, let second): return Expectation(earliest: first, latest: second)
    case .any: return Expectation(earliest: nil, latest: nil)
    }
  }

  private mutating func run(command: String) throws(Stop) {
    do throws(ShellCommand.Refusal) {
      try ShellCommand.run(command, &host.settings)
    } catch {
      throw unsupported(error.what)
    }
  }

  // MARK: Time

  /// Moves time to `time`; what is due until then happens.
  mutating func advance(to time: SimTime) throws(Stop) {
    while host.nextDeadline <= time {
      try step()
      try retryWaitingCall()
      if timeOfWaitingPoll <= host.now { try endWaitingPoll() }
    }
    if timeOfWaitingPoll <= time {
      host.now = max(host.now, timeOfWaitingPoll)
      try endWaitingPoll()
    }
    host.now = max(host.now, time)
  }

  /// Lets the next timer run out. A timer that stands still would hold the script for ever.
  private mutating func step() throws(Stop) {
    let before = host.now
    host.step()
    idleSteps = host.now > before ? 0 : idleSteps + 1
    if idleSteps > ScriptDriver.idleLimit {
      throw failed("a timer of the machine runs out again and again without any time between")
    }
  }

  /// Waits for a packet of the host's. Returns nil where none comes in time.
  mutating func nextPacket(until latest: SimTime?) throws(Stop) -> SimulatedHost.Sent? {
    let limit = latest.map { $0 + ScriptDriver.patience } ?? SimTime.never
    while host.outbox.isEmpty {
      let deadline = host.nextDeadline
      guard deadline != .never, deadline <= limit else { return nil }
      try advance(to: deadline)
    }
    return host.outbox.removeFirst()
  }
}

/// When a packet is expected; nil where any time will do.
struct Expectation {
  var earliest: SimTime?
  var latest: SimTime?
}
