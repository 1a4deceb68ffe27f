import NetSim

/// System calls and assertions.
extension ScriptDriver {
  // MARK: Calls

  mutating func make(
    _ call: SystemCall, _ time: ScriptEvent.Time, from base: SimTime
  ) throws(Stop) {
    try finishWaitingCall()
    let start = host.now
    var end = start
    if case .at(let span) = call.ending {
      if case .after = time { end = base + span } else { end = .zero + span }
    }
    note("\(call.name)(…) called", at: start)
    let outcome = host.perform(call)
    if outcome == .blocked {
      if call.ending == .atOnce && call.name != "poll" {
        throw failed("\(call.name) does not return at once: it waits", expected: "\(call)")
      }
      waiting = Waiting(call: call, line: line, start: start, end: end)
      return
    }
    try verify(call, outcome, line: line)
    if call.ending != .atOnce { try verifyEnd(of: call, start: start, end: end, line: line) }
  }

  /// Tries the waiting call again after something happened.
  mutating func retryWaitingCall() throws(Stop) {
    guard let waiting else { return }
    let outcome = host.perform(waiting.call)
    if outcome == .blocked { return }
    self.waiting = nil
    note("\(waiting.call.name)(…) returned", at: host.now)
    try verify(waiting.call, outcome, line: waiting.line)
    try verifyEnd(of: waiting.call, start: waiting.start, end: waiting.end, line: waiting.line)
  }

  /// Lets time pass until the waiting call returns: the application makes one call at a time.
  mutating func finishWaitingCall() throws(Stop) {
    while let waiting {
      let next = min(host.nextDeadline, timeOfWaitingPoll)
      guard next != .never, next <= waiting.end + .seconds(2) else {
        throw failed(
          "\(waiting.call.name) has not returned", expected: "\(waiting.call)", line: waiting.line)
      }
      try advance(to: next)
    }
  }

  /// When a poll that waits gives up.
  var timeOfWaitingPoll: SimTime {
    guard let waiting, waiting.call.name == "poll", let limit = waiting.call.integer(2), limit >= 0
    else { return .never }
    return waiting.start + .milliseconds(min(limit, 1_000_000_000))
  }

  mutating func endWaitingPoll() throws(Stop) {
    guard let waiting else { return }
    self.waiting = nil
    try verify(waiting.call, .returned(0), line: waiting.line)
    try verifyEnd(of: waiting.call, start: waiting.start, end: waiting.end, line: waiting.line)
  }

  private func verifyEnd(
    of call: SystemCall, start: SimTime, end: SimTime, line: Int
  ) throws(Stop) {
    if call.ending == .atOnce { return }
    let tolerance = host.settings.tolerance(after: end - start)
    let isInTime = host.now - end <= tolerance && end - host.now <= tolerance
    if isInTime { return }
    throw failed(
      "\(call.name) was to return at \(TimeText.seconds(end)) (± \(TimeText.seconds(tolerance))) "
        + "and returned at \(TimeText.seconds(host.now))", expected: "\(call)", line: line)
  }

  private func verify(
    _ call: SystemCall, _ outcome: CallOutcome, line: Int
  ) throws(Stop) {
    switch outcome {
    case .blocked: break
    case .unsupported(let what): throw unsupported(what, line: line)
    case .wrong(let message): throw failed(message, expected: "\(call)", line: line)
    case .failed(let name):
      if call.result == .any || (call.result.integer == -1 && call.error == name) { return }
      throw failed("\(call.name) failed with \(name)", expected: "\(call)", line: line)
    case .returned(let value):
      if call.error == nil && (call.result == .any || call.result.integer == value) { return }
      throw failed("\(call.name) returned \(value)", expected: "\(call)", line: line)
    }
  }

  // MARK: Assertions

  mutating func check(_ block: AssertionBlock) throws(Stop) {
    guard let index = host.current else {
      throw failed("there is no connection whose state could be looked at")
    }
    let connection = host.connections[index]
    let now = host.now
    let lookUp = { AssertionNames.value($0, connection, at: now) }
    for (position, statement) in block.statements {
      let evaluator = AssertionEvaluator(lookUp: lookUp, variables: variables)
      try check(statement, evaluator, line: position.line)
    }
  }

  private mutating func check(
    _ statement: AssertionBlock.Statement, _ evaluator: AssertionEvaluator, line: Int
  ) throws(Stop) {
    do throws(AssertionEvaluator.Failure) {
      switch statement {
      case .unsupported(let what): throw .unsupported(what)
      case .assign(let name, let expression):
        variables[name] = try evaluator.value(expression)
      case .print(let expressions):
        var texts: [String] = []
        for expression in expressions { texts.append(try evaluator.value(expression).description) }
        note("print: " + texts.joined(separator: " "), at: host.now)
      case .assert(let condition, let message):
        if try evaluator.value(condition).isTrue { return }
        var text = "this assertion does not hold"
        if let message { text += ": \(try evaluator.value(message))" }
        throw .impossible(text)
      }
    } catch {
      switch error {
      case .unsupported(let what): throw unsupported(what, line: line)
      case .impossible(let message): throw failed(message, line: line)
      }
    }
  }
}
