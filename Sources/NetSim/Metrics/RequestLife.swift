/// One request's life, and how it is cut into intervals (see `BlockedTime`).
struct RequestLife {
  let milestones: RequestHistory.Milestones
  /// Whether its end is known to be told by the connection's, for which the server is waited.
  let endsByClose: Bool
  /// Whether a capture shows other connections busy while it waited for its first byte.
  let sharesPath: Bool
  let timeline: RequestHistory.Timeline
  /// What stands in for the way of packets that the log does not show.
  let estimate: PathEstimate?

  /// The intervals from `queued` to the end, in order and without holes.
  func intervals(_ journeys: Journeys) -> [CauseInterval] {
    guard let queued = milestones.queued else { return [] }
    if let own = milestones.ownDeliveries { return ofStream(own, from: queued, journeys) }
    let deliveries = responseDeliveries
    guard let first = deliveries.first else { return unanswered(from: queued) }
    var intervals = beforeFirst(delivery: first, from: queued, journeys)
    var last = first
    for delivery in deliveries.dropFirst() {
      intervals +=
        last.end < delivery.start
        ? amongOthers(last, delivery, journeys) : between(last, delivery, journeys)
      last = delivery
    }
    if let failed = milestones.failed {
      let rest = IntervalCutter(from: last.time, to: failed)
      intervals += rest.finish(failureCause)
    } else if let complete = milestones.complete {
      // A response is complete when it is read; one that ends with its connection, when that is known.
      // A stream's last frame may be in a record with others' behind it.
      let untold: Cause = milestones.spans.isEmpty ? .unknown : .record
      let rest = !timeline.readsAtOnce ? Cause.client : endsByClose ? .server : untold
      intervals += IntervalCutter(from: last.time, to: complete).finish(rest)
    }
    return intervals
  }

  /// The deliveries that hold bytes of the response, in order.
  private var responseDeliveries: ArraySlice<RequestHistory.Delivery> {
    guard milestones.firstByte != nil else { return [] }
    if !milestones.spans.isEmpty { return streamDeliveries[...] }
    let all = timeline.deliveries
    let low = firstDelivery(endingAfter: milestones.responseStart)
    var end = low
    while end < all.count && all[end].start < milestones.responseEnd { end += 1 }
    return all[low..<end]
  }

  /// The deliveries that hold bytes of the stream's frames.
  private var streamDeliveries: [RequestHistory.Delivery] {
    let all = timeline.deliveries
    var index = firstDelivery(endingAfter: milestones.spans[0].lowerBound)
    var found: [RequestHistory.Delivery] = []
    for span in milestones.spans {
      while index < all.count && all[index].end <= span.lowerBound { index += 1 }
      while index < all.count && all[index].start < span.upperBound {
        if found.last?.start != all[index].start { found.append(all[index]) }
        if all[index].end > span.upperBound { break }
        index += 1
      }
    }
    return found
  }

  private func firstDelivery(endingAfter position: Int64) -> Int {
    timeline.deliveries.partitionIndex { $0.end > position }
  }

  // MARK: Before the first delivery

  func beforeFirst(
    delivery: RequestHistory.Delivery, from queued: SimTime, _ journeys: Journeys
  ) -> [CauseInterval] {
    var cutter = IntervalCutter(from: queued, to: delivery.time)
    if let answered = milestones.answered {
      chargeArrival(of: delivery, since: answered, journeys, &cutter)
      if let ready = milestones.ready {
        cutter.charge(sharesConnection ? .turn : .responseOrder, backTo: ready)
      }
      cutter.charge(.server, backTo: milestones.received ?? answered)
    } else {
      chargeEstimatedRoundTrip(of: delivery, journeys, &cutter)
    }
    chargeRequest(journeys, &cutter)
    return finishSetup(&cutter)
  }

  /// The response's first packet on its way, and what held it at the server.
  private func chargeArrival(
    of delivery: RequestHistory.Delivery, since answered: SimTime, _ journeys: Journeys,
    _ cutter: inout IntervalCutter
  ) {
    let journey = journeys[delivery.packet]
    let isRepair = fillsHole(delivery, journey, journeys)
    for hop in journeys.hopsBackwards(of: delivery.packet) {
      cutter.charge(.propagation, lasting: hop.propagation)
      cutter.charge(.serialization, lasting: hop.serialization)
      cutter.charge(.queue, lasting: hop.wait)
    }
    let held = isRepair ? repairCause(of: delivery, journey, journeys) : journey.held
    chargeTurn(before: delivery, heldBy: held, isRepair: isRepair, journeys, &cutter)
    cutter.charge(delivery.stream == nil ? held ?? ownHold(.turn) : .turn, backTo: answered)
  }

  /// The request's own way: its last packet's, and what held it at the client.
  private func chargeRequest(_ journeys: Journeys, _ cutter: inout IntervalCutter) {
    guard let sent = milestones.sent else { return }
    guard let packet = milestones.receivedBy else {
      cutter.charge(.unknown, backTo: sent)
      return
    }
    let journey = journeys[packet]
    let isWhole = milestones.requestBytes <= journey.payload
    for hop in journeys.hopsBackwards(of: packet) {
      cutter.charge(.propagation, lasting: hop.propagation)
      cutter.charge(.request, lasting: hop.serialization)
      // A request of several packets waits behind its own.
      cutter.charge(isWhole ? .queue : .request, lasting: hop.wait)
    }
    let held =
      journey.retransmission == nil
      ? journey.held ?? (isWhole && timeline.streams.isEmpty ? ownHold(.request) : .request)
      : repairCause(journey)
    cutter.charge(held, backTo: sent)
  }

  /// Where the log shows neither the server nor the way: the round trip as estimated, then the
  /// serialisation of the first packet; what is left the server took.
  private func chargeEstimatedRoundTrip(
    of delivery: RequestHistory.Delivery, _ journeys: Journeys, _ cutter: inout IntervalCutter
  ) {
    guard let sent = milestones.sent else { return }
    let journey = journeys[delivery.packet]
    guard let roundTrip = estimate?.minimumRTT else {
      cutter.charge(.unknown, backTo: sent)
      return
    }
    cutter.charge(.serialization, lasting: estimatedSerialization(journey))
    if let turn = milestones.turnBegan, turn > sent + roundTrip {
      // Pipelined: it had to wait for the response before it (RFC 9112 §9.3.2).
      cutter.charge(.server, backTo: turn)
      cutter.charge(.responseOrder, backTo: sent + roundTrip)
    }
    let isRepair = fillsHole(delivery, journey, journeys)
    cutter.charge(.propagation, lasting: roundTrip)
    // With others on the path the wait may have been the server's or the queue's.
    let rest = sharesPath ? Cause.unknown : .server
    cutter.charge(isRepair ? repairCause(of: delivery, journey, journeys) : rest, backTo: sent)
  }

  /// The stages before the request was handed to its connection.
  private func finishSetup(_ cutter: inout IntervalCutter) -> [CauseInterval] {
    if let established = timeline.established {
      if let secured = timeline.secured {
        cutter.charge(.pool, backTo: secured)
        cutter.charge(.tls, backTo: established)
      }
      cutter.charge(.pool, backTo: established)
      if let opened = timeline.opened { cutter.charge(.handshake, backTo: opened) }
    }
    if let repeated = milestones.repeated {
      cutter.charge(.pool, backTo: repeated)
      if milestones.wasGivenUp, let first = milestones.firstSent {
        cutter.charge(.timeout, backTo: first)
      }
    }
    return cutter.finish(.pool)
  }

  /// A request without one byte of response.
  func unanswered(from queued: SimTime) -> [CauseInterval] {
    guard let failed = milestones.failed else { return seenFromTheServer(from: queued) }
    var cutter = IntervalCutter(from: queued, to: failed)
    if let sent = milestones.sent {
      cutter.charge(failureCause, backTo: sent)
    } else if let opened = timeline.opened {
      cutter.charge(.handshake, backTo: opened)
    }
    return finishSetup(&cutter)
  }

  /// A capture at the server shows when the request came in and when the response began; how the
  /// rest reached the client it cannot tell.
  private func seenFromTheServer(from queued: SimTime) -> [CauseInterval] {
    guard let complete = milestones.complete else { return [] }
    var cutter = IntervalCutter(from: queued, to: complete)
    if let answered = milestones.answered {
      cutter.charge(.unknown, backTo: answered)
      cutter.charge(.server, backTo: milestones.received ?? answered)
      cutter.charge(.request, backTo: queued)
    }
    return cutter.finish(.unknown)
  }

  /// What a request that fails waited for in the end: an answer that no repetition brought, or a
  /// connection that the other end closed for reasons of its own.
  var failureCause: Cause { timeline.gaveUp ? .timeout : .unknown }

  // MARK: Among other streams

  /// Between two deliveries of a stream with bytes of others between them: until the last of those, the
  /// server had nothing of it, a window held it, or the others had their turn.
  private func amongOthers(
    _ earlier: RequestHistory.Delivery, _ later: RequestHistory.Delivery, _ journeys: Journeys
  ) -> [CauseInterval] {
    let index = firstDelivery(endingAfter: later.start - 1)
    return amongOthers(earlier, later, until: timeline.deliveries[index].time, journeys)
  }

  /// The same where the last of the others came at `others`.
  func amongOthers(
    _ earlier: RequestHistory.Delivery, _ later: RequestHistory.Delivery, until others: SimTime,
    _ journeys: Journeys
  ) -> [CauseInterval] {
    var cutter = IntervalCutter(from: earlier.time, to: max(others, earlier.time))
    let way = journeys.hopsBackwards(of: later.packet).reduce(SimDuration.zero) {
      $0 + $1.propagation + $1.serialization
    }
    for stall in milestones.stalls.reversed() where stall.to != .never {
      if stall.to + way <= earlier.time { break }
      if stall.from + way >= cutter.cursor { continue }
      cutter.charge(.turn, backTo: stall.to + way)
      cutter.charge(stall.cause, backTo: stall.from + way)
    }
    if let ready = milestones.readyTimes.last(where: { $0 + way < cutter.cursor }),
      ready + way > earlier.time
    {
      cutter.charge(.turn, backTo: ready + way)
      return cutter.finish(.server) + between(others, later, journeys)
    }
    return cutter.finish(.turn) + between(others, later, journeys)
  }

  // MARK: Between two deliveries

  private func between(
    _ earlier: RequestHistory.Delivery, _ later: RequestHistory.Delivery, _ journeys: Journeys
  ) -> [CauseInterval] { between(earlier.time, later, journeys) }

  func between(
    _ earlier: SimTime, _ later: RequestHistory.Delivery, _ journeys: Journeys
  ) -> [CauseInterval] {
    var cutter = IntervalCutter(from: earlier, to: later.time)
    let journey = journeys[later.packet]
    let hops = journeys.hopsBackwards(of: later.packet)
    let isRepair = fillsHole(later, journey, journeys)
    for hop in hops {
      cutter.charge(.serialization, lasting: hop.serialization)
      if !isRepair { cutter.charge(.queue, lasting: hop.wait) }
    }
    if hops.isEmpty { cutter.charge(.serialization, lasting: estimatedSerialization(journey)) }
    if isRepair { return cutter.finish(repairCause(of: later, journey, journeys)) }
    return cutter.finish(hops.isEmpty ? estimatedHold(later) : journey.held ?? .queue)
  }

  /// What held a sender that the log does not show. Data that comes a round trip after the client
  /// sent something was released by it: until then the congestion window held it, or the client's
  /// own window, if the one announced before had no room for a segment.
  private func estimatedHold(_ delivery: RequestHistory.Delivery) -> Cause {
    guard let roundTrip = estimate?.minimumRTT else { return .unknown }
    let released = SimTime(nanoseconds: delivery.time.nanoseconds - roundTrip.nanoseconds)
    let tolerance = SimDuration(nanoseconds: roundTrip.nanoseconds / 8)
    let sends = timeline.clientSends
    guard let index = sends.lastIndex(where: { $0.time <= released }),
      released - sends[index].time <= tolerance
    else { return .unknown }
    guard let room = index > 0 ? sends[index - 1].window : .max else { return .unknown }
    return room < 536 ? .receiveWindow : .congestionWindow  // RFC 9293 §3.7.1: the least segment
  }

  /// What held bytes that nothing held when they left: on a connection with streams, those of others
  /// before them.
  private func ownHold(_ others: Cause) -> Cause { sharesConnection ? others : .unknown }

  /// Whether others have streams on its connection.
  private var sharesConnection: Bool {
    !milestones.spans.isEmpty || milestones.ownDeliveries != nil
  }

  // MARK: Parts

  /// Whether a delivery released bytes that had waited, or was a repetition.
  private func fillsHole(
    _ delivery: RequestHistory.Delivery, _ journey: Journeys.Journey, _ journeys: Journeys
  ) -> Bool {
    if let stream = delivery.stream {
      return streamRepair(delivery, stream, journey, journeys) != nil
    }
    return journey.retransmission != nil
      || delivery.end - delivery.start > Int64(journey.payload)
  }

  private func repairCause(
    of delivery: RequestHistory.Delivery, _ journey: Journeys.Journey, _ journeys: Journeys
  ) -> Cause {
    guard let stream = delivery.stream else { return repairCause(journey) }
    return streamRepair(delivery, stream, journey, journeys) ?? repairCause(journey)
  }

  private func repairCause(_ journey: Journeys.Journey) -> Cause {
    journey.retransmission == .timeout ? .timeout : .transportGap
  }

  private func estimatedSerialization(_ journey: Journeys.Journey) -> SimDuration {
    var remainder: UInt64 = 0
    let bytes = Int(journey.payload) + 40  // IP and TCP headers without options
    return estimate?.bottleneck?.transmissionTime(bytes: bytes, remainder: &remainder) ?? .zero
  }
}
