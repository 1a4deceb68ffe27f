import NetSim
import TestSupport
import Testing

@Suite struct HTTP2StreamStateTests {
  /// What stands in the tables below.
  private static func word(_ step: HTTP2StreamStep, from state: HTTP2StreamState) -> String {
    switch step {
    case .to(let next) where next == state: "stay"
    case .to(.idle): "idle"
    case .to(.reservedLocal): "resL"
    case .to(.reservedRemote): "resR"
    case .to(.open): "open"
    case .to(.halfClosedLocal): "hclL"
    case .to(.halfClosedRemote): "hclR"
    case .to(.closed): "clos"
    case .to(.closedByReset): "cloR"
    case .discard: "drop"
    case .streamError(.streamClosed): "SCLO"
    case .connectionError(.streamClosed): "CCLO"
    case .connectionError(.frameInState): "CPRO"
    case .forbidden: "----"
    case .streamError, .connectionError: "else"
    }
  }

  private func table(isSent: Bool, isClient: Bool) -> [String] {
    HTTP2StreamState.allCases.map { state in
      HTTP2StreamFrame.allCases.map { frame in
        Self.word(state.step(frame, isSent: isSent, isClient: isClient), from: state)
      }.joined(separator: " ")
    }
  }

  // The columns: DATA, the same with END_STREAM, HEADERS, the same with END_STREAM, PRIORITY,
  // RST_STREAM, PUSH_PROMISE on the stream, PUSH_PROMISE for the stream, WINDOW_UPDATE.

  @Test("What a server does with a received frame (RFC 9113 §5.1, §6.6, §6.9)")
  func receivedByServer() {
    #expect(
      table(isSent: false, isClient: false) == [
        "CPRO CPRO open hclR stay CPRO CPRO CPRO CPRO",  // idle
        "CPRO CPRO CPRO CPRO stay clos CPRO CPRO stay",  // reserved (local)
        "CPRO CPRO hclL clos stay clos CPRO CPRO CPRO",  // reserved (remote)
        "stay hclR stay hclR stay clos stay CPRO stay",  // open
        "stay clos stay clos stay clos stay CPRO stay",  // half-closed (local)
        "SCLO SCLO SCLO SCLO stay clos CPRO CPRO stay",  // half-closed (remote)
        "CCLO CCLO CCLO CCLO stay drop CPRO CPRO drop",  // closed
        "drop drop drop drop stay drop drop CPRO drop",  // closed by a reset from here
      ])
  }

  @Test("A client takes promises, and nobody opens a stream to it (RFC 9113 §5.1)")
  func receivedByClient() {
    let server = table(isSent: false, isClient: false)
    let client = table(isSent: false, isClient: true)
    #expect(client[0] == "CPRO CPRO CPRO CPRO stay CPRO CPRO resR CPRO")
    #expect(client.dropFirst() == server.dropFirst())
  }

  @Test("What a client may send (RFC 9113 §5.1, §6.4)")
  func sentByClient() {
    #expect(
      table(isSent: true, isClient: true) == [
        "---- ---- open hclL stay ---- ---- ---- ----",  // idle
        "---- ---- hclR clos stay clos ---- ---- ----",  // reserved (local)
        "---- ---- ---- ---- stay cloR ---- ---- stay",  // reserved (remote)
        "stay hclL stay hclL stay cloR stay ---- stay",  // open
        "---- ---- ---- ---- stay cloR ---- ---- stay",  // half-closed (local)
        "stay clos stay clos stay clos stay ---- stay",  // half-closed (remote)
        "---- ---- ---- ---- stay ---- ---- ---- ----",  // closed
        "---- ---- ---- ---- stay ---- ---- ---- ----",  // closed by a reset from here
      ])
  }

  @Test("A server promises streams and does not open them (RFC 9113 §5.1)")
  func sentByServer() {
    let client = table(isSent: true, isClient: true)
    let server = table(isSent: true, isClient: false)
    #expect(server[0] == "---- ---- ---- ---- stay ---- ---- resL ----")
    #expect(server.dropFirst() == client.dropFirst())
  }

  @Test("A request and its response, and a pushed response (RFC 9113 §8.4, §8.8)")
  func exchanges() throws {
    var client = HTTP2StreamState.idle
    var server = HTTP2StreamState.idle
    client.send(.headersAndEnd, isClient: true)
    #expect(client == .halfClosedLocal)
    #expect(try server.receive(.headersAndEnd, streamID: 1, isClient: false))
    #expect(server == .halfClosedRemote)
    server.send(.headers, isClient: false)
    server.send(.dataAndEnd, isClient: false)
    #expect(server == .closed)
    #expect(try client.receive(.headers, streamID: 1, isClient: true))
    #expect(try client.receive(.dataAndEnd, streamID: 1, isClient: true))
    #expect(client == .closed)
    var pushed = HTTP2StreamState.idle
    #expect(try pushed.receive(.promise, streamID: 2, isClient: true))
    #expect(!pushed.isActive)
    #expect(try pushed.receive(.headers, streamID: 2, isClient: true))
    #expect(pushed.isActive)
    #expect(try pushed.receive(.dataAndEnd, streamID: 2, isClient: true))
    #expect(pushed == .closed)
  }

  @Test("Errors have the code and the scope that the RFC gives them")
  func errors() {
    var state = HTTP2StreamState.halfClosedRemote
    var error = #expect(throws: HTTP2Error.self) {
      try state.receive(.data, streamID: 5, isClient: false)
    }
    #expect(error?.code.name == "STREAM_CLOSED")
    #expect(error?.scope == .stream(5))
    state = .closed
    error = #expect(throws: HTTP2Error.self) {
      try state.receive(.headers, streamID: 5, isClient: false)
    }
    #expect(error?.code.name == "STREAM_CLOSED")
    #expect(error?.scope == .connection)
    state = .idle
    error = #expect(throws: HTTP2Error.self) {
      try state.receive(.windowUpdate, streamID: 5, isClient: false)
    }
    #expect(error?.code.name == "PROTOCOL_ERROR")
    #expect(error?.scope == .connection)
    #expect(state == .idle)
  }

  @Test("Only frames of streams change a stream's state")
  func framesOfStreams() {
    #expect(HTTP2StreamFrame(.data(content: [], padding: nil, endsStream: true)) == .dataAndEnd)
    #expect(HTTP2StreamFrame(.windowUpdate(1)) == .windowUpdate)
    #expect(HTTP2StreamFrame(.ping(0, isAcknowledgement: false)) == nil)
    #expect(HTTP2StreamFrame(.continuation(fragment: [], endsBlock: true)) == nil)
    #expect(HTTP2StreamFrame(.ignored(type: 99)) == nil)
  }

  // MARK: Two ends

  /// One stream at both ends, with the frames under way in each direction.
  private struct Pair {
    var states = [HTTP2StreamState.idle, .idle]  // the server's, the client's
    var underWay: [[HTTP2StreamFrame]] = [[], []]  // to the server, to the client

    mutating func send(_ frame: HTTP2StreamFrame, from end: Int) {
      states[end].send(frame, isClient: end == 1)
      underWay[1 - end].append(frame)
    }

    mutating func deliver(to end: Int) throws {
      guard !underWay[end].isEmpty else { return }
      let frame = underWay[end].removeFirst()
      _ = try states[end].receive(frame, streamID: 1, isClient: end == 1)
    }

    /// What an end may send. Only a server promises, and a promise is a stream's beginning.
    func allowed(_ end: Int) -> [HTTP2StreamFrame] {
      HTTP2StreamFrame.allCases.filter { frame in
        guard case .to = states[end].step(frame, isSent: true, isClient: end == 1) else {
          return false
        }
        return frame != .pushPromise || end == 0
      }
    }
  }

  @Test("Ends that send what they may never find each other in error, however frames cross")
  func crossing() throws {
    for seed in UInt64(1)...2_000 {
      var generator = SeededGenerator(seed: seed)
      var pair = Pair()
      for _ in 0..<40 {
        let end = Int.random(in: 0...1, using: &generator)
        if Bool.random(using: &generator) {
          #expect(throws: Never.self, "seed \(seed)") { try pair.deliver(to: end) }
        } else if let frame = pair.allowed(end).randomElement(using: &generator) {
          // The stream begins at one end: both can only begin it in turn.
          let isBeginning = pair.states[end] == .idle && frame != .priority
          guard !isBeginning || (pair.states[1 - end] == .idle) else { continue }
          pair.send(frame, from: end)
        }
      }
      for _ in 0..<80 {
        for end in 0...1 {
          #expect(throws: Never.self, "seed \(seed)") { try pair.deliver(to: end) }
        }
      }
      let endings: [HTTP2StreamState] = [.closed, .closedByReset]
      #expect(
        endings.contains(pair.states[0]) == endings.contains(pair.states[1]), "seed \(seed)")
    }
  }

  // MARK: Identifiers

  @Test("Identifiers are odd for clients, even for servers, and grow (RFC 9113 §5.1.1)")
  func numbers() throws {
    var numbers = HTTP2StreamNumbers()
    #expect(numbers.next(forClient: true) == 1)
    #expect(numbers.next(forClient: false) == 2)
    try numbers.open(5, byClient: true)
    #expect(numbers.next(forClient: true) == 7)
    // 1 and 3 were idle and are closed now; 2 is the server's.
    #expect(numbers.stateOfUnknown(3) == .closed)
    #expect(numbers.stateOfUnknown(5) == .closed)
    #expect(numbers.stateOfUnknown(7) == .idle)
    #expect(numbers.stateOfUnknown(2) == .idle)
    try numbers.open(4, byClient: false)
    #expect(numbers.stateOfUnknown(2) == .closed)
    for (streamID, byClient) in [
      (0, true), (0, false), (3, true), (5, true), (8, true), (4, false), (7, false),
    ] {
      #expect(throws: HTTP2Error(.streamIdentifier), "\(streamID)") {
        try numbers.open(UInt32(streamID), byClient: byClient)
      }
    }
    try numbers.open(0x7FFF_FFFF, byClient: true)
    #expect(numbers.next(forClient: true) == nil)
    #expect(numbers.next(forClient: false) == 6)
  }
}
