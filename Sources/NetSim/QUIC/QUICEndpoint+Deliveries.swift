/// What the sender measures of deliveries, where its congestion control has a model of the path.
extension QUICEndpoint {
  /// Where the sender stood before an acknowledgement was taken.
  struct DeliveryState {
    var inFlight: Int64
    var delivered: Int64
    var lossesFound: UInt32
  }

  var deliveryState: DeliveryState {
    DeliveryState(inFlight: bytesInFlight, delivered: rate.delivered, lossesFound: lossesFound)
  }

  /// The handshake is over: the model begins.
  mutating func beginDeliveries(at now: SimTime) {
    congestion.begin(roundTrip, at: now)
    takeModelPace()
  }

  /// There is nothing more to send for now: if no window holds anything back, what is delivered until
  /// now shows no more than what the application wrote.
  @inline(__always)
  mutating func noteApplicationLimit(at now: SimTime) {
    guard congestion.hasModel, bytesInFlight < congestion.window, pacer.isOpen(at: now) else {
      return
    }
    rate.limit(inFlight: bytesInFlight)
  }

  /// Gives congestion control what an acknowledgement says about deliveries; `newest` is the packet sent
  /// last of those that it delivers.
  mutating func takeDeliveries(
    _ newest: SentPacket, roundTrip sample: SimDuration?, since before: DeliveryState,
    at now: SimTime
  ) {
    guard congestion.hasModel else { return }
    let snapshot = newest.delivery
    let interval = max(newest.sentAt - snapshot.firstSentAt, now - snapshot.deliveredAt)
    // What took less than the least round trip was measured wrongly.
    let isTrusted = interval >= roundTrip.minimum ?? .zero
    congestion.take(
      DeliverySample(
        time: now, acknowledged: datagrams(rate.delivered) - datagrams(before.delivered),
        lost: lossesFound &- before.lossesFound, priorPipe: datagrams(before.inFlight),
        pipe: datagrams(bytesInFlight), delivered: Int64(datagrams(rate.delivered)),
        priorDelivered: Int64(datagrams(snapshot.delivered)),
        interval: isTrusted ? interval : nil, isLimited: snapshot.isLimited, roundTrip: sample,
        isDelayed: false, phase: congestion.phase(of: newest.sentAt), opens: pacer.opens,
        payload: UInt32(congestion.datagram)))
    if congestion.bbr?.mode == .probeRoundTrip { rate.limit(inFlight: bytesInFlight) }
    takeModelPace()
  }

  /// Bytes in datagrams of full size.
  private func datagrams(_ bytes: Int64) -> UInt32 {
    UInt32(clamping: (bytes + congestion.datagram - 1) / congestion.datagram)
  }

  private mutating func takeModelPace() {
    guard let bbr = congestion.bbr, congestion.hasModel else { return }
    pacer.set(rate: bbr.rate, burst: bbr.leastBurst)
  }
}
