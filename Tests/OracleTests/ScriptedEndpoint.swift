@testable import NetSim

/// One endpoint with an open connection, and a peer that says just what a test has it say.
///
/// Segments are counted from zero and have 1,000 bytes; the round trip is 100 ms by the handshake.
struct ScriptedSender {
  static let segmentBytes: Int64 = 1000

  var endpoint: TCPEndpoint
  var log = EventLog(level: .totals)
  var now = SimTime.zero
  private let peerSequence = SequenceNumber(100)
  private let ownSequence = SequenceNumber(7000)

  /// The `rfc` profile without timestamps, as far as a test does not say otherwise.
  static func settings(initialWindow: UInt32) -> TransportSettings {
    var settings = TransportSettings.standard(.rfc)
    settings.congestion = .reno
    settings.timestamps = false
    settings.maximumSegmentSize = UInt32(segmentBytes)
    settings.initialWindow = initialWindow
    return settings
  }

  init(_ settings: TransportSettings, roundTrip: SimDuration = .milliseconds(100)) {
    endpoint = TCPEndpoint(
      connection: 0, side: .server, settings: settings, initialSequence: ownSequence)
    endpoint.listen()
    var syn = Segment(
      sequence: peerSequence, acknowledgement: SequenceNumber(0), flags: .syn, window: 65_535,
      payloadBytes: 0)
    syn.maximumSegmentSize = UInt16(Self.segmentBytes)
    syn.windowScalePlusOne = 5
    syn.permitsSACK = settings.selectiveAcknowledgements
    _ = receive(syn)
    _ = wait(roundTrip)
    _ = acknowledge(bytesUpTo: 0)
  }

  /// Takes a segment of the peer's and returns what is sent then.
  mutating func receive(_ segment: Segment) -> [Segment] {
    endpoint.receive(segment, packet: 0, at: now, log: &log)
    return poll()
  }

  /// Writes so many segments and returns what is sent.
  mutating func write(segments: Int64) -> [Segment] {
    _ = endpoint.write(segments * Self.segmentBytes)
    return poll()
  }

  /// Lets time pass, with the timers that run out; returns what is sent, and when.
  mutating func wait(_ span: SimDuration) -> [(time: SimTime, segment: Segment)] {
    let end = now + span
    var sent: [(SimTime, Segment)] = []
    while endpoint.nextDeadline <= end {
      now = endpoint.nextDeadline
      endpoint.timerFired(at: now, log: &log)
      sent += poll().map { (now, $0) }
    }
    now = end
    return sent
  }

  /// The peer acknowledges everything before segment `front`, and SACKs segments.
  mutating func acknowledge(
    upTo front: Int, sacking blocks: [ClosedRange<Int>] = [], window: UInt16 = 65_535
  ) -> [Segment] {
    acknowledge(bytesUpTo: Int64(front) * Self.segmentBytes, sacking: blocks, window: window)
  }

  private mutating func acknowledge(
    bytesUpTo bytes: Int64, sacking blocks: [ClosedRange<Int>] = [], window: UInt16 = 65_535
  ) -> [Segment] {
    var segment = Segment(
      sequence: peerSequence.advanced(by: 1), acknowledgement: ownSequence.advanced(by: 1 + bytes),
      flags: .ack, window: window, payloadBytes: 0)
    for block in blocks.prefix(4) {
      segment.sackBlocks[Int(segment.sackCount)] = Segment.Block(
        start: sequence(of: block.lowerBound), end: sequence(of: block.upperBound + 1))
      segment.sackCount += 1
    }
    return receive(segment)
  }

  private func sequence(of segment: Int) -> SequenceNumber {
    ownSequence.advanced(by: 1 + Int64(segment) * Self.segmentBytes)
  }

  /// Which segment it is, from zero.
  func number(of segment: Segment) -> Int {
    let position = segment.sequence.offset(
      from: ownSequence, near: endpoint.sendUnacknowledged)
    return Int((position - 1) / Self.segmentBytes)
  }

  mutating func poll() -> [Segment] {
    var sent: [Segment] = []
    while let segment = endpoint.pollTransmit(at: now, log: &log) { sent.append(segment) }
    return sent
  }
}

/// A receiver that gets what a test sends it, and acknowledges everything at once.
struct ScriptedReceiver {
  private var endpoint: TCPEndpoint
  private var log = EventLog(level: .totals)
  /// What its acknowledgements are relative to: sequence numbers are those of the test.
  private let ownSequence = SequenceNumber(1)

  /// An acknowledgement as RFCs write it.
  struct Acknowledgement: Equatable {
    var number: Int64
    var blocks: [Range<Int64>]
  }

  /// - Parameter first: the sequence number of the first byte of data.
  init(first: UInt32, mostBlocks: Int = 4) {
    var settings = TransportSettings.standard(.rfc)
    settings.timestamps = mostBlocks < 4
    settings.acknowledgements.everySegments = 1
    endpoint = TCPEndpoint(
      connection: 0, side: .server, settings: settings, initialSequence: ownSequence)
    endpoint.listen()
    var syn = Segment(
      sequence: SequenceNumber(first &- 1), acknowledgement: SequenceNumber(0), flags: .syn,
      window: 65_535, payloadBytes: 0)
    syn.permitsSACK = true
    syn.hasTimestamps = settings.timestamps
    _ = exchange(syn)
    var answer = Segment(
      sequence: SequenceNumber(first), acknowledgement: ownSequence.advanced(by: 1), flags: .ack,
      window: 65_535, payloadBytes: 0)
    answer.hasTimestamps = settings.timestamps
    _ = exchange(answer)
  }

  /// A segment with those bytes arrives; returns the acknowledgement.
  mutating func arrive(_ bytes: Range<UInt32>) -> Acknowledgement? {
    var segment = Segment(
      sequence: SequenceNumber(bytes.lowerBound), acknowledgement: ownSequence.advanced(by: 1),
      flags: .ack, window: 65_535, payloadBytes: bytes.upperBound - bytes.lowerBound)
    segment.hasTimestamps = endpoint.usesTimestamps
    return exchange(segment)
  }

  private mutating func exchange(_ segment: Segment) -> Acknowledgement? {
    endpoint.receive(segment, packet: 0, at: .zero, log: &log)
    guard let answer = endpoint.pollTransmit(at: .zero, log: &log) else { return nil }
    return Acknowledgement(
      number: value(answer.acknowledgement),
      blocks: (0..<Int(answer.sackCount)).map {
        value(answer.sackBlocks[$0].start)..<value(answer.sackBlocks[$0].end)
      })
  }

  private func value(_ number: SequenceNumber) -> Int64 {
    number.offset(from: SequenceNumber(0), near: 0)
  }
}
