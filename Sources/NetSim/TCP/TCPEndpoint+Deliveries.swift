/// What the sender measures of deliveries, where its congestion control has a model of the path.
extension TCPEndpoint {
  /// Where the sender stood before an acknowledgement was taken.
  struct DeliveryState {
    var pipe: UInt32
    var unacknowledged: Int64
    var lossesFound: UInt32
  }

  @inline(__always)
  var deliveryState: DeliveryState {
    DeliveryState(
      pipe: pipe, unacknowledged: sendUnacknowledged, lossesFound: scoreboard.lossesFound)
  }

  /// The application is about to write: if it left less than a segment to send and the window had
  /// room, what is delivered until now shows no more than what it wrote.
  mutating func noteApplicationLimit() {
    guard congestion.hasModel, writeEnd - sendNext < Int64(payloadLimit), pipe < congestion.window,
      scoreboard.lostCount <= scoreboard.retransmittedCount
    else { return }
    deliveryRate.limit(pipe: pipe)
  }

  /// What a segment that is about to go out remembers.
  @inline(__always)
  mutating func deliverySnapshot(at now: SimTime) -> DeliveryRate.Snapshot {
    guard congestion.hasModel else { return DeliveryRate.Snapshot() }
    if pipe == 0 && deliveryRate.isLimited {
      congestion.endLimitedTime(payload: payloadLimit, at: now)
      updatePace()
    }
    return deliveryRate.sent(at: now, nothingOutstanding: scoreboard.isEmpty)
  }

  /// Gives congestion control what an acknowledgement says about deliveries.
  mutating func takeDeliveries(
    _ update: Scoreboard.Update, _ roundTrip: SimDuration?, since before: DeliveryState,
    at now: SimTime, _ log: inout EventLog
  ) {
    guard congestion.hasModel else { return }
    // Where SACK is off, each duplicate stands for a segment delivered.
    let isDuplicate = !usesSACK && recovery.duplicates > 0
    let segments = max(update.newlyAcknowledged, isDuplicate ? 1 : 0)
    let interval = deliveryRate.acknowledged(segments, update.latest, at: now)
    let prior = interval == nil ? nil : update.latest.snapshot.delivered
    let advanced = sendUnacknowledged - before.unacknowledged
    // What took less than the least round trip was measured wrongly: an answer to a repetition that
    // was the original's.
    let isTrusted = (interval ?? .zero) >= (rtt.minimum ?? .zero)
    let window = congestion.window
    let movedThreshold = congestion.take(
      DeliverySample(
        time: now, acknowledged: segments, lost: scoreboard.lossesFound &- before.lossesFound,
        priorPipe: before.pipe, pipe: pipe, delivered: deliveryRate.delivered,
        priorDelivered: prior, interval: isTrusted ? interval : nil,
        isLimited: interval != nil && update.latest.snapshot.isLimited, roundTrip: roundTrip,
        isDelayed: segments == 1 && advanced > 0 && advanced < Int64(payloadLimit)
          && prior == deliveryRate.delivered - 1,
        phase: recovery.phase, opens: pacer.opens, payload: payloadLimit))
    if congestion.bbr?.mode == .probeRoundTrip { deliveryRate.limit(pipe: pipe) }
    congestionWindowMax = max(congestionWindowMax, congestion.window)
    if movedThreshold {
      if recovery.phase == .slowStart {
        recovery.settle(inSlowStart: false)
        logPhase(at: now, &log)
      }
      logThreshold(at: now, &log)
    }
    if congestion.window != window { logWindow(at: now, &log) }
  }

  /// Takes the pacing rate from the model.
  mutating func takeModelPace() {
    guard let bbr = congestion.bbr else { return }
    pacer.set(rate: bbr.rate, leastBurst: bbr.leastBurst)
  }

  /// The handshake is over: its segment is the first that was delivered.
  mutating func beginDeliveries(at now: SimTime) {
    deliveryRate.begin()
    congestion.begin(
      roundTrip: rtt.smoothed, minimumRTT: rtt.minimum, payload: payloadLimit, at: now)
    takeModelPace()
  }
}
