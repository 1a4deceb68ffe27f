/// The states of a stream as one end sees it (RFC 9113 §5.1).
///
///                           ┌──────────┐
///          promise sent     │   idle   │    promise received
///             ┌─────────────┤          ├─────────────┐
///             │             └────┬─────┘             │
///             │                  │ HEADERS           │
///        reservedLocal           │             reservedRemote
///             │                open                  │
///     HEADERS │    END_STREAM   ╱  ╲   END_STREAM    │ HEADERS
///        sent │      received  ╱    ╲  sent          │ received
///             └── halfClosedRemote  halfClosedLocal ─┘
///                   END_STREAM  ╲  ╱  END_STREAM
///                         sent   ╲╱   received
///                    closed, closedByReset
///
/// The RFC's one state "closed" is two here, because what may still come depends on who closed.
public enum HTTP2StreamState: UInt8, CaseIterable, Sendable {
  /// Nobody has used it.
  case idle
  /// This end, a server, has promised it.
  case reservedLocal
  /// The server has promised it to this end.
  case reservedRemote
  /// Both ends may send.
  case open
  /// This end has sent its last frame.
  case halfClosedLocal
  /// The peer has sent its last frame.
  case halfClosedRemote
  /// Both have, or the peer has reset it: it sends no more, but what it sent before it knew of the
  /// end may arrive.
  case closed
  /// This end has reset it while the peer could send: whatever comes is discarded.
  case closedByReset

  /// Whether it counts towards SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 §5.1.2).
  public var isActive: Bool {
    switch self {
    case .open, .halfClosedLocal, .halfClosedRemote: true
    case .idle, .reservedLocal, .reservedRemote, .closed, .closedByReset: false
    }
  }
}

/// What happens to a stream: a frame, and whether it is its sender's last. CONTINUATION belongs to
/// the frame that it continues.
public enum HTTP2StreamFrame: UInt8, CaseIterable, Sendable {
  case data
  case dataAndEnd
  case headers
  case headersAndEnd
  case priority
  case resetStream
  /// PUSH_PROMISE on this stream, for another one.
  case pushPromise
  /// PUSH_PROMISE on another stream, for this one.
  case promise
  case windowUpdate

  /// What a payload is to the stream of its frame; nil where it is nothing to a stream's state.
  public init?(_ payload: HTTP2Payload) {
    guard let type = payload.type else { return nil }
    self.init(type, isLast: payload.flags.contains(.endStream))
  }

  /// What a frame of a type is to its stream, where it is the sender's last of that or not; nil where
  /// it is nothing to a stream's state.
  public init?(_ type: HTTP2FrameType, isLast: Bool) {
    switch type {
    case .data: self = isLast ? .dataAndEnd : .data
    case .headers: self = isLast ? .headersAndEnd : .headers
    case .priority: self = .priority
    case .resetStream: self = .resetStream
    case .pushPromise: self = .pushPromise
    case .windowUpdate: self = .windowUpdate
    case .settings, .ping, .goAway, .continuation, .priorityUpdate, .alternativeService, .origin:
      return nil
    }
  }
}

/// What a frame does to a stream.
public enum HTTP2StreamStep: Equatable, Sendable {
  /// The stream is now in this state, which may be the same.
  case to(HTTP2StreamState)
  /// Nothing but what concerns the connection: the tables of fields, the connection's window, and a
  /// promised stream (RFC 9113 §5.1, "closed").
  case discard
  /// The stream is to be reset.
  case streamError(HTTP2Violation)
  /// The connection is to end.
  case connectionError(HTTP2Violation)
  /// This end must not send it.
  case forbidden
}

extension HTTP2StreamState {
  /// What a frame does to a stream in this state, when it is sent or received. `isClient` is the role
  /// of this end: streams are opened by clients, and promised by servers.
  public func step(
    _ frame: HTTP2StreamFrame, isSent: Bool, isClient: Bool
  ) -> HTTP2StreamStep {
    let table = isSent ? Self.sent : Self.received
    let step = table[Int(rawValue)][Int(frame.rawValue)]
    // RFC 9113 §5.1: of an idle stream, a client's HEADERS opens it and a server's promise reserves
    // it; nobody else's do.
    guard self == .idle, frame != .priority, (isSent == isClient) == (frame == .promise) else {
      return step
    }
    return isSent ? .forbidden : .connectionError(.frameInState)
  }

  /// Takes a frame. Gives whether there is anything to be done about it beyond the connection;
  /// `streamID` is for the error.
  public mutating func receive(
    _ frame: HTTP2StreamFrame, streamID: UInt32, isClient: Bool
  ) throws(HTTP2Error) -> Bool {
    switch step(frame, isSent: false, isClient: isClient) {
    case .to(let state):
      self = state
      return true
    case .discard: return false
    case .streamError(let violation): throw HTTP2Error(violation, .stream(streamID))
    case .connectionError(let violation): throw HTTP2Error(violation)
    case .forbidden: preconditionFailure("what is received is not forbidden to this end")
    }
  }

  /// Notes that a frame is sent, which the state must allow.
  public mutating func send(_ frame: HTTP2StreamFrame, isClient: Bool) {
    guard case .to(let state) = step(frame, isSent: true, isClient: isClient) else {
      preconditionFailure("the state of the stream does not allow the frame")
    }
    self = state
  }

  /// RFC 9113 §5.1: "a connection error of type PROTOCOL_ERROR".
  private static let wrong = HTTP2StreamStep.connectionError(.frameInState)
  /// RFC 9113 §5.1, "half-closed (remote)": a stream error of type STREAM_CLOSED.
  private static let late = HTTP2StreamStep.streamError(.streamClosed)
  /// RFC 9113 §5.1, "closed": a connection error of type STREAM_CLOSED.
  private static let ended = HTTP2StreamStep.connectionError(.streamClosed)

  /// What a received frame does: a row for each state, a column for each frame, in their order.
  private static let received: [[HTTP2StreamStep]] = [
    // data, data and end, headers, headers and end,
    // priority, reset, push promise, promise, window update
    [
      wrong, wrong, .to(.open), .to(.halfClosedRemote),
      .to(.idle), wrong, wrong, .to(.reservedRemote), wrong,
    ],
    [
      wrong, wrong, wrong, wrong,
      .to(.reservedLocal), .to(.closed), wrong, wrong, .to(.reservedLocal),
    ],
    [
      wrong, wrong, .to(.halfClosedLocal), .to(.closed),
      .to(.reservedRemote), .to(.closed), wrong, wrong, wrong,
    ],
    [
      .to(.open), .to(.halfClosedRemote), .to(.open), .to(.halfClosedRemote),
      .to(.open), .to(.closed), .to(.open), wrong, .to(.open),
    ],
    [
      .to(.halfClosedLocal), .to(.closed), .to(.halfClosedLocal), .to(.closed),
      .to(.halfClosedLocal), .to(.closed), .to(.halfClosedLocal), wrong, .to(.halfClosedLocal),
    ],
    // RFC 9113 §6.6: PUSH_PROMISE is wrong but in open and half-closed (local).
    [
      late, late, late, late,
      .to(.halfClosedRemote), .to(.closed), wrong, wrong, .to(.halfClosedRemote),
    ],
    // RFC 9113 §6.9: WINDOW_UPDATE is no error here.
    [
      ended, ended, ended, ended,
      .to(.closed), .discard, wrong, wrong, .discard,
    ],
    [
      .discard, .discard, .discard, .discard,
      .to(.closedByReset), .discard, .discard, wrong, .discard,
    ],
  ]

  /// What a frame does when it is sent. Behind a reset, the peer may still send what it had not ended
  /// before.
  private static let sent: [[HTTP2StreamStep]] = [
    // data, data and end, headers, headers and end,
    // priority, reset, push promise, promise, window update
    [
      .forbidden, .forbidden, .to(.open), .to(.halfClosedLocal),
      .to(.idle), .forbidden, .forbidden, .to(.reservedLocal), .forbidden,
    ],
    [
      .forbidden, .forbidden, .to(.halfClosedRemote), .to(.closed),
      .to(.reservedLocal), .to(.closed), .forbidden, .forbidden, .forbidden,
    ],
    [
      .forbidden, .forbidden, .forbidden, .forbidden,
      .to(.reservedRemote), .to(.closedByReset), .forbidden, .forbidden, .to(.reservedRemote),
    ],
    [
      .to(.open), .to(.halfClosedLocal), .to(.open), .to(.halfClosedLocal),
      .to(.open), .to(.closedByReset), .to(.open), .forbidden, .to(.open),
    ],
    [
      .forbidden, .forbidden, .forbidden, .forbidden,
      .to(.halfClosedLocal), .to(.closedByReset), .forbidden, .forbidden, .to(.halfClosedLocal),
    ],
    [
      .to(.halfClosedRemote), .to(.closed), .to(.halfClosedRemote), .to(.closed),
      .to(.halfClosedRemote), .to(.closed), .to(.halfClosedRemote), .forbidden,
      .to(.halfClosedRemote),
    ],
    [
      .forbidden, .forbidden, .forbidden, .forbidden,
      .to(.closed), .forbidden, .forbidden, .forbidden, .forbidden,
    ],
    [
      .forbidden, .forbidden, .forbidden, .forbidden,
      .to(.closedByReset), .forbidden, .forbidden, .forbidden, .forbidden,
    ],
  ]
}
