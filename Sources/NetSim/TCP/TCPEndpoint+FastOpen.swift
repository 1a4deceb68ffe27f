/// What is left to know of a fast open while a connection opens (RFC 7413).
struct FastOpen {
  /// The cookie that the client has of the server; any would do, as no server forgets its own.
  static var cookie: UInt64 { 0x4E65_7453_696D_5446 }

  /// Whether the server took the client's data before the handshake was complete.
  var isAccepted = false
  /// The end of the data that went out with the SYN and was not taken; zero where none is.
  var repeatedEnd: Int64 = 0
}

/// Data before the handshake is complete.
extension TCPEndpoint {
  /// Whether the application may write: the connection is established, or opens fast.
  var mayWrite: Bool {
    isEstablished || (state == .synReceived && fastOpen.isAccepted) || mayWriteEarly
  }

  /// Whether what the application writes now goes out with the SYN.
  var mayWriteEarly: Bool { settings.fastOpen && state == .synSent && scoreboard.isEmpty }

  /// Puts cookie and data into the first SYN. The peer's MSS is not known yet; forty bytes are left
  /// for options (RFC 7413 §4.2.1).
  mutating func addEarlyData(_ segment: inout Segment, at now: SimTime) {
    segment.fastOpenCookie = FastOpen.cookie
    let room = Int64(settings.maximumSegmentSize) - 40
    let bytes = max(min(room, writeEnd - sendNext), 0)
    guard bytes > 0 else { return }
    segment.payloadBytes = UInt32(bytes)
    scoreboard.append(start: sendNext, end: sendNext + bytes, at: now)
    sendNext += bytes
  }

  /// The server's side: takes the data of a SYN that has the cookie (RFC 7413 §4.2.2).
  mutating func takeEarlyData(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    guard settings.fastOpen, segment.fastOpenCookie == FastOpen.cookie else { return }
    fastOpen.isAccepted = true
    guard segment.payloadBytes > 0 else { return }
    _ = reassembly.receive(Reassembly.Span(start: 1, end: 1 + Int64(segment.payloadBytes)))
    logDelivered(packet, from: 1, at: now, &log)
  }

  /// The client's side, when the SYN-ACK came: what it does not acknowledge goes out again
  /// (RFC 7413 §4.2.1).
  mutating func repeatEarlyData() {
    guard sendUnacknowledged < sendNext else { return }
    fastOpen.repeatedEnd = sendNext
    scoreboard.removeAll()
    sendNext = sendUnacknowledged
    timers[.retransmission] = .never
  }

  /// Marks a segment that repeats what went out with the SYN.
  @inline(__always)
  mutating func noteRepeated(_ segment: inout Segment) {
    guard sendNext < fastOpen.repeatedEnd else { return }
    segment.retransmission = .handshake
    segmentsRetransmitted += 1
  }
}
