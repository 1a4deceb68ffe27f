import NetSim
import Testing

/// Responses that come in parts, in chunks, up to the connection's end, with hints, or with a wrong
/// length. All in `ideal` with a round trip of 100 ms, so that times can be counted.
@Suite struct ResponseTests {
  private func run(
    _ objects: [ObjectSettings], _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> RunReport {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].objects = objects
    change(&scenario.clients[0])
    var simulator = Simulator(scenario)
    return simulator.run()
  }

  private func object(
    _ bytes: Int64, _ change: (inout ObjectSettings) -> Void = { _ in }
  ) -> ObjectSettings {
    var object = ObjectSettings(ByteCount(bytes))
    change(&object)
    return object
  }

  private func milliseconds(_ time: SimTime?) -> Double? {
    time.map { Double($0.nanoseconds) / 1e6 }
  }

  // MARK: Parts

  /// Head and first part leave at 150 ms, the second part 60 ms later.
  @Test func aPartComesWhenTheServerHasIt() {
    let report = run([
      object(3000) {
        $0.response.parts = [
          ResponsePart(ByteCount(1000), after: .zero),
          ResponsePart(ByteCount(2000), after: .milliseconds(60)),
        ]
      }
    ])
    #expect(milliseconds(report.requests[0].firstByte) == 200)
    #expect(milliseconds(report.complete) == 260)
    #expect(report.requests[0].time(.server) == .milliseconds(60))
  }

  /// RFC 9112 §7.1: 32,768 bytes a chunk take their four digits and two ends of line; the rest of 2,000
  /// bytes has three digits; and `0` with two ends of line closes.
  @Test func chunksHaveTheirLines() {
    #expect(ChunkedCoding.bytes(of: 32_768) == 32_768 + 4 + 4)
    #expect(ChunkedCoding.bytes(of: 34_768) == 34_768 + 8 + 3 + 4)
    #expect(ChunkedCoding.bytes(of: 0) == 0)
    #expect(ChunkedCoding.line(of: 2000) == Array("7d0\r\n".utf8))
    // 34,768 bytes with their chunks, the last chunk, and the head without a length.
    let head = HTTP1Head.response(bodyBytes: 34_768, keepAlive: true, framing: .chunked)
    let chunked = run([object(34_768) { $0.response.framing = .chunked }])
    let plain = run([object(34_768)])
    let plainHead = HTTP1Head.response(bodyBytes: 34_768, keepAlive: true)
    let more = chunked.connections[0].bytes.down - plain.connections[0].bytes.down
    #expect(more == Int64(15 + 5 + head.count - plainHead.count))
  }

  /// A client of HTTP/1.0 knows no chunks: it gets the body up to the end of the connection.
  @Test func anOldClientGetsNoChunks() {
    let objects = [object(5000) { $0.response.framing = .chunked }, object(5000)]
    let old = run(objects) {
      $0.application = .http10
      $0.keepAlive = true
    }
    #expect(old.complete != nil && old.connections.count == 2)
    let new = run(objects)
    #expect(new.complete != nil && new.connections.count == 1)
  }

  /// What ends with the connection needs a new one for the next: a round trip more.
  @Test func aBodyThatEndsWithTheConnection() {
    let report = run([object(5000) { $0.response.framing = .untilClose }, object(5000)]) {
      $0.start = .inSeries
    }
    #expect(milliseconds(report.requests[0].complete) == 200)
    #expect(milliseconds(report.complete) == 400)
    #expect(report.connections.count == 2)
  }

  /// After a `101` the connection is another protocol's, and not used again.
  @Test func anUpgradeTakesTheConnectionAway() {
    let report = run([object(5000) { $0.response.framing = .upgrade }, object(5000)]) {
      $0.application = .http11Pipelined
    }
    #expect(report.complete != nil && report.connections.count == 2)
    // The second is not sent behind the first, and asks for a connection when that is upgraded.
    #expect(milliseconds(report.requests[1].sent) == 300)
  }

  // MARK: What a client learns on the way

  /// The page's think time is 200 ms: with hints its style arrives before the page does.
  @Test func hintsSaveTheThinkTime() {
    func page(hints: SimDuration?) -> RunReport {
      run([
        object(5000) {
          $0.serverTime = .milliseconds(200)
          $0.response.hintsAfter = hints
        },
        object(5000) {
          $0.after = 0
          $0.trigger = hints == nil ? .complete : .hints
        },
      ]) { $0.connections = 2 }
    }
    let (with, without) = (page(hints: .zero), page(hints: nil))
    // 100 to connect, 100 for the hints; a connection and the style take 200 more.
    #expect(milliseconds(with.requests[1].queued) == 200)
    #expect(milliseconds(with.complete) == 400)
    #expect(milliseconds(without.complete) == 500)
  }

  /// An object that is named 10,000 bytes into a page of ten segments is asked for with that segment,
  /// one that is named at 15,000 bytes with the second flight.
  @Test(arguments: [(10_000, 200), (14_000, 200), (15_000, 300)] as [(Int64, Double)])
  func anObjectIsAskedForWhereItIsNamed(offset: Int64, time: Double) {
    let report = run([
      object(30_000),
      object(1000) {
        $0.after = 0
        $0.trigger = .bytes(ByteCount(offset))
      },
    ]) { $0.connections = 2 }
    #expect(milliseconds(report.requests[1].queued) == time)
    #expect(report.complete != nil)
  }

  /// Over TLS what stands in a record is read when the record is whole: at its end, 16,384 bytes from
  /// the beginning of the head, which the second flight brings.
  @Test func aRecordIsReadWhenItIsWhole() {
    func run(_ tls: TLSMode?) -> RunReport {
      self.run([
        object(30_000),
        object(1000) {
          $0.after = 0
          $0.trigger = .bytes(ByteCount(1000))
        },
      ]) {
        $0.connections = 2
        $0.tls = tls.map {
          var settings = TLSSettings($0)
          settings.tickets = 0
          return settings
        }
      }
    }
    #expect(milliseconds(run(nil).requests[1].queued) == 200)
    #expect(milliseconds(run(.full13).requests[1].queued) == 400)
  }

  /// What a page never comes to name is asked for when the page is complete.
  @Test func whatIsNamedBehindTheEndIsAskedForAtTheEnd() {
    let report = run([
      object(3000),
      object(1000) {
        $0.after = 0
        $0.trigger = .bytes(ByteCount(5000))
      },
    ])
    #expect(milliseconds(report.requests[1].queued) == 200)
    #expect(report.complete != nil)
  }

  // MARK: Wrong lengths

  /// The client takes the last 1,000 bytes of the first body for the answer to its second request,
  /// which fails; the third asks on a new connection.
  @Test func aLengthThatIsTooSmallGarblesTheNextResponse() {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].objects = [
      object(5000) { $0.response.declaredLength = ByteCount(4000) }, object(5000), object(5000),
    ]
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.requests.map { $0.complete != nil } == [true, false, true])
    #expect(report.requests[1].failed != nil)
    #expect(report.connections.count == 2)
    let garbled = simulator.log.records.filter { $0.kind == .responseGarbled }
    #expect(garbled.map(\.item) == [1])
    // The head of 4,000 bytes' length, and as many bytes; the stream's first byte is 1.
    let head = HTTP1Head.response(bodyBytes: 5000, keepAlive: true, declaredLength: 4000)
    #expect(garbled.map(\.offset) == [Int64(1 + head.count + 4000)])
    #expect(report.waits.isEmpty)
  }

  /// Nobody waits for a body that a lone response promises and does not have: the run ends, and says
  /// who waits for what. A server that closes ends the wait.
  @Test func aLengthThatIsTooLargeIsWaitedFor() {
    let objects = [object(5000) { $0.response.declaredLength = ByteCount(6000) }, object(5000)]
    let endless = run(objects)
    #expect(endless.complete == nil && !endless.wasStopped)
    #expect(
      endless.waits == [
        StandingWait(request: 0, party: .client, connection: 0, awaited: .rest(1000)),
        StandingWait(request: 0, party: .server, connection: 0, awaited: .request),
        StandingWait(request: 1, party: .client, connection: nil, awaited: .connection),
      ])
    let closed = run(objects) { $0.persistence.serverIdleLimit = .seconds(5) }
    // The first got a part of its answer and is not repeated; the second goes on.
    #expect(closed.requests[0].failed != nil && closed.requests[1].complete != nil)
    #expect(closed.waits.isEmpty)
    #expect(milliseconds(closed.requests[0].failed) == 5200)
  }

  /// Pipelined, the promise is kept with the beginning of the next response.
  @Test func aLengthThatIsTooLargeSwallowsTheNextResponse() {
    let objects = [
      object(5000) { $0.response.declaredLength = ByteCount(6000) }, object(5000), object(5000),
    ]
    let report = run(objects) { $0.application = .http11Pipelined }
    #expect(report.requests[0].complete != nil)
    #expect(report.requests[1].failed != nil)
    #expect(report.requests[2].complete != nil && report.connections.count == 2)
  }
}
