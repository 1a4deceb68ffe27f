import NetSim

/// A connection while its packets stream by.
struct Connection: ~Copyable {
  /// From the client to the server.
  let ends: PacketEnds
  /// What the client sends, and what the server sends.
  private var halves: InlineArray<2, HalfConnection>
  /// How both go together.
  private(set) var course: ConnectionCourse

  /// A connection that begins with `segment`.
  init(index: UInt32, first segment: borrowing CapturedSegment, options: CaptureOptions) {
    ends = Self.isFromClient(segment) ? segment.ends : segment.ends.reversed
    halves = InlineArray {
      HalfConnection(side: $0 == 0 ? .client : .server, byteLimit: options.reassemblyByteLimit)
    }
    course = ConnectionCourse(index: index, first: segment, options: options)
  }

  /// Who opened it: the sender of a SYN; else the end with the higher port.
  private static func isFromClient(_ segment: borrowing CapturedSegment) -> Bool {
    if segment.flags.contains(.syn) { return !segment.flags.contains(.ack) }
    return segment.ends.sourcePort >= segment.ends.destinationPort
  }

  /// Its place among the connections of its capture.
  var index: UInt32 { course.index }

  /// When its last packet was captured, in nanoseconds since the capture began.
  var lastNs: Int64 { course.lastNs }

  /// What one end sends.
  subscript(side: Side) -> HalfConnection {
    @inline(__always) _read { yield halves[side == .client ? 0 : 1] }
  }

  /// The end that sent a packet; nil for a packet between other ends.
  @inline(__always)
  func sender(of packet: PacketEnds) -> Side? {
    if packet == ends { return .client }
    return packet.isReverse(of: ends) ? .server : nil
  }

  /// Whether a segment of `sender` opens another connection between the same ports.
  @inline(__always)
  func isSucceeded(by segment: borrowing CapturedSegment, from sender: Side) -> Bool {
    guard segment.flags.contains(.syn), !segment.flags.contains(.ack) else { return false }
    if sender == .server { return true }
    return self[.client].initial != segment.sequence || self[.client].startsMidStream
  }

  /// Takes a segment. `pairGapNs` tells how long before it a packet as large came from the same end
  /// with none in between; nil where that is not so. Gives whether the segment closes the connection.
  @inline(__always)
  mutating func receive(
    _ segment: borrowing CapturedSegment, from sender: Side, pairGapNs: Int64?,
    log: inout LogBuilder
  ) -> Bool {
    course.receive(segment, from: sender, &halves, pairGapNs: pairGapNs, &log)
  }

  /// Gives memory back that an open connection needs, and one that is closed does not.
  mutating func shrink() {
    halves[0].board.shrink()
    halves[1].board.shrink()
  }

  /// Ends what is open at the end of the capture.
  mutating func finish() {
    halves[0].finish(atNs: lastNs)
    halves[1].finish(atNs: lastNs)
  }

  // MARK: Round trips

  /// The handshake's round trip as one end sees it: from its own SYN to the answer. Nil when the SYN
  /// was repeated, because the answer does not tell which one it answers.
  func handshakeRTTNs(at side: Side) -> Int64? {
    let (sentNs, answeredNs) =
      side == .client
      ? (course.synNs, course.synAckNs) : (course.synAckNs, course.handshakeAckNs)
    guard let sentNs, let answeredNs, !hasRepeatedSYN(side), answeredNs >= sentNs else {
      return nil
    }
    return answeredNs - sentNs
  }

  /// Whether one end sent its SYN more than once.
  func hasRepeatedSYN(_ side: Side) -> Bool {
    self[side].repeats.contains { $0.isHandshake && $0.start == 0 }
  }

  /// The end at which the capture was made, or which it was made nearer to: what that end sends is
  /// acknowledged a round trip later, what the other end sends is at once.
  var vantage: Side {
    switch (self[.client].minimumRTTNs, self[.server].minimumRTTNs) {
    case (let up?, let down?): up >= down ? .client : .server
    case (let up?, nil): up >= Self.hostDelayNs ? .client : .server
    case (nil, let down?): down >= Self.hostDelayNs ? .server : .client
    case (nil, nil): .client
    }
  }

  /// A host's own delay is taken to be below this where nothing else tells.
  private static var hostDelayNs: Int64 { 1_000_000 }
}
