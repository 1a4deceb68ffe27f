/// The two ends of the window: what this side offers as its application reads, and what it does when
/// the peer offers nothing (RFC 9293 §3.8.6).
extension TCPEndpoint {
  // MARK: The receiver

  /// A segment with data arrived: the window opens, and the buffer with it.
  @inline(__always)
  mutating func growReceiveWindow(by segment: Segment, at now: SimTime) {
    let grew = receiveBuffer.segmentArrived(
      payload: segment.payloadBytes, limit: payloadLimit, front: reassembly.front)
    if grew { acknowledgements.windowGrew() }
    guard receiveBuffer.isTuned else { return }
    measureReceiverRTT(segment, at: now)
    receiveBuffer.read(until: now, delivered: delivered)
    receiveBuffer.tune(at: now, delivered: delivered, roundTrip: receiverRTT ?? rtt.smoothed)
  }

  /// The round trip as the receiver sees it: from an acknowledgement to the data that echoes it first
  /// (RFC 7323 §4.1 leaves that to whoever wants it; Linux tunes its buffer by it).
  @inline(__always)
  private mutating func measureReceiverRTT(_ segment: Segment, at now: SimTime) {
    guard usesTimestamps, segment.hasTimestamps, segment.payloadBytes >= payloadLimit,
      segment.timestampEcho != measuredEcho
    else { return }
    measuredEcho = segment.timestampEcho
    let elapsed = Self.timestamp(at: now) &- segment.timestampEcho
    let sample = SimDuration.milliseconds(max(1, Int64(elapsed)))
    receiverRTT = receiverRTT.map { $0 + (sample - $0) / 8 } ?? sample
  }

  /// The application takes `bytes` bytes that were delivered; for readers that do so when asked.
  mutating func read(_ bytes: Int64, at now: SimTime) {
    precondition(bytes >= 0 && !receiveBuffer.reader.isPrompt, "reading what reads by itself")
    receiveBuffer.reader.read(bytes: bytes)
    receiveBuffer.tune(at: now, delivered: delivered, roundTrip: receiverRTT ?? rtt.smoothed)
    announceRoom()
  }

  /// The application has read on: the peer learns of it where it makes a difference.
  mutating func readingWoke(at now: SimTime) {
    receiveBuffer.read(until: now, delivered: delivered)
    receiveBuffer.tune(at: now, delivered: delivered, roundTrip: receiverRTT ?? rtt.smoothed)
    announceRoom()
    scheduleReading(at: now)
  }

  private mutating func announceRoom() {
    guard peerFIN == nil, state.isSynchronized,
      receiveBuffer.updateIsDue(front: reassembly.front, segment: payloadLimit)
    else { return }
    acknowledgements.require()
  }

  /// Works out when the application's reading is next of interest.
  @inline(__always)
  mutating func scheduleReading(at now: SimTime) {
    guard receiveBuffer.reader.isPaced else { return }
    receiveBuffer.schedule(
      at: now, front: reassembly.front, delivered: delivered, segment: payloadLimit)
  }

  /// The window for a segment that goes out now. A SYN's is not scaled (RFC 7323 §2.2).
  @inline(__always)
  mutating func offeredWindow(at now: SimTime) -> UInt16 {
    let isHandshake = state == .synSent || state == .synReceived
    receiveBuffer.read(until: now, delivered: delivered)
    // What a SYN offers counts from the first byte of data, which comes after the peer's SYN.
    let window = receiveBuffer.offer(
      front: max(reassembly.front, 1), segment: payloadLimit,
      shift: usesWindowScaling && !isHandshake ? Int64(windowShift) : 0)
    scheduleReading(at: now)
    return window
  }

  // MARK: The sender

  /// Whether the window's end lets a segment of `wanted` bytes out: whole, or the most that may ever
  /// come at once, while nothing is outstanding (RFC 9293 §3.8.6.2.1).
  @inline(__always)
  func windowTakes(_ wanted: Int64) -> Bool {
    let room = peerWindowEnd - sendNext
    if room >= wanted { return true }
    return room > 0 && scoreboard.isEmpty && room >= peerWindowMax / 2
  }

  /// Probes the peer's window while it holds all there is to send, and nothing outstanding will bring
  /// news of it.
  @inline(__always)
  mutating func watchWindow(at now: SimTime) {
    let isStuck = pendingLimit == .receiveWindow && scoreboard.isEmpty
    if isStuck == (timers[.persist] != .never) { return }
    if isStuck {
      timers[.persist] = sendDeadline(after: persistTimeout, at: now)
    } else {
      stopPersisting()
    }
  }

  private mutating func stopPersisting() {
    timers[.persist] = .never
    windowProbes = WindowProbes()
  }

  /// The first probe goes out after the retransmission time-out, the next ones each after twice as
  /// long (RFC 9293 §3.8.6.1).
  private var persistTimeout: SimDuration {
    let factor: Int64 = 1 << Int64(min(windowProbes.sent, 16))
    return min(rtt.timeout * factor, RTTEstimator.maximumRTO)
  }

  /// The persist timer ran out: a probe has to go out, or what little the window takes.
  mutating func persistTimerFired(at now: SimTime, _ log: inout EventLog) {
    logTimer(.persist, at: now, &log)
    timers[.persist] = .never
    if windowProbes.unanswered >= settings.dataRetries {
      fail(.connectionFailed, at: now, &log)
      return
    }
    windowProbes.isDue = true
    windowProbes.sent += 1
    windowProbes.unanswered += 1
    timers[.persist] = sendDeadline(after: persistTimeout, at: now)
  }

  /// What goes out to probe the window: an octet of new data (RFC 9293 §3.8.6.1), or in Linux's way a
  /// bare segment with a number that was acknowledged, which must be answered all the same.
  mutating func makeWindowProbe(at now: SimTime) -> Segment {
    windowProbes.isDue = false
    if settings.probesWithoutData || writeEnd <= sendNext {
      return makeSegment(at: sendUnacknowledged - 1, payload: 0, at: now)
    }
    windowProbes.octet = (sendNext, now)
    return makeSegment(at: sendNext, payload: 1, at: now)
  }

  /// An acknowledgement arrived. Where it covers the octet of a probe, that was sent after all.
  @inline(__always)
  mutating func answerWindowProbe(_ segment: Segment) {
    windowProbes.unanswered = 0
    guard let octet = windowProbes.octet, octet.position == sendNext,
      position(acknowledged: segment) == sendNext + 1
    else { return }
    scoreboard.append(start: sendNext, end: sendNext + 1, at: octet.time)
    sendNext += 1
    windowProbes.octet = nil
  }
}

/// The probes of a window that the peer has closed.
struct WindowProbes {
  /// How many were sent since it closed, and how many of them since the last answer.
  var sent: UInt32 = 0
  var unanswered: UInt32 = 0
  /// Whether one has to go out.
  var isDue = false
  /// The octet of new data that the last one carried: its position, and when.
  var octet: (position: Int64, time: SimTime)?
}
