import Testing

@testable import NetSim

/// Bursts and the pace they go at. RTT is 100 ms, segments are of 1,448 bytes.
@Suite struct PacingTests {
  private func pair() -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.usesPacing = true
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  /// When the server sent data since `start`, in microseconds, one entry a burst.
  private func bursts(_ pair: EndpointPair, since start: SimTime) -> [(time: Int64, count: Int)] {
    var bursts: [(time: Int64, count: Int)] = []
    for sent in pair.data(.server) where sent.time >= start {
      let time = (sent.time - start).nanoseconds / 1000
      if let last = bursts.last, last.time == time {
        bursts[bursts.count - 1].count += 1
      } else {
        bursts.append((time, 1))
      }
    }
    return bursts
  }

  @Test func theInitialWindowGoesOutAtOnce() {
    var pair = pair()
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 99)
    #expect(bursts(pair, since: start).map(\.count) == [10])
  }

  /// Twenty segments at twice the window a round trip: 40 · 1,448 bytes in 100 ms, so that a pair
  /// takes 5 ms. The first pair comes after an idle time, which counts for half of the next.
  @Test func theSecondRoundGoesOutInPairsAtTwiceTheWindowARoundTrip() {
    var pair = pair()
    _ = pair.server.write(200_000)
    pair.run(milliseconds: 100)
    let start = pair.now
    pair.run(milliseconds: 90)
    let sent = bursts(pair, since: start)
    #expect(sent.map(\.count) == [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    #expect((2_500...4_600).contains(sent[1].time))
    for index in 2..<10 {
      #expect((4_900...5_100).contains(sent[index].time - sent[index - 1].time))
    }
  }

  /// The last segment of a burst says so (Linux does that for the receiver's sake).
  @Test func theEndOfABurstHasPSH() {
    var pair = pair()
    _ = pair.server.write(200_000)
    pair.run(milliseconds: 190)
    let pushes = pair.data(.server).suffix(4).map { $0.segment.flags.contains(.psh) }
    #expect(pushes == [false, true, false, true])
  }

  @Test func theRateIsTwiceTheWindowInSlowStartAndAFifthMoreAfterIt() {
    var pacer = Pacer()
    pacer.update(
      window: 10, outstanding: 8, threshold: CongestionController.unlimited, payload: 1000,
      roundTrip: .milliseconds(100))
    #expect(pacer.rate == 200_000)
    pacer.update(
      window: 10, outstanding: 8, threshold: 12, payload: 1000, roundTrip: .milliseconds(100))
    #expect(pacer.rate == 120_000)
  }

  /// A burst has what the rate sends in a millisecond, and two segments at least; over a very short
  /// path more.
  @Test func aBurstIsAMillisecondsWorth() {
    var pacer = Pacer()
    pacer.update(
      window: 1000, outstanding: 1000, threshold: 1000, payload: 1024,
      roundTrip: .milliseconds(100))
    #expect(pacer.burst(payload: 1024, minimumRTT: .milliseconds(100)) == 11)
    #expect(pacer.burst(payload: 1024, minimumRTT: .microseconds(100)) == 63)
    #expect(Pacer().burst(payload: 1024, minimumRTT: .milliseconds(100)) == 2)
  }

  /// With room for one segment only, and the next acknowledgement near, the sender waits for room for
  /// two.
  @Test func aSegmentWaitsForAnotherWhenTheNextAcknowledgementIsNear() {
    var pair = pair()
    pair.server.congestion.congestionEvent()  // ends slow start: the window stays
    _ = pair.server.write(200_000)
    pair.run(milliseconds: 1000)
    let start = pair.now
    pair.run(milliseconds: 500)
    let counts = bursts(pair, since: start).map(\.count)
    #expect(counts.filter { $0 == 2 }.count > 3 * counts.filter { $0 == 1 }.count)
  }

  /// RFC 5681 §4.1: after idle time the window is no larger than the initial one; Linux gets there by
  /// halving it for each time-out.
  @Test func idleTimeLowersTheWindow() {
    var congestion = CongestionController(.prompt)
    congestion.acknowledged(90, at: .zero)
    #expect(congestion.window == 100)
    congestion.endIdleTime(.milliseconds(250), timeout: .milliseconds(300))
    #expect(congestion.window == 100)
    congestion.endIdleTime(.milliseconds(700), timeout: .milliseconds(300))
    #expect(congestion.window == 25)
    congestion.endIdleTime(.seconds(60), timeout: .milliseconds(300))
    #expect(congestion.window == 10)

    var pair = EndpointPair()
    pair.open()
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 1000)
    #expect(pair.server.congestion.window > 40)
    pair.run(milliseconds: 20_000)
    let start = pair.now
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 1)
    #expect(pair.data(.server).filter { $0.time >= start }.count == 10)
  }

  /// An endpoint that is being closed does not look at the pacer any more, and must not ask to be
  /// woken again and again.
  @Test func aPacingDeadlineThatIsOverIsGone() {
    var pair = pair()
    pair.server.pacedUntil = pair.now + .milliseconds(5)
    pair.server.state = .timeWait
    pair.run(milliseconds: 10)
    #expect(pair.server.nextDeadline > pair.now)
  }
}
