/// Streams: what the application writes and is given, and their windows (RFC 9000 §2 to §4).
extension QUICEndpoint {
  // MARK: The application's side

  /// Where a stream stands, which is opened if it was not.
  mutating func open(_ number: UInt32) -> Int {
    let (limit, granted) = (peerPolicy.streamWindow, policy.streamWindow)
    return streams.open(number) { next in
      var stream = QUICStream(next)
      stream.limit = limit
      stream.granted = granted
      return stream
    }
  }

  /// Whether another stream in both directions may be opened.
  @inline(__always)
  func mayOpenStream(beside others: Int = 0) -> Bool {
    Int64(streams.count(kind: side == .client ? 0 : 1) + others) < mostStreams
  }

  /// Hands over bytes of a stream, and its end if that is one. Returns the position of the first.
  @discardableResult
  mutating func write(
    _ bytes: Int64, on number: UInt32, isLast: Bool, isCritical: Bool = false
  ) -> Int64 {
    let place = open(number)
    precondition(!streams[place].isEnded, "writing behind the end of a stream")
    let start = streams[place].written
    streams[place].written += bytes
    if isLast { streams[place].isEnded = true }
    enroll(place, isCritical: isCritical)
    return start
  }

  private mutating func enroll(_ place: Int, isCritical: Bool) {
    if streams[place].isWaiting || streams[place].isReset { return }
    streams[place].isWaiting = true
    if isCritical {
      critical.append(streams[place].number)
    } else if !waiting.add(streams[place].number + 1) {
      streams[place].isWaiting = false
    }
  }

  /// How much of a stream has come in order.
  @inline(__always)
  func delivered(of number: UInt32) -> Int64 {
    streams.place(of: number).map { streams[$0].delivered } ?? 0
  }

  /// The position after the last byte that was written to a stream.
  func written(on number: UInt32) -> Int64 {
    streams.place(of: number).map { streams[$0].written } ?? 0
  }

  /// Whether a stream takes nothing more.
  func isReset(_ number: UInt32) -> Bool {
    streams.place(of: number).map { streams[$0].isReset } ?? false
  }

  /// The next stream on which something came; nil where there is none.
  mutating func nextNews() -> UInt32? { news.isEmpty ? nil : news.removeFirst() }

  /// The application has no use for what comes of a stream before everything up to `end` is there.
  mutating func holdNews(of number: UInt32, upTo end: Int64) {
    if let place = streams.place(of: number) { streams[place].awaited = end }
  }

  /// The peer says how urgent a stream is (RFC 9218 §4).
  mutating func prioritize(_ number: UInt32, _ priority: HTTPPriority) {
    let isWaiting = streams.place(of: number).map { streams[$0].isWaiting } ?? false
    if priority != HTTPPriority() {
      waiting.update(number + 1, priority, isWaiting: isWaiting)
    }
  }

  /// Whether a stream has come whole.
  func hasEnded(_ number: UInt32) -> Bool {
    streams.place(of: number).map { streams[$0].isReadWhole } ?? false
  }

  // MARK: What comes

  mutating func receiveStream(
    _ frame: QUICItem, packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    let place = open(frame.stream)
    if streams[place].isReset && isStreamAware {
      if frame.isLast { settle(place, at: frame.offset + frame.length) }
      return
    }
    if frame.isLast { streams[place].finalSize = frame.offset + frame.length }
    if frame.length > 0 {
      let span = Reassembly.Span(start: frame.offset, end: frame.offset + frame.length)
      let before = streams[place].received.front
      let arrival = streams[place].received.receive(span)
      if arrival == .duplicate { return }
      if isStreamAware {
        if arrival == .buffered {
          logStream(.streamBuffered, frame.stream, span.start, frame.length, at: now, &log)
        } else {
          deliver(place, from: before, to: streams[place].received.front, at: now, &log)
        }
      } else {
        deliverInOrder(place, frame, at: now, &log)
      }
    }
    hear(of: place)
  }

  @inline(__always)
  private mutating func hear(of place: Int) {
    news.append(streams[place].number)
    if streams[place].delivered >= streams[place].awaited { hasNews = true }
    closeIfOver(place)
  }

  /// Bytes of a stream are given to the application, which reads them at once.
  @inline(__always)
  private mutating func deliver(
    _ place: Int, from before: Int64, to end: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    streams[place].delivered = end
    let number = streams[place].number
    log.fold(now, .streamDelivered, connection, Int64(number) << 40 ^ end)
    logStream(.streamDelivered, number, before, end - before, at: now, &log)
    readBytes += end - before
    grant(place)
  }

  /// Gives windows back once half of one has been read, to streams that go on.
  @inline(__always)
  private mutating func grant(_ place: Int) {
    let window = policy.streamWindow
    let more = streams[place].delivered + window - streams[place].granted
    if more * 2 > window && streams[place].finalSize == nil {
      streams[place].granted += more
      control.append(
        QUICItem(
          kind: .maxStreamData, stream: streams[place].number, offset: streams[place].granted))
    }
    grantAll()
  }

  /// Gives the window of all streams back once half of it has been read.
  @inline(__always)
  private mutating func grantAll() {
    let all = readBytes + policy.connectionWindow - connectionGranted
    if all * 2 > policy.connectionWindow {
      connectionGranted += all
      control.append(QUICItem(kind: .maxData, offset: connectionGranted))
    }
  }

  @inline(__always)
  private mutating func closeIfOver(_ place: Int) {
    if streams[place].isJustOver { close(place) }
  }

  /// Both ends are done with a stream: its peer may open another (RFC 9000 §4.6).
  private mutating func close(_ place: Int) {
    streams[place].isOver = true
    let isBidirectional = streams[place].isBidirectional
    let isPeers = (streams[place].number & 1 == 0) == (side == .server)
    // Nobody has to be told of a limit that nobody reaches.
    guard policy.mostStreams < QUICEndPolicy.unlimitedStreams, isPeers, isBidirectional else {
      return
    }
    grantedStreams += 1
    for index in 0..<control.count where control[index].kind == .maxStreams {
      control[index].offset = grantedStreams
      return
    }
    control.append(QUICItem(kind: .maxStreams, offset: grantedStreams))
  }

  // MARK: Streams that are not told apart

  /// Bytes reach the application in the order in which they were first sent, whatever their stream.
  private mutating func deliverInOrder(
    _ place: Int, _ frame: QUICItem, at now: SimTime, _ log: inout EventLog
  ) {
    let span = Reassembly.Span(start: frame.order, end: frame.order + frame.length)
    streams[place].pieces.append(
      SentPiece(start: frame.offset, end: frame.offset + frame.length, order: frame.order))
    if ordered.receive(span) == .buffered {
      logStream(.streamBuffered, frame.stream, frame.offset, frame.length, at: now, &log)
    }
    for other in streams.indices where !streams[other].pieces.isEmpty {
      release(other, at: now, &log)
    }
  }

  /// Delivers what has come of a stream and lies before the first hole of all.
  private mutating func release(_ place: Int, at now: SimTime, _ log: inout EventLog) {
    var end = streams[place].delivered
    var isChanged = true
    while isChanged {
      isChanged = false
      for _ in 0..<streams[place].pieces.count {
        let piece = streams[place].pieces.removeFirst()
        if piece.start <= end && piece.order + (piece.end - piece.start) <= ordered.front {
          if piece.end > end { (end, isChanged) = (piece.end, true) }
        } else {
          streams[place].pieces.append(piece)
        }
      }
    }
    if end > streams[place].delivered {
      deliver(place, from: streams[place].delivered, to: end, at: now, &log)
      hear(of: place)
    }
  }

  // MARK: What the peer takes

  /// The peer takes more of a stream.
  mutating func raise(_ number: UInt32, to limit: Int64) {
    guard let place = streams.place(of: number), limit > streams[place].limit else { return }
    streams[place].limit = limit
    if streams[place].isHeld { resume(place) }
  }

  /// The peer takes more of all streams.
  mutating func releaseHeld() {
    for place in streams.indices where streams[place].isHeld { resume(place) }
  }

  /// A window holds a stream no longer.
  private mutating func resume(_ place: Int) {
    streams[place].isHeld = false
    enroll(place, isCritical: false)
  }

  mutating func streamArrived(_ frame: QUICItem) {
    guard let place = streams.place(of: frame.stream) else { return }
    if frame.length > 0 {
      _ = streams[place].acknowledged.receive(
        Reassembly.Span(start: frame.offset, end: frame.offset + frame.length))
    }
    if frame.isLast { streams[place].endWasAcknowledged = true }
    closeIfOver(place)
  }

  /// A piece of a stream is to be sent again.
  mutating func repeatLater(_ piece: SentPiece, of number: UInt32) {
    guard let place = streams.place(of: number), !streams[place].isReset || !isStreamAware else {
      return
    }
    streams[place].lost.append(piece)
    if streams[place].repeatsWaiting { return }
    streams[place].repeatsWaiting = true
    repeating.append(number)
  }

  // MARK: Resets (RFC 9000 §3.5)

  /// The application gives a stream up: it sends no more, and wants nothing more.
  mutating func reset(_ number: UInt32, code: Int64) {
    guard let place = streams.place(of: number), !streams[place].isReset else { return }
    if !streams[place].isSentWhole { sayReset(place, code: code) }
    if !streams[place].isReadWhole {
      control.append(QUICItem(kind: .stopSending, stream: number, offset: code))
    }
    giveUp(place)
    if let size = streams[place].finalSize { settle(place, at: size) }
  }

  /// Says where what this end sends on a stream ends.
  private mutating func sayReset(_ place: Int, code: Int64) {
    control.append(
      QUICItem(
        kind: .resetStream, stream: streams[place].number, offset: streams[place].sent,
        length: code))
  }

  private mutating func giveUp(_ place: Int) {
    if streams[place].isWaiting {
      waiting.close(streams[place].number + 1, isWaiting: true)
    }
    streams[place].isWaiting = false
    // What all bytes wait for is repeated even so.
    if isStreamAware { streams[place].lost.removeAll() }
    streams[place].isReset = true
    closeIfOver(place)
  }

  /// Where a stream ends is known that nobody reads any more: all of it counts as read (RFC 9000 §4.5).
  private mutating func settle(_ place: Int, at size: Int64) {
    streams[place].finalSize = size
    if size <= streams[place].delivered { return }
    readBytes += size - streams[place].delivered
    streams[place].delivered = size
    grantAll()
  }

  /// The peer sends no more on a stream: what it had sent counts for the connection's window. This end
  /// answers nobody then, and says where its own part ends.
  mutating func receiveReset(_ frame: QUICItem, at now: SimTime, _ log: inout EventLog) {
    let place = open(frame.stream)
    if !streams[place].isReset {
      if streams[place].isBidirectional && !streams[place].isSentWhole {
        sayReset(place, code: frame.length)
      }
      giveUp(place)
      tell(of: frame.stream)
    }
    if isStreamAware { settle(place, at: frame.offset) }
  }

  /// The peer wants no more of a stream: it is told where that ends (RFC 9000 §3.5).
  mutating func receiveStop(_ frame: QUICItem, at now: SimTime, _ log: inout EventLog) {
    let place = open(frame.stream)
    if streams[place].isReset || streams[place].isSentWhole { return }
    sayReset(place, code: frame.offset)
    giveUp(place)
    tell(of: frame.stream)
  }

  private mutating func tell(of number: UInt32) {
    news.append(number)
    hasNews = true
  }
}
