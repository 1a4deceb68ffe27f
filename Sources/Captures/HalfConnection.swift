import NetSim

/// What one end of a connection sends, and how the other acknowledges it.
struct HalfConnection: ~Copyable {
  /// The end that sends.
  let side: Side
  /// The sequence number of the SYN; 0 in relative numbers.
  private(set) var initial: SequenceNumber?
  var board = Scoreboard(startingAt: 0)
  /// Whether its SYN was not captured, so that bytes may have been sent before the first one seen.
  private(set) var startsMidStream = false
  var stream: ByteStream
  /// Everything below is acknowledged by the other end.
  private(set) var acknowledged: Int64 = 0
  private(set) var repeats: [RepeatedSegment] = []
  /// Repeated segments beyond those that are kept for a verdict.
  private(set) var unjudgedRepeats: Int64 = 0
  /// Repeated segments kept for a verdict, at most.
  private static let repeatLimit = 1 << 18
  private var firstPending = 0

  /// What its SYN offers.
  var offer: HandshakeOffer?
  /// The window scale option of its SYN.
  var windowScale: UInt8?
  /// The other end's MSS option: what this end's segments may be as large as.
  var peerSegmentLimit: UInt16?
  /// The largest payload seen.
  private(set) var largestPayload: Int64 = 0
  /// Bytes of the headers of the packet that had the largest payload.
  private var headerBytes: Int64 = 0
  /// The relative sequence number of the FIN, once seen.
  var finAt: Int64?

  /// Whether its stream was read up to the FIN.
  var hasEnded = false

  var packets: Int64 = 0
  var packetBytes: Int64 = 0
  var payloadBytes: Int64 = 0
  private(set) var dataPackets: Int64 = 0

  // Evidence about the sender, kept for when something is repeated.

  var lastDataNs: Int64?
  /// When its stream went on last; −1 before it begins.
  var lastDeliveredNs: Int64 = -1
  /// Since when data have been under way without a further acknowledgement; −1 when none are.
  private var waitingSinceNs: Int64 = -1
  var lastNewsNs: Int64?
  private var highestSACK: Int64 = 0
  private var duplicateACKs: UInt32 = 0
  /// What had been sent when something was sent again last.
  private var repairEnd: Int64 = 0
  private(set) var lastWindow: UInt16?
  /// Whether the last acknowledgement was the first to leave no room.
  private(set) var closesNow = false

  private var lastIdentification: UInt16?
  private var unitSteps = 0
  private var steadySteps = 0
  private var jumps = 0
  /// More packets than this are not taken to be missing at once: others have their numbers.
  private static let skipLimit = 16
  private var lastPacketNs: Int64 = 0
  private var unitPauses = 0
  /// Pauses behind which numbers are missing that no hole in the sequence numbers stands for.
  private var skippingPauses = 0
  /// Whether the last packet came behind such a one.
  private var skipsPause = false
  /// Whether the last packet left the sender before the one seen before it, by its identification.
  private var isLate = false
  /// Packets that left the sender and were never seen.
  private var missing = MissingPackets()

  /// The last byte that tried a closed window, and its sending.
  var probe: (start: Int64, sent: Transmission)?

  // What its acknowledgements tell.

  /// Round trips by Karn's algorithm (RFC 6298 §3), and by timestamps.
  private(set) var trips = RoundTrips()
  private(set) var stampedTrips = StampedRoundTrips()
  /// The room that the other end announces.
  private(set) var room = WindowWatch()
  private(set) var limits = SendLimits()
  /// The most bytes that were under way at a time.
  private(set) var largestFlight: Int64 = 0
  var flight = InitialFlight()
  var dataPairs = Dispersion()
  var ackPairs = Dispersion()
  private var lastAckAdvance: (timeNs: Int64, sentNs: Int64)?

  init(side: Side, byteLimit: Int) {
    self.side = side
    stream = ByteStream(startingAt: 1, byteLimit: byteLimit)
  }

  /// Fixes what relative sequence numbers count from, the first time it is known.
  @inline(__always)
  mutating func setInitial(by segment: borrowing CapturedSegment) {
    guard initial == nil else { return }
    if segment.flags.contains(.syn) {
      initial = segment.sequence
    } else {
      initial = segment.sequence.advanced(by: -1)
      startsMidStream = true
      board = Scoreboard(startingAt: 1)
      acknowledged = 1
    }
  }

  /// The relative sequence number of a number in a header.
  func offset(_ sequence: SequenceNumber) -> Int64 {
    guard let initial else { return 0 }
    return sequence.offset(from: initial, near: board.highest)
  }

  /// Whether identifications count up by small steps, as they do on hosts that count them for each
  /// connection.
  var hasSteadyIdentification: Bool { steadySteps >= 4 && steadySteps >= jumps * 9 }

  /// Keeps a repeated segment for its verdict, or counts it when there are too many.
  mutating func keep(_ repeated: RepeatedSegment) {
    limits.repeated()
    var repeated = repeated
    // What the scoreboard has forgotten may be known to have filled a hole.
    let isForgotten =
      repeated.original == nil && repeated.hole == nil && repeated.missing == nil
    let earlier = repeats.indices.suffix(64).last {
      isForgotten
        ? repeats[$0].start == repeated.start
        : repeats[$0].sent.number == repeated.original?.number
    }
    if let earlier {
      repeats[earlier].next = repeated.sent
      repeated.original = repeats[earlier].sent
      repeated.repeatsRepeated = true
    }
    if repeated.missing?.isRepair ?? true { repairEnd = board.highest }
    if repeats.count < Self.repeatLimit {
      repeats.append(repeated)
    } else {
      unjudgedRepeats += 1
    }
  }

  /// Whether each packet's identification is by one larger than the last one's, also behind pauses, but
  /// for the few places where packets are missing: a host that counts for all of its connections skips
  /// numbers behind more than one pause in ten.
  var hasUnitIdentification: Bool {
    unitSteps >= 8 && unitSteps >= 4 * (steadySteps + jumps - unitSteps)
      && skippingPauses <= unitPauses / 9 + 2
  }

  /// What is missing before a segment with new data, beyond what the hole before it accounts for: then it
  /// repeats that itself. `loopNs` is the least round trip of the other direction's data.
  @inline(__always)
  mutating func missingPackets(
    before segment: borrowing CapturedSegment, at start: Int64, acknowledgesNews: Bool,
    loopNs: Int64?
  ) -> MissingBefore? {
    guard start > board.highest || missing.count > 0, start >= board.highest else { return nil }
    return takeMissing(segment, start, acknowledgesNews, loopNs)
  }

  /// The numbers that are missing behind a pause were its own.
  private mutating func explainPause() {
    if skipsPause { skippingPauses -= 1 }
    skipsPause = false
  }

  /// How many packets a hole is taken to be.
  private mutating func packets(between start: Int64, and end: Int64) -> Int {
    let size = max(largestPayload, 1)
    return Int((end - start + size - 1) / size)
  }

  private mutating func takeMissing(
    _ segment: borrowing CapturedSegment, _ start: Int64, _ acknowledgesNews: Bool,
    _ loopNs: Int64?
  ) -> MissingBefore? {
    if start > board.highest { explainPause() }
    let short = missing.explain(packets(between: board.highest, and: start))
    // Those numbers were taken for lost repetitions of what came right before.
    if short > 0, let last = repeats.indices.last, repeats[last].sent.timeNs == lastDataNs {
      repeats[last].lostRepetitions -= min(short, repeats[last].lostRepetitions)
    }
    guard !stream.hasHole,
      let found = missing.sendings(
        quietNs: segment.timeNs - (lastDataNs ?? segment.timeNs), rttNs: loopNs ?? 0,
        permitsSACK: offer?.permitsSACK ?? true, acknowledgesNews: acknowledgesNews)
    else { return nil }
    let followsRepair = start <= repairEnd
    // A probe comes two round trips after the last acknowledgement at the soonest (RFC 8985 §7.2).
    let isRepair = followsRepair || found.quietNs >= 2 * (loopNs ?? 0)
    return MissingBefore(
      count: found.count, quietNs: found.quietNs, followsRepair: followsRepair,
      isRepair: isRepair, acknowledgesNews: acknowledgesNews)
  }

  /// The least round trip, by Karn's algorithm.
  var minimumRTTNs: Int64? { trips.minimumNs }

  /// Takes new data, of which the last byte is before `end`; `before` bytes had been under way. Gives
  /// whether they fill the room that the other end has announced.
  @inline(__always)
  mutating func noteNewData(
    _ segment: borrowing CapturedSegment, upTo end: Int64, before flight: Int64, loopNs: Int64?
  ) -> Bool {
    let length = Int64(segment.payloadLength)
    let fills = room.send(upTo: end, length: length)
    if flight + length > largestFlight { largestFlight = flight + length }
    if let stamp = segment.timestamps?.value { stampedTrips.sent(stamp, atNs: segment.timeNs) }
    let data = SentData(
      timeNs: segment.timeNs, end: end, length: length, flight: flight, isFull: room.isFull,
      isFullSize: length == largestPayload,
      acknowledged: acknowledged, hasGap: duplicateACKs > 0 || stream.hasHole,
      isRepairing: acknowledged < repairEnd,
      echo: segment.timestamps?.echo)
    limits.sent(data, rtt: trips, loopNs: loopNs)
    return fills
  }

  /// Takes note of a packet without data, whose number is the next that its sender has not used
  /// (RFC 9293 §3.10.7.4): what lies below was sent, and not seen. No sender goes beyond the room
  /// that it was told; the byte of a probe it may take back.
  mutating func noteSent(upTo end: Int64, before sent: Transmission) {
    let edge = room.edge ?? board.highest + Int64(UInt16.max)
    guard end <= edge + 1, probe?.start != board.highest else { return }
    missing.explain(packets(between: board.highest, and: end))
    explainPause()
    board.open(upTo: end, sent)
  }

  /// Takes a further acknowledgement. Gives since when it was waited for; −1 where nothing was.
  @inline(__always)
  mutating func progress(atNs now: Int64) -> Int64 {
    defer { waitingSinceNs = acknowledged < board.highest ? now : -1 }
    return waitingSinceNs
  }

  /// Notes that something is under way.
  @inline(__always)
  mutating func wait(atNs now: Int64) { if waitingSinceNs < 0 { waitingSinceNs = now } }

  /// The place of the last repeated segment, if it came since then; −1 otherwise.
  func lastRepeat(since timeNs: Int64) -> Int {
    guard let last = repeats.last, last.sent.timeNs >= timeNs else { return -1 }
    return repeats.count - 1
  }

  /// Ends what is open at the end of the capture.
  mutating func finish(atNs now: Int64) { room.finish(atNs: now) }

  /// Takes new data while the first flight lasts.
  mutating func noteFlight(_ length: Int64, atNs now: Int64, rttNs: Int64) {
    let limit = Int64(peerSegmentLimit ?? UInt16.max)
    // A segment larger than the peer takes was cut behind the capture: count what it became.
    let segments = largestPayload > limit ? (length + limit - 1) / limit : 1
    flight.sent(length: length, segments: segments, atNs: now, rttNs: rttNs)
  }

  /// Counts a packet.
  @inline(__always)
  mutating func count(_ segment: borrowing CapturedSegment) {
    packets += 1
    packetBytes += Int64(segment.packetLength)
    payloadBytes += Int64(segment.payloadLength)
    if segment.payloadLength > 0 { dataPackets += 1 }
    if Int64(segment.payloadLength) > largestPayload {
      largestPayload = Int64(segment.payloadLength)
      headerBytes = Int64(segment.packetLength) - largestPayload
    }
    guard let identification = segment.identification, identification != 0 else { return }
    defer { lastPacketNs = segment.timeNs }
    isLate = false
    skipsPause = false
    if let last = lastIdentification {
      let step = Int16(bitPattern: identification &- last)
      if step == 1 { unitSteps += 1 }
      if step != 0, abs(Int(step)) <= 16 { steadySteps += 1 } else { jumps += 1 }
      // Before a bare acknowledgement others like it are missing.
      if step > 1, step <= Self.skipLimit, segment.payloadLength > 0 {
        missing.skip(Int(step) - 1)
      }
      if segment.timeNs - lastPacketNs > MissingPackets.pauseNs {
        skipsPause = step != 1
        if skipsPause { skippingPauses += 1 } else { unitPauses += 1 }
      }
      if step < 0, step >= -1_024 {
        // It was overtaken: the next ones go on from what overtook it.
        isLate = true
        if segment.payloadLength == 0 { missing.explain(1) }
        return
      }
    }
    lastIdentification = identification
  }

  /// Describes a segment that repeats bytes or fills a hole, with what its sender knew; `reach` is the end
  /// of its bytes, and of its FIN.
  mutating func repeated(
    _ span: (start: Int64, end: Int64), reach: Int64, _ sent: Transmission, packetLength: Int,
    _ placement: Scoreboard.Placement, isHandshake: Bool, missing: MissingBefore?, loopNs: Int64?
  ) -> RepeatedSegment {
    let before = placement.hole?.opener ?? placement.original
    // A repetition that comes late is none that is missing.
    if isLate, let own = sent.identification, let other = before?.identification,
      Int16(bitPattern: own &- other) > 0
    {
      self.missing.explain(1)
    }
    let waitedNs = placement.hole.map { isLate ? 0 : sent.timeNs - $0.opener.timeNs } ?? 0
    let lostRepetitions = self.missing.repetitions(waitedNs: waitedNs, rttNs: loopNs ?? 0)
    if lostRepetitions > 0 { explainPause() }
    return RepeatedSegment(
      sent: sent, start: span.start, end: span.end, packetLength: packetLength,
      hole: placement.hole, original: placement.original, missing: missing,
      lostRepetitions: lostRepetitions,
      segmentSize: max(largestPayload, 1),
      dataQuietNs: sent.timeNs - (lastDataNs ?? sent.timeNs),
      ackQuietNs: sent.timeNs - (lastNewsNs ?? lastDataNs ?? sent.timeNs),
      timerNs: sent.timeNs - max(waitingSinceNs, placement.original?.timeNs ?? 0),
      isSACKedAbove: highestSACK > span.start, duplicateACKs: duplicateACKs,
      isDisordered: duplicateACKs > 0 || highestSACK > acknowledged, acknowledged: acknowledged,
      highest: board.highest, isLate: isLate, isStampedBefore: isStampedBefore(sent.timestamp),
      smoothedRTTNs: trips.smoothedNs, variationNs: trips.variationNs,
      repetitions: placement.original == nil ? 0 : placement.sightings,
      isTail: reach >= board.highest, isHandshake: isHandshake,
      nearWindow: limits.nearWindow.largest, farWindow: limits.farWindow.largest)
  }

  /// Whether a timestamp is older than others seen before.
  private func isStampedBefore(_ stamp: UInt32?) -> Bool {
    guard let stamp, let latest = stampedTrips.latest else { return false }
    return Int32(bitPattern: stamp &- latest) < 0
  }

  /// Takes an acknowledgement of what this end sent. Gives a round-trip sample in nanoseconds,
  /// where it makes one.
  ///
  /// `shift` scales its window; nil where that is not known. `loopNs` is the least round trip of the
  /// other direction's data.
  mutating func takeAcknowledgement(
    of segment: borrowing CapturedSegment, shift: UInt8?, loopNs: Int64
  ) -> Int64? {
    let offset = offset(segment.acknowledgement)
    let now = segment.timeNs
    if segment.options.sackCount > 0 {
      takeSACKs(segment.options, acknowledgement: offset, atNs: now)
    }
    closesNow = false
    if let finAt, offset > finAt {
      // Nothing more is sent: whether there is room concerns nobody.
      room.finish(atNs: now)
    } else if !segment.flags.contains(.rst) {
      if let shift {
        closesNow = room.announce(Int64(segment.window) << Int64(shift), behind: offset, atNs: now)
      } else {
        room.announceSome(atNs: now)
      }
    }
    if let echo = segment.timestamps?.echo { stampedTrips.echoed(echo, atNs: now) }
    defer { lastWindow = segment.window }
    guard offset > acknowledged else {
      if offset == acknowledged, segment.payloadLength == 0, acknowledged < board.highest,
        segment.window == lastWindow
      {
        duplicateACKs &+= 1
        lastNewsNs = now
      }
      return nil
    }
    lastNewsNs = now
    duplicateACKs = 0
    limits.acknowledged(offset, stamp: segment.timestamps?.value, atNs: now, loopNs: loopNs)
    if offset > 1 { flight.acknowledged() }
    if firstPending < repeats.count {
      settle(upTo: offset, atNs: now, echo: segment.timestamps?.echo)
    }
    let isSeen = offset <= board.highest
    if !isSeen { takeProbe(upTo: offset) }
    let sent = board.acknowledge(
      upTo: offset, by: Transmission(timeNs: now, number: segment.number))
    let sending = isSeen ? sent : nil
    takePair(acknowledgedBytes: offset - acknowledged, sentNs: sending?.timeNs, atNs: now)
    acknowledged = offset
    guard let sending else { return nil }
    let sample = now - sending.timeNs
    guard sample >= 0 else { return nil }
    trips.add(sample)
    return sample
  }

  /// Places the byte of a probe that the other end took although there was no room before.
  private mutating func takeProbe(upTo offset: Int64) {
    guard let probe, probe.start == board.highest, probe.start < offset else { return }
    board.extend(to: probe.start + 1, probe.sent)
  }

  private mutating func takeSACKs(_ options: TCPOptions, acknowledgement: Int64, atNs now: Int64) {
    for index in 0..<Int(options.sackCount) {
      guard let block = options.sackBlock(index) else { return }
      let start = offset(block.start)
      let end = offset(block.end)
      if index == 0, isDuplicate(start, end, options, acknowledgement) {
        markDuplicate(start, end, atNs: now)
        continue
      }
      if firstPending < repeats.count { cover(start, end, atNs: now) }
      if end > highestSACK {
        highestSACK = end
        lastNewsNs = now
      }
    }
  }

  /// Notes which repeated segments a SACK block covers.
  private mutating func cover(_ start: Int64, _ end: Int64, atNs now: Int64) {
    for index in repeats.indices[firstPending...].suffix(64)
    where repeats[index].coveredNs == nil && repeats[index].start >= start
      && repeats[index].end <= end
    {
      repeats[index].coveredNs = now
    }
  }

  /// Whether the first block reports a duplicate (RFC 2883 §4): it lies below the acknowledgement,
  /// or within the second block.
  func isDuplicate(
    _ start: Int64, _ end: Int64, _ options: TCPOptions, _ acknowledgement: Int64
  ) -> Bool {
    if start < acknowledgement { return true }
    guard let second = options.sackBlock(1) else { return false }
    return start >= offset(second.start) && end <= offset(second.end)
  }

  private mutating func markDuplicate(_ start: Int64, _ end: Int64, atNs now: Int64) {
    for index in repeats.indices.suffix(64).reversed()
    where repeats[index].start < end && repeats[index].end > start
      && repeats[index].duplicateSACKedNs == nil
    {
      repeats[index].duplicateSACKedNs = now
      return
    }
  }

  /// Notes which repeated segments an acknowledgement covers.
  private mutating func settle(upTo offset: Int64, atNs now: Int64, echo: UInt32?) {
    while firstPending < repeats.count, repeats[firstPending].acknowledgedNs != nil {
      firstPending += 1
    }
    for index in repeats.indices[firstPending...].prefix(1_024)
    where repeats[index].acknowledgedNs == nil && repeats[index].end <= offset {
      repeats[index].acknowledgedNs = now
      if repeats[index].coveredNs == nil { repeats[index].coveredNs = now }
      // The echo is that of the segment at the left edge (RFC 7323 §4.3); one further on says nothing.
      if let echo, let own = repeats[index].sent.timestamp,
        repeats[index].start <= acknowledged
      {
        let order = Int32(bitPattern: echo &- own)
        repeats[index].echoesOriginal = order < 0
        repeats[index].echoesRepetition =
          order == 0 && repeats[index].original?.timestamp != own
      }
    }
  }

  /// Segments that left together reach the other end as far apart as the bottleneck puts them, and
  /// so do their acknowledgements.
  private mutating func takePair(acknowledgedBytes: Int64, sentNs: Int64?, atNs now: Int64) {
    defer { lastAckAdvance = sentNs.map { (timeNs: now, sentNs: $0) } }
    let size = largestPayload
    guard isFullSize(acknowledgedBytes), let last = lastAckAdvance, let sentNs else { return }
    let gapNs = now - last.timeNs
    guard sentNs - last.sentNs < gapNs / 4 else { return }
    let headers = headerBytes * (acknowledgedBytes / size)
    ackPairs.add(bytes: acknowledgedBytes + headers, gapNs: gapNs)
  }

  /// Whether so many bytes are one to four segments as large as they come, and so large that they
  /// were cut by the path's limit and not by the application: near the other end's MSS, or above
  /// the 536 bytes that everybody takes (RFC 9293 §3.7.1) where that was not captured.
  func isFullSize(_ bytes: Int64) -> Bool {
    let least = peerSegmentLimit.map { Int64($0) * 4 / 5 } ?? 536
    return largestPayload >= least && bytes > 0 && bytes % largestPayload == 0
      && bytes <= 4 * largestPayload
  }
}
