import Testing

@testable import NetSim

/// A client's address changes, and the server finds out whether it is there (RFC 9000 §8.2, §9).
@Suite struct QUICPathTests: QUICRuns {
  /// A connection whose handshake is confirmed, with a connection ID to spare at each end.
  private func open(_ change: (inout QUICPolicy) -> Void = { _ in }) -> QUICPair {
    var policy = QUICPolicy.standard(.rfc)
    policy.client.moreConnectionIDs = 1
    policy.server.moreConnectionIDs = 1
    change(&policy)
    let pair = QUICPair(policy)
    pair.open()
    return pair
  }

  private func changes(_ pair: QUICPair, _ side: Side) -> [PathChange?] {
    pair.log.records.filter { $0.kind == .pathChanged && $0.side == side }
      .map { PathChange(rawValue: $0.detail) }
  }

  // MARK: A NAT forgets

  /// The server asks at the new port with as much as it may, and at the old one with a whole datagram
  /// (§8.2.1, §9.3.3); a round trip later it knows, and asks whether whole datagrams pass.
  @Test func anotherPortIsValidated() throws {
    let pair = open()
    let window = pair.server.congestion.window
    let smoothed = pair.server.roundTrip.smoothed
    pair.port = 1
    let before = pair.sent.count
    pair.client.write(100, on: 0, isLast: false)
    pair.run(milliseconds: 60)
    let asked = pair.sent[before...].filter { !$0.frames(.pathChallenge).isEmpty }
    #expect(asked.map(\.side) == [.server, .server])
    #expect(asked.map(\.datagram.address.port) == [1, 0])
    let first = try #require(pair.sent[before...].first)
    #expect(asked[0].bytes <= first.bytes * 3 && asked[0].bytes < 1_200)
    #expect(asked[1].bytes == 1_200)
    #expect(pair.server.isValidated == false)
    pair.run(milliseconds: 100)
    #expect(pair.server.isValidated == true)
    #expect(pair.server.paths.current == ClientAddress(port: 1))
    #expect(changes(pair, .server) == [.followed, .validated])
    // Only the port is another: what is known of the path stays (§9.4).
    #expect(pair.server.congestion.window == window)
    #expect(pair.server.roundTrip.smoothed - smoothed < .milliseconds(30))
    // The same connection IDs (§9.5).
    #expect(pair.server.paths.identity == 0 && pair.client.paths.identity == 0)
    pair.run(milliseconds: 300)
    let whole = pair.sent[before...].filter {
      !$0.frames(.pathChallenge).isEmpty && $0.datagram.address.port == 1 && $0.bytes == 1_200
    }
    #expect(whole.count == 1 && pair.server.paths.validation == nil)
  }

  /// Answers go back in whole datagrams (§8.2.2).
  @Test func anAnswerIsAsLongAsItMayBe() {
    let pair = open()
    pair.port = 1
    pair.client.write(100, on: 0, isLast: false)
    pair.run(milliseconds: 300)
    let answers = pair.sent(by: .client).filter { !$0.frames(.pathResponse).isEmpty }
    #expect(answers.map(\.bytes) == [1_200, 1_200])
    let words = pair.sent(by: .server).flatMap { $0.frames(.pathChallenge) }.map(\.offset)
    #expect(answers.flatMap { $0.frames(.pathResponse) }.map(\.offset).allSatisfy(words.contains))
  }

  /// Three times what came from there, and no more, until it is validated (§8.1, §9.3.1).
  @Test func anAddressThatIsNotValidatedGetsLittle() throws {
    let pair = open()
    pair.port = 1
    pair.server.write(100_000, on: 3, isLast: false)
    pair.loses = { $0.side == .server }
    pair.client.write(100, on: 0, isLast: false)
    pair.run(milliseconds: 51)
    let came = try #require(pair.sent(by: .client).last).bytes
    let there = pair.sent(by: .server).filter { $0.datagram.address.port == 1 }
    #expect(!there.isEmpty && there.map(\.bytes).reduce(0, +) <= came * 3)
    #expect(pair.server.creditLeft < 30)
  }

  /// What was late tells nothing of where the client is (§9.3).
  @Test func aLatePacketDoesNotMoveTheConnection() {
    let pair = open()
    pair.delays = {
      $0.side == .client && $0.datagram.address.port == 0 ? .milliseconds(20) : .zero
    }
    pair.client.write(100, on: 0, isLast: false)
    pair.pump()
    pair.delays = { _ in .zero }
    pair.port = 1
    pair.client.write(100, on: 0, isLast: false)
    pair.run(milliseconds: 400)
    #expect(changes(pair, .server) == [.followed, .validated])
    #expect(pair.server.paths.current == ClientAddress(port: 1))
    #expect(pair.server.delivered(of: 0) == 200)
  }

  // MARK: The client moves

  /// Another address, other connection IDs both ways, and nothing known of the path (§9.2, §9.4, §9.5).
  @Test func aClientMoves() {
    let pair = open()
    pair.server.write(30_000, on: 3, isLast: false)
    pair.run(milliseconds: 1_000)
    #expect(pair.server.congestion.window > 12_000)
    let before = pair.sent.count
    pair.client.move(at: pair.now, &pair.log)
    #expect(pair.client.roundTrip.smoothed == .milliseconds(333))
    pair.run(milliseconds: 160)
    let first = pair.sent[before]
    #expect(first.side == .client && first.bytes == 1_200)
    #expect(first.frames(.pathChallenge).count == 1)
    // But for the answer to the server, which asks at the old address, too (§9.3.3).
    let others = pair.sent[before...].filter {
      $0.side == .client && $0.datagram.address.host == 0 && $0.frames(.pathResponse).isEmpty
    }
    #expect(others.isEmpty)
    let retired = pair.sent(by: .client).flatMap { $0.frames(.retireConnectionID) }
    #expect(retired.map(\.offset) == [0])
    #expect(pair.client.paths.identity == 1 && pair.server.paths.identity == 1)
    #expect(changes(pair, .client) == [.moved, .validated])
    #expect(changes(pair, .server) == [.followed, .validated])
    #expect(pair.server.congestion.window == 12_000)
    #expect(pair.server.paths.current == ClientAddress(host: 1))
    // Others take the place of those that were used up (§5.1.2).
    pair.run(milliseconds: 500)
    #expect(pair.client.paths.identitiesGiven == 2 && pair.server.paths.identitiesGiven == 2)
  }

  /// Nobody moves before the handshake is confirmed, or without an ID for it (§9, §9.5).
  @Test func aClientWaitsUntilItMay() {
    let pair = QUICPair()
    pair.client.connect(at: pair.now, log: &pair.log)
    pair.client.move(at: pair.now, &pair.log)
    pair.run(milliseconds: 1_000)
    #expect(pair.client.isConfirmed == true)
    #expect(pair.client.paths.current == .first)
    let other = open()
    #expect(other.client.paths.identitiesGiven == 1)
    other.client.move(at: other.now, &other.log)
    #expect(other.client.paths.current == ClientAddress(host: 1))
  }

  /// What was under way on the old path is sent on the new one, and is no sign of congestion there.
  @Test func whatWasUnderWayIsSentAgain() {
    let pair = open()
    pair.server.write(12_000, on: 3, isLast: true)
    pair.loses = { $0.datagram.address.host == 0 }
    pair.pump()
    pair.client.move(at: pair.now, &pair.log)
    pair.run(milliseconds: 2_000)
    #expect(pair.client.delivered(of: 3) == 12_000)
    #expect(pair.server.congestion.threshold == nil)
    #expect(pair.server.bytesInFlight == 0 && pair.server.doubtful == 0)
  }

  /// Three times the probe time-out of an unknown path, and the old one is used again (§8.2.4, §9.3.2).
  @Test func withoutAnAnswerItGoesBack() throws {
    let pair = open()
    pair.loses = { $0.datagram.address.host == 1 }
    pair.client.write(500, on: 0, isLast: false)
    let start = pair.now
    pair.client.move(at: pair.now, &pair.log)
    pair.run(milliseconds: 6_000)
    #expect(changes(pair, .client) == [.moved, .failed])
    let failed = try #require(
      pair.log.records.first {
        $0.kind == .pathChanged && $0.detail == PathChange.failed.rawValue
      })
    // 3 · (333 ms + 4 · 166.5 ms + 25 ms)
    #expect(
      failed.time - start > .milliseconds(2_997) && failed.time - start < .milliseconds(3_100))
    #expect(pair.client.paths.current.host == 0)
    #expect(pair.server.delivered(of: 0) == 500)
  }

  /// The server hears the client and is not heard: it goes back by itself.
  @Test func aServerGoesBackToo() {
    let pair = open()
    pair.loses = { $0.datagram.address.host == 1 && $0.side == .server }
    pair.client.write(500, on: 0, isLast: false)
    pair.client.move(at: pair.now, &pair.log)
    pair.run(milliseconds: 8_000)
    #expect(changes(pair, .server).contains(.failed))
    #expect(pair.client.state == .open && pair.server.paths.current.host == 0)
    #expect(pair.server.delivered(of: 0) == 500)
  }

  // MARK: Runs

  private func download(
    _ application: ApplicationProtocol, _ change: (inout Scenario) -> Void
  ) -> (report: RunReport, log: EventLog) {
    var scenario = scenario([2_000_000], .linux, roundTrip: 50, rate: .megabits(10))
    scenario.clients[0].application = application
    change(&scenario)
    return run(scenario)
  }

  private func forget(at time: SimDuration) -> (inout Scenario) -> Void {
    return {
      for index in $0.links.indices { $0.links[index].rebindings = [.zero + time] }
    }
  }

  /// The NAT forgets in the middle of a download: over QUIC it goes on, over TCP the server knows nobody
  /// at the new port, and what had come is lost.
  @Test func aDownloadSurvivesOverQUICAlone() throws {
    let plain = download(.http3) { _ in }
    let quic = download(.http3, forget(at: .seconds(1)))
    let tcp = download(.http2, forget(at: .seconds(1)))
    #expect(quic.report.connections.count == 1 && quic.report.retriedRequests == 0)
    let (before, after) = (try #require(plain.report.complete), try #require(quic.report.complete))
    #expect(after >= before && after - before < .milliseconds(500))
    #expect(tcp.report.complete == nil)
  }

  /// It forgets while nothing is under way: over TCP the next request has to be sent again on another
  /// connection, over QUIC it is answered as ever.
  @Test(arguments: [ApplicationProtocol.http11, .http2, .http3])
  func theNextRequestTellsOfIt(application: ApplicationProtocol) {
    let (report, log) = download(application) {
      forget(at: .seconds(3))(&$0)
      $0.clients[0].objects = [
        ObjectSettings(ByteCount(20_000)),
        ObjectSettings(ByteCount(20_000), after: 0, clientTime: .seconds(5)),
      ]
    }
    let isQUIC = application == .http3
    #expect(report.complete != nil)
    #expect(report.connections.count == (isQUIC ? 1 : 2))
    #expect(report.retriedRequests == (isQUIC ? 0 : 1))
    let rebound = log.records.filter {
      $0.kind == .pathChanged && $0.detail == PathChange.rebound.rawValue
    }
    #expect(rebound.count == 1)
  }

  /// A client that moves to a slower path is as slow as that from then on.
  @Test func aDownloadGoesOnOverAnotherPath() throws {
    let moved = download(.http3) {
      $0.links += [$0.links[0], $0.links[1]]
      for index in 2...3 {
        $0.links[index].rate = .megabits(2)
        $0.links[index].delay = .milliseconds(60)
      }
      $0.paths.append(PathSettings(up: [2], down: [3]))
      $0.clients[0].pathAfterMoving = 1
      $0.clients[0].quic.movesAt = .seconds(1)
    }
    #expect(moved.report.connections.count == 1 && moved.report.connections[0].failed == false)
    // A second at 10 Mbit/s leaves about 0.8 MB, for which 2 Mbit/s take three seconds and more.
    let complete = try #require(moved.report.complete)
    #expect(complete > .zero + .milliseconds(4_000) && complete < .zero + .milliseconds(6_500))
    let arrived = moved.log.records.filter { $0.kind == .packetArrived && $0.place == 3 }
    #expect(arrived.count > 500)
  }

  // MARK: What NATs remember

  /// A NAT that forgets UDP after 30 s: PINGs keep the port, and without them the next request comes from
  /// another one.
  @Test(arguments: [(15, 0), (45, 1)])
  func pingsKeepThePort(interval: Int64, rebindings: Int) {
    let (report, log) = download(.http3) {
      for index in $0.links.indices { $0.links[index].datagramStateLimit = .seconds(30) }
      $0.clients[0].quic.client.keepAlive = .seconds(interval)
      for side in [Side.client, .server] { $0.clients[0].quic[side].idleTimeout = .seconds(300) }
      $0.clients[0].objects = [
        ObjectSettings(ByteCount(1_000)),
        ObjectSettings(ByteCount(1_000), after: 0, clientTime: .seconds(40)),
      ]
    }
    #expect(report.complete != nil && report.connections.count == 1)
    let rebound = log.records.count {
      $0.kind == .pathChanged && $0.detail == PathChange.rebound.rawValue
    }
    #expect(rebound == rebindings)
  }

  /// PINGs every ten seconds keep a connection whose idle time-out is 15 s through a minute (§10.1.2).
  @Test(arguments: [true, false])
  func pingsKeepTheConnection(asks: Bool) {
    let pair = open {
      for side in [Side.client, .server] { $0[side].idleTimeout = .seconds(15) }
      $0.client.keepAlive = asks ? .seconds(10) : nil
    }
    pair.run(until: .zero + .seconds(61))
    #expect((pair.client.state == .open) == asks)
    let pings = pair.sent(by: .client).filter { !$0.frames(.ping).isEmpty }
    #expect(pings.count == (asks ? 6 : 0))
  }
}
