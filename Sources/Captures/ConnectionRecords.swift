import NetSim

/// What a connection writes into the log while its packets stream by. Everything is written as
/// `LogBuilder` wants it: a segment at its sender.
extension ConnectionCourse {
  func recordSegment(
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection,
    _ peer: inout HalfConnection, _ log: inout LogBuilder
  ) {
    let time = SimTime(nanoseconds: segment.timeNs)
    log.add(
      EventRecord(
        time: time, kind: .segmentSent, connection: index, side: own.side, item: segment.number,
        offset: start, length: UInt32(segment.payloadLength), detail: segment.flags.rawValue))
    guard segment.flags.contains(.ack), peer.initial != nil else { return }
    let acknowledgement = peer.offset(segment.acknowledgement)
    // RFC 7323 §2.2: windows are scaled only when both SYNs offered it, and never in a SYN.
    let isScaled = !segment.flags.contains(.syn) && peer.windowScale != nil
    let shift = isScaled ? own.windowScale ?? 0 : 0
    let isUnknown = !segment.flags.contains(.syn) && own.startsMidStream
    log.add(
      EventRecord(
        time: time, kind: .segmentAcknowledgement, connection: index, side: own.side,
        item: segment.number, offset: acknowledgement, length: UInt32(segment.window) << shift,
        detail: isUnknown ? 1 : 0))
    for block in 0..<Int(segment.options.sackCount) {
      guard let sack = segment.options.sackBlock(block) else { break }
      let start = peer.offset(sack.start)
      let end = peer.offset(sack.end)
      let isDuplicate =
        block == 0 && peer.isDuplicate(start, end, segment.options, acknowledgement)
      log.add(
        EventRecord(
          time: time, kind: .segmentSACK, connection: index, side: own.side, item: segment.number,
          offset: start, length: UInt32(clamping: end - start), detail: isDuplicate ? 1 : 0))
    }
  }

  func recordSample(
    _ sampleNs: Int64?, _ segment: borrowing CapturedSegment, of side: Side,
    _ log: inout LogBuilder
  ) {
    guard let sampleNs else { return }
    log.add(
      EventRecord(
        time: SimTime(nanoseconds: segment.timeNs), kind: .roundTripSample, connection: index,
        side: side, offset: sampleNs))
  }

  /// Leaves room for the verdict on a segment that repeats bytes.
  func markRepeat(
    _ segment: borrowing CapturedSegment, from sender: Side, _ log: inout LogBuilder
  ) -> Int? {
    guard log.keepsSegments else { return nil }
    return log.add(
      EventRecord(
        time: SimTime(nanoseconds: segment.timeNs), kind: .segmentRetransmission,
        connection: index, side: sender, item: segment.number, detail: LogBuilder.undecided))
  }

  func recordDelivery(
    _ segment: borrowing CapturedSegment, start: Int64, before: Int64,
    _ own: inout HalfConnection, _ log: inout LogBuilder
  ) {
    let time = SimTime(nanoseconds: segment.timeNs)
    let after = own.stream.next
    if start > before, after == before {
      log.add(
        EventRecord(
          time: time, kind: .bytesBuffered, connection: index, side: own.side.peer,
          item: segment.number, offset: start, length: UInt32(segment.payloadLength)))
    }
    guard after > before else { return }
    log.add(
      EventRecord(
        time: time, kind: .bytesDelivered, connection: index, side: own.side.peer,
        item: segment.number, offset: before, length: UInt32(clamping: after - before)))
  }
}
