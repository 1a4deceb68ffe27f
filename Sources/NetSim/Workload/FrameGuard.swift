/// How an end reads frames of which nobody knows whether they are right: by the rules of RFC 9113.
///
/// What the simulator's own ends send is right by construction; this is kept only where a scenario
/// injects frames.
struct FrameGuard {
  /// The end that reads.
  let side: Side
  private var rules: HTTP2FrameRules
  private var settings = HTTP2Settings()
  private var decoder: HPACKDecoder
  private var block: [UInt8] = []
  private(set) var numbers = HTTP2StreamNumbers()
  /// Streams that were opened by what was injected, and their states.
  private var strangers: [(stream: UInt32, state: HTTP2StreamState)] = []

  init(_ side: Side, _ policy: HTTP2EndPolicy) {
    self.side = side
    rules = HTTP2FrameRules(
      isFromClient: side == .server, isBegun: true, maximumBlockBytes: policy.mostBlockBytes)
    rules.maximumFrameBytes = UInt32(clamping: policy.maxFrameSize)
    decoder = HPACKDecoder(maximumListBytes: policy.mostListBytes)
  }

  /// Takes a frame of the peer's stack, which can stand in the wrong place only.
  mutating func takeOwn(_ frame: SessionFrame) throws(HTTP2Error) {
    if frame.type == .continuation { return }
    try rules.take(
      HTTP2FrameHeader(
        length: UInt32(clamping: frame.length), typeNumber: frame.type.rawValue,
        flags: frame.type.carriesFields ? .endHeaders : [], streamID: frame.stream))
    if frame.type == .headers && side == .server {
      try numbers.open(frame.stream, byClient: true)
    }
  }

  /// Takes an injected frame and gives what it says; `state` is that of its stream where the session
  /// knows it. Nil where nothing is to be done about it.
  mutating func take(
    _ injection: HTTP2Injection, state known: HTTP2StreamState?
  ) throws(HTTP2Error) -> HTTP2Payload? {
    let header = injection.header
    try rules.take(header)
    var payload = try HTTP2Payload(header, injection.filledPayload)
    if !payload.isMeant(onStream: header.streamID, fromClient: side == .server) {
      payload = .ignored(type: header.typeNumber)
    }
    try rules.take(payload, streamID: header.streamID)
    try takeFields(payload, header.streamID)
    if case .settings(let values) = payload {
      try settings.apply(values, fromClient: side == .server)
    }
    guard let frame = HTTP2StreamFrame(payload), header.streamID > 0 else { return payload }
    return try follow(frame, on: header.streamID, known) ? payload : nil
  }

  /// Decodes a block of fields when it is whole (RFC 9113 §4.3).
  private mutating func takeFields(
    _ payload: HTTP2Payload, _ stream: UInt32
  ) throws(HTTP2Error) {
    let isWhole: Bool
    switch payload {
    case .headers(let fragment, _, _, _, let endsBlock):
      (block, isWhole) = (fragment, endsBlock)
    case .pushPromise(_, let fragment, _, let endsBlock): (block, isWhole) = (fragment, endsBlock)
    case .continuation(let fragment, let endsBlock):
      block += fragment
      isWhole = endsBlock
    default: return
    }
    if !isWhole { return }
    let list: HeaderList
    do throws(HPACKError) { list = try decoder.decode(block) } catch {
      throw HTTP2Error(.fields(error))
    }
    // The tables still agree, so that only the stream ends.
    if !list.isWhole { throw HTTP2Error(.listTooLong, .stream(stream)) }
  }

  /// Whether a stream's state lets a frame mean something.
  private mutating func follow(
    _ frame: HTTP2StreamFrame, on stream: UInt32, _ known: HTTP2StreamState?
  ) throws(HTTP2Error) -> Bool {
    var state =
      known ?? strangers.last { $0.stream == stream }?.state
      ?? numbers.stateOfUnknown(stream)
    let wasIdle = state == .idle
    let isTaken = try state.receive(frame, streamID: stream, isClient: side == .client)
    if wasIdle && state != .idle { try numbers.open(stream, byClient: side == .server) }
    if known == nil {
      strangers.removeAll { $0.stream == stream }
      strangers.append((stream, state))
    }
    return isTaken
  }
}
