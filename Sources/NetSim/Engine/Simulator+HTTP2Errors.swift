/// Frames that break a rule or a limit, and what the end does that reads them (RFC 9113 §5.4, §10.5).
extension Simulator {
  // MARK: Sending them

  /// A connection has begun: what the scenario injects is sent at its times.
  mutating func beginInjecting(on connection: Int, _ session: Int) {
    if sessions[session].injections.isEmpty { return }
    sessions[session].beganAt = now
    awaitInjection(on: connection, session)
  }

  private mutating func awaitInjection(on connection: Int, _ session: Int) {
    var next = SimTime.never
    for injection in sessions[session].injections.indices {
      next = min(next, sessions[session].nextTime(of: injection) ?? .never)
    }
    if next < .never { queue.schedule(Target(.injection, connection).rawValue, at: next) }
  }

  /// Sends what is due of what the scenario injects, all that one end has at once in one write.
  mutating func inject(on connection: Int) {
    guard let session = connections[connection].session else { return }
    for side in [Side.client, .server] {
      var frames: [SessionFrame] = []
      for (index, injection) in sessions[session].injections.enumerated()
      where injection.sender == side {
        while let time = sessions[session].nextTime(of: index), time <= now {
          sessions[session].injected[index] += 1
          frames.append(SessionFrame(injection, index: index))
          keepTo(injection, on: connection, session)
        }
      }
      let endpoint = side.endpoint(of: connection)
      guard !frames.isEmpty, endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else {
        continue
      }
      write(frames, at: endpoint)
    }
    awaitInjection(on: connection, session)
  }

  /// Who injects a reset of its own stream keeps to it.
  private mutating func keepTo(
    _ injection: HTTP2Injection, on connection: Int, _ session: Int
  ) {
    let stream = injection.header.streamID
    guard injection.header.type == .resetStream, injection.header.length == 4,
      sessions[session].knows(stream)
    else { return }
    let index = sessions[session].slot(of: stream)
    if injection.sender == .server {
      if sessions[session].streams[index].takesAnswer {
        endAnswer(of: index, byReset: true, session)
      }
    } else if !sessions[session].streams[index].isClosed {
      let request = Int(sessions[session].streams[index].request)
      close(stream: index, byReset: true, session)
      noteFailure(of: request, .cancelled, forgetsConnection: false)
      streamEnded(on: connection, session)
      askMore(after: request)
    }
  }

  mutating func recordInjection(_ placed: PlacedFrame, _ side: Side, _ connection: Int) {
    let frame = placed.frame
    log.recordMilestone(
      EventRecord(
        time: now, kind: .frameInjected, connection: UInt32(connection), side: side,
        item: UInt32(frame.injection), offset: placed.start,
        length: UInt32(clamping: frame.bytes), detail: frame.type.rawValue))
  }

  // MARK: Reading them

  /// An end reads a frame, by the rules where it may break them. Returns whether the connection goes on.
  mutating func passes(_ frame: SessionFrame, at endpoint: Int, _ session: Int) -> Bool {
    let side = Side(ofEndpoint: endpoint)
    do throws(HTTP2Error) {
      try countAgainstLimits(frame, side, session)
      if sessions[session].guards.isEmpty {
        try read(frame, at: endpoint, session)
      } else if frame.injection < 0 {
        try sessions[session].guards[Int(side.rawValue)].takeOwn(frame)
        try read(frame, at: endpoint, session)
      } else {
        try takeInjected(frame, at: endpoint, session)
      }
      return true
    } catch {
      return endFor(error, at: endpoint, session)
    }
  }

  /// Counts what costs the peer nothing (RFC 9113 §10.5).
  private mutating func countAgainstLimits(
    _ frame: SessionFrame, _ side: Side, _ session: Int
  ) throws(HTTP2Error) {
    switch frame.type {
    case .resetStream:
      if !(sessions[session][side].resets?.take(at: now) ?? true) {
        throw HTTP2Error(.resetFlood)
      }
    case .settings, .ping, .priority, .priorityUpdate, .data:
      let isEmptyData = frame.type == .data && frame.length == 0 && !frame.isFlagged
      if frame.type != .data || isEmptyData,
        !(sessions[session][side].controls?.take(at: now) ?? true)
      {
        throw HTTP2Error(.controlFlood)
      }
    case .headers, .pushPromise, .goAway, .windowUpdate, .continuation, .alternativeService,
      .origin:
      break
    }
  }

  private mutating func takeInjected(
    _ frame: SessionFrame, at endpoint: Int, _ session: Int
  ) throws(HTTP2Error) {
    let side = Side(ofEndpoint: endpoint)
    let injection = sessions[session].injections[Int(frame.injection)]
    let stream = injection.header.streamID
    let isKnown = sessions[session].knows(stream)
    var state: HTTP2StreamState?
    if isKnown {
      let known = sessions[session][stream: stream]
      state = side == .client ? known.clientState : known.serverState
    }
    let payload = try sessions[session].guards[Int(side.rawValue)].take(injection, state: state)
    guard let payload else { return }
    switch payload {
    case .settings(let values): try takeInjected(values, side, session)
    case .windowUpdate(let increment):
      try takeInjected(increment: Int64(increment), stream, side, session)
    case .data: try takeInjectedData(injection, isKnown: isKnown, side, session)
    case .ping(_, isAcknowledgement: false):
      try readPing(.ping(), at: endpoint, session)
    case .resetStream(let code):
      if isKnown {
        readReset(.reset(stream, code), at: endpoint, session)
      }
    case .goAway(let last, _, _):
      if side == .client {
        readGoAway(.goAway(after: last), on: endpoint / 2, session)
      }
    case .headers, .priority, .settingsAcknowledgement, .pushPromise, .ping, .continuation,
      .priorityUpdate, .alternativeService, .origin, .ignored:
      break
    }
  }

  private mutating func takeInjected(
    _ values: [HTTP2Setting], _ side: Side, _ session: Int
  ) throws(HTTP2Error) {
    for setting in values {
      switch setting.identifier {
      case .initialWindowSize:
        let more = Int64(setting.value) - sessions[session][side].peerStreamWindow
        sessions[session][side].peerStreamWindow = Int64(setting.value)
        if side == .server { try widen(by: more, session) }
      case .maxFrameSize: sessions[session][side].peerFrameSize = Int64(setting.value)
      case .maxConcurrentStreams:
        if side == .client { sessions[session].client.mostStreams = Int(setting.value) }
      default: break
      }
    }
    owe(SessionFrame(type: .settings, isFlagged: true), side, session)
  }

  /// Every open stream's window changes with the first one (RFC 9113 §6.9.2).
  private mutating func widen(by more: Int64, _ session: Int) throws(HTTP2Error) {
    for index in sessions[session].streams.indices
    where sessions[session].streams[index].takesAnswer {
      sessions[session].streams[index].window += more
      if sessions[session].streams[index].window > HTTP2EndPolicy.mostWindow {
        throw HTTP2Error(.windowOverflow)
      }
      enroll(sessions[session].streams[index].number, session)
    }
  }

  private mutating func takeInjected(
    increment: Int64, _ stream: UInt32, _ side: Side, _ session: Int
  ) throws(HTTP2Error) {
    if stream == 0 {
      sessions[session][side].window += increment
      if sessions[session][side].window > HTTP2EndPolicy.mostWindow {
        throw HTTP2Error(.windowOverflow)
      }
    } else if side == .server && sessions[session].knows(stream) {
      let index = sessions[session].slot(of: stream)
      sessions[session].streams[index].window += increment
      if sessions[session].streams[index].window > HTTP2EndPolicy.mostWindow {
        throw HTTP2Error(.windowOverflow, .stream(stream))
      }
      enroll(stream, session)
    }
  }

  /// What a receiver grants less what came and was not given back is what may come (RFC 9113 §6.9.1).
  private mutating func takeInjectedData(
    _ injection: HTTP2Injection, isKnown: Bool, _ side: Side, _ session: Int
  ) throws(HTTP2Error) {
    let (end, bytes) = (sessions[session][side], Int64(injection.header.length))
    if bytes > end.connectionWindow - end.unreturned {
      throw HTTP2Error(.windowExceeded)
    }
    let stream = injection.header.streamID
    guard isKnown, side == .client else { return }
    let unreturned = sessions[session][stream: stream].unreturned
    if bytes > end.streamWindow - unreturned {
      throw HTTP2Error(.windowExceeded, .stream(stream))
    }
    returnWindow(
      bytes, of: SessionFrame(type: .data, stream: stream, length: bytes), to: side, session,
      endsStream: false)
  }

  // MARK: Ending for them

  /// An end ends what an error reaches: a stream with RST_STREAM, the connection with GOAWAY
  /// (RFC 9113 §5.4). Returns whether the connection goes on.
  private mutating func endFor(_ error: HTTP2Error, at endpoint: Int, _ session: Int) -> Bool {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    record(error, side, connection)
    switch error.scope {
    case .stream(let stream):
      endFor(error.code, stream, at: endpoint, session)
      return true
    case .connection:
      if side == .server {
        closeServer(connection, error.code)
      } else {
        owe(.goAway(after: 0, error.code), side, session)
        payOwed(at: endpoint, session)
        let client = connections[connection].client
        lose(connection)
        closeClient(connection)
        closeIfFinished(client)
      }
      return false
    }
  }

  private mutating func endFor(
    _ code: HTTP2ErrorCode, _ stream: UInt32, at endpoint: Int, _ session: Int
  ) {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    guard sessions[session].knows(stream) else {
      return owe(.reset(stream, code), side, session)
    }
    let request = Int(sessions[session][stream: stream].request)
    let wasOpen = !sessions[session][stream: stream].isClosed
    reset(stream, code, by: side, on: connection, session)
    if side == .client && wasOpen {
      noteFailure(of: request, .reset, forgetsConnection: false)
      askMore(after: request)
    }
  }

  mutating func record(_ error: HTTP2Error, _ side: Side, _ connection: Int) {
    guard log.level > .totals else { return }
    var stream: UInt32 = 0
    if case .stream(let number) = error.scope { stream = number }
    log.recordMilestone(
      EventRecord(
        time: now, kind: .frameError, connection: UInt32(connection), side: side, item: stream,
        offset: Int64(error.violation.number),
        detail: UInt8(truncatingIfNeeded: error.code.rawValue)))
  }
}

extension SessionFrame {
  /// The frame of an injection, whatever its type; the length is right.
  init(_ injection: HTTP2Injection, index: Int) {
    self.init(
      type: injection.header.type ?? .ping, stream: injection.header.streamID,
      length: Int64(injection.header.length), injection: Int32(index))
  }
}
