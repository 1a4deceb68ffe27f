/// The life of a request with a QUIC stream of its own: what comes is delivered by its stream's order
/// alone, so that only its own deliveries cut it.
extension RequestLife {
  /// The intervals of a request whose deliveries stand at `own` among its connection's.
  func ofStream(
    _ own: [Int], from queued: SimTime, _ journeys: Journeys
  ) -> [CauseInterval] {
    guard let first = own.first, milestones.firstByte != nil else {
      return unanswered(from: queued)
    }
    let all = timeline.deliveries
    var intervals = beforeFirst(delivery: all[first], from: queued, journeys)
    for (before, place) in zip(own, own.dropFirst()) {
      let (earlier, later) = (all[before], all[place])
      let others = all[place - 1].time
      // What waits for a hole of its own does so whatever else arrives meanwhile.
      let isFree = place > before + 1 && others > earlier.time && !isRepair(later, journeys)
      intervals +=
        isFree
        ? amongOthers(earlier, later, until: others, journeys)
        : between(earlier.time, later, journeys)
    }
    let last = all[own[own.count - 1]].time
    if let failed = milestones.failed {
      return intervals + IntervalCutter(from: last, to: failed).finish(failureCause)
    }
    guard let complete = milestones.complete else { return intervals }
    // Its fields may still have waited for the encoder's stream.
    let isBlocked = milestones.unblocked.map { $0 > last } ?? false
    return intervals
      + IntervalCutter(from: last, to: complete).finish(isBlocked ? .headerTable : .client)
  }

  /// What held the first bytes of a stream at the server since the latest of others had left, or, where
  /// they had to be repeated, since they had left for the first time. Before that it was others' turn.
  func chargeTurn(
    before delivery: RequestHistory.Delivery, heldBy held: Cause?, isRepair: Bool,
    _ journeys: Journeys, _ cutter: inout IntervalCutter
  ) {
    guard let stream = delivery.stream, let connection = milestones.connection,
      let answered = milestones.answered
    else { return }
    let since =
      isRepair
      ? journeys.carried.firstSent(of: stream, on: connection)
      : journeys.carried.othersSent(before: delivery.packet, than: stream, on: connection)
    guard let held else { return }
    cutter.charge(held, backTo: max(since ?? answered, answered))
  }

  private func isRepair(_ delivery: RequestHistory.Delivery, _ journeys: Journeys) -> Bool {
    guard let stream = delivery.stream else { return false }
    return streamRepair(delivery, stream, journeys[delivery.packet], journeys) != nil
  }

  /// What held bytes that a datagram released by filling a hole: one of their own stream, one of another
  /// where streams are not told apart, or either that only a probe repaired. Nil where it filled none.
  func streamRepair(
    _ delivery: RequestHistory.Delivery, _ stream: UInt32, _ journey: Journeys.Journey,
    _ journeys: Journeys
  ) -> Cause? {
    guard let connection = milestones.connection else { return nil }
    let carried = journeys.carried.carried(by: delivery.packet, of: stream, on: connection)
    guard let carried else { return journey.retransmission == .timeout ? .timeout : .transportGap }
    guard carried.isRepeated || delivery.end - delivery.start > carried.bytes else { return nil }
    return journey.retransmission == .timeout ? .timeout : .streamGap
  }
}
