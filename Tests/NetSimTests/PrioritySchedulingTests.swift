import Testing

@testable import NetSim

/// What priorities do to the order of responses, where times can be counted: in `ideal`, in the clear,
/// at 10 Mb/s with a round trip of 100 ms.
@Suite struct PrioritySchedulingTests: HTTP2Runs {
  private func scenario(
    _ sizes: [Int64], _ scheduler: StreamScheduler,
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    scenario(sizes, rate: .megabits(10)) {
      $0.http2.client.scheduler = scheduler
      $0.http2.server.scheduler = scheduler
      // Requests of 10 bytes, and heads of one behind the nine of their frame.
      for index in $0.objects.indices {
        $0.objects[index].request = ByteCount(10)
        $0.objects[index].responseHead = ByteCount(1)
      }
      change(&$0)
    }
  }

  /// The streams of the data frames that a server wrote, in their order.
  private func dataFrames(_ log: EventLog) -> [UInt32] {
    frames(.data, of: .server, log).map(\.item)
  }

  // MARK: Two responses of 100,000 bytes

  /// Counted by hand. The window lets 10 packets go: one with SETTINGS, whose acknowledgement does not
  /// make it grow, and 9 full segments; then 19, 38 and the rest, 1.2 ms each. The rounds' first ones
  /// arrive at 201.4376 (a round trip to connect, one to ask, 1.2 ms of its own, and 237.6 µs for SYNs,
  /// SETTINGS and requests), 301.4376, 402.6376 and 503.8376 ms. The n-th segment from the 67th on then
  /// arrives at 503.8376 + (n − 67) · 1.2 ms.
  ///
  /// A response is 10 bytes of HEADERS, 100,000 and seven headers of frames: 100,073. Both are 137 full
  /// segments and one of 126 bytes, which takes 0.1328 ms: the last is there at 587.9704 ms. With
  /// `urgency` both ends' SETTINGS have six bytes more, 9.6 µs.
  ///
  /// - `sequential`: the first is whole with the 69th segment.
  /// - `roundRobin`: the server has A's request 40 µs earlier and fills its buffer of 29,200 bytes with
  ///   two of A's frames; then by turns. Behind four frames of B, 165,655 bytes, A is whole with the
  ///   114th segment.
  /// - `urgency` with B before A: behind those two frames, 132,869 bytes, B is whole with the 92nd.
  @Test(
    arguments: [
      (.sequential, 506.2376, 587.9704), (.roundRobin, 560.2376, 587.9704),
      (.urgency, 587.98, 533.8472),
    ] as [(StreamScheduler, Double, Double)])
  func whoComesFirstAndWhen(scheduler: StreamScheduler, ofA: Double, ofB: Double) {
    let report = run(
      scenario([100_000, 100_000], scheduler) { $0.objects[1].priority.field.urgency = 0 }
    ).report
    #expect(milliseconds(report) == [ofA, ofB])
  }

  /// Of the same urgency, what is incremental goes by turns, and what is not one after the other; the
  /// latter together have a turn among the former.
  @Test(
    arguments: [
      ([false, false, false], [1, 1, 1, 3, 3, 3, 5, 5, 5]),
      ([true, true, true], [1, 3, 5, 1, 3, 5, 1, 3, 5]),
      ([false, true, false], [1, 3, 1, 3, 1, 3, 5, 5, 5]),
      ([true, false, false], [1, 3, 1, 3, 1, 3, 5, 5, 5]),
    ] as [([Bool], [UInt32])])
  func incrementalResponsesShare(areIncremental: [Bool], order: [UInt32]) {
    let log = run(
      scenario([49_152, 49_152, 49_152, 100_000], .urgency) { client in
        for index in 0..<3 {
          client.objects[index].priority.field.isIncremental = areIncremental[index]
          client.objects[index].priority.field.urgency = 1
        }
        // What holds the buffer until all of them are there.
        client.objects[3].priority.field.urgency = 0
        client.objects.insert(client.objects.removeLast(), at: 0)
      }
    ).log
    #expect(dataFrames(log).drop { $0 == 1 }.map { $0 - 2 } == order)
  }

  // MARK: A frame that has begun

  /// A response of one byte that is ready a nanosecond after a data frame was begun, and more urgent,
  /// waits until all of that is sent: the payload at 10 Mb/s, and 19 bytes of HTTP/2 and 40 of headers
  /// for each of its segments of 1,460 bytes.
  @Test(
    arguments: [
      (16, 13.1072, 12), (256, 209.7152, 180), (512, 419.4304, 360), (1024, 838.8608, 719),
      (2048, 1677.7216, 1437),
    ] as [(Int64, Double, Int64)])
  func anUrgentResponseWaitsForTheFrame(kibibytes: Int64, payload: Double, segments: Int64) throws {
    let report = run(
      scenario([kibibytes << 10, 1], .urgency) { client in
        client.transport.initialWindow = 2000
        client.http2.client.maxFrameSize = kibibytes << 10
        client.objects[1].serverTime = SimDuration(nanoseconds: 1)
        client.objects[1].priority.field.urgency = 0
      }
    ).report
    // The frame's first packet is full: it was begun 1.2 ms, and 50 ms of the way, before that was there.
    // The urgent response's packet has 60 bytes: it was begun 0.048 ms and 50 ms before.
    let first = try #require(report.requests[0].firstByte)
    let urgent = try #require(report.requests[1].firstByte)
    let wait = urgent - first + SimDuration.microseconds(1_200 - 48)
    let headers = Double(19 + 40 * segments) * 8 / 10_000
    #expect(abs(Double(wait.nanoseconds) / 1e6 - payload - headers) < 1e-6)
  }

  /// The same response in frames of 16 KiB: only what the send buffer took is before the urgent one, here
  /// with a window of 10 segments two frames.
  @Test(arguments: [(16, 2), (1024, 1)] as [(Int64, Int)])
  func smallFramesLetUrgentOnesIn(kibibytes: Int64, frames: Int) throws {
    let log = run(
      scenario([1 << 20, 1], .urgency) { client in
        client.http2.client.maxFrameSize = kibibytes << 10
        client.objects[1].priority.field.urgency = 0
      }
    ).log
    let before = dataFrames(log).prefix { $0 == 1 }
    #expect(before.count == frames)
  }

  // MARK: Starvation

  /// A response without end keeps a less urgent one from the connection for ever; with turns or weights it
  /// does not.
  @Test(
    arguments: [
      (.urgency, false), (.sequential, false), (.roundRobin, true), (.tree, true),
    ] as [(StreamScheduler, Bool)])
  func whoStarves(scheduler: StreamScheduler, isServed: Bool) {
    var scenario = scenario([1_000_000_000, 10_000], scheduler) { client in
      client.objects[0].priority.field.urgency = 0
      client.objects[0].priority.weight = 256
      client.objects[1].priority.weight = 1
      client.transport.receiveWindow = ByteCount(100_000)
    }
    scenario.timeLimit = .seconds(10)
    let report = run(scenario).report
    #expect(report.requests[0].firstByte != nil)
    #expect((report.requests[1].complete != nil) == isServed)
  }

  // MARK: Later priorities

  /// From the next frame on, and over HTTP/2's own frame: PRIORITY_UPDATE of 9 + 4 + 3 bytes.
  @Test func aLaterUrgencyHoldsFromTheNextFrameOn() throws {
    let (report, log) = run(
      scenario([500_000, 500_000], .urgency) { client in
        client.objects[1].reprioritization = Reprioritization(
          after: .milliseconds(250), priority(urgency: 0))
      })
    #expect(report.requests.allSatisfy { $0.complete != nil })
    let update = try #require(
      log.records.firstIndex {
        $0.kind == .frameReceived && $0.detail == HTTP2FrameType.priorityUpdate.rawValue
      })
    #expect(log.records[update].item == 3 && log.records[update].length == 16)
    #expect(log.records[update].side == .server)
    let frames = log.records.enumerated().filter {
      $0.element.kind == .frameSent && $0.element.side == .server
        && $0.element.frameType == .data
    }
    #expect(frames.filter { $0.offset < update }.allSatisfy { $0.element.item == 1 })
    // 500,000 bytes are 31 frames.
    let after = frames.filter { $0.offset > update }.map(\.element.item)
    #expect(after.prefix(31).allSatisfy { $0 == 3 })
    #expect(after.dropFirst(31).allSatisfy { $0 == 1 } && after.count > 31)
  }

  /// A stream that comes to depend on one that depended on it gives way to that (RFC 7540 §5.3.3):
  /// PRIORITY of 9 + 5 bytes.
  @Test func aLaterDependencyTurnsTheOrderRound() throws {
    let log = run(
      scenario([500_000, 500_000], .tree) { client in
        client.objects[1].priority.dependsOn = 0
        var later = ObjectPriority()
        later.dependsOn = 1
        client.objects[0].reprioritization = Reprioritization(after: .milliseconds(250), later)
      }
    ).log
    let change = try #require(
      log.records.first {
        $0.kind == .frameReceived && $0.detail == HTTP2FrameType.priority.rawValue
      })
    #expect(change.item == 1 && change.length == 14)
    let order = dataFrames(log)
    let first = order.prefix { $0 == 1 }.count
    #expect(first > 0 && first < 31)
    #expect(order.dropFirst(first).prefix(31).allSatisfy { $0 == 3 })
    let signals = log.requests[0].priority
    #expect(signals.dependency == nil && signals.laterDependency?.dependency == 3)
    #expect(log.requests[1].priority.dependency?.dependency == 1)
  }

  private func priority(urgency: UInt8) -> ObjectPriority {
    var priority = ObjectPriority()
    priority.field.urgency = urgency
    return priority
  }

  // MARK: What is sent

  /// The fields of a request have its priority where it is not the default, and HEADERS five bytes more
  /// where they have the one of RFC 7540; who goes by urgency says so in SETTINGS.
  @Test func prioritiesHaveTheirBytes() {
    func bytes(_ scheduler: StreamScheduler, _ priority: ObjectPriority) -> [Int64] {
      let log = run(
        scenario([1000], scheduler) { client in
          client.objects[0].request = nil
          client.objects[0].priority = priority
        }
      ).log
      let settings = log.records.first { $0.kind == .frameSent }
      return [log.requests[0].requestBytes, Int64(settings?.length ?? 0)]
    }
    var heavy = ObjectPriority()
    heavy.weight = 256
    let plain = bytes(.roundRobin, ObjectPriority())
    #expect(plain[1] == 9 + 18)
    #expect(bytes(.roundRobin, priority(urgency: 0)) == [plain[0] + 12, 27])
    #expect(bytes(.urgency, priority(urgency: 0)) == [plain[0] + 12, 33])
    #expect(bytes(.urgency, priority(urgency: 3)) == [plain[0], 33])
    #expect(bytes(.tree, heavy) == [plain[0] + 5, 27])
    #expect(bytes(.tree, ObjectPriority()) == plain)
    #expect(bytes(.urgency, heavy) == [plain[0], 33])
  }

  /// A client that goes by RFC 7540 stops when it knows that the server does not (RFC 9218 §2.1.1), and
  /// the server makes nothing of what came before.
  @Test func aServerMayRefuseTheTree() {
    let log = run(
      scenario([1000, 1000, 1000], .tree) { client in
        client.http2.server.scheduler = .urgency
        client.start = .afterFirst
        for index in 0..<3 { client.objects[index].priority.weight = 200 }
      }
    ).log
    #expect(log.requests[0].priority.dependency?.weightLessOne == 199)
    #expect(log.requests.dropFirst().allSatisfy { $0.priority.dependency == nil })
  }

  /// A server that goes by turns hears nothing of urgencies, and is told of no others (RFC 9218 §2.1.1).
  @Test func aServerThatDoesNotListenIsNotTold() {
    let log = run(
      scenario([100_000, 100_000], .roundRobin) { client in
        client.objects[1].priority.field.urgency = 0
        client.objects[1].reprioritization = Reprioritization(
          after: .milliseconds(150), priority(urgency: 7))
      }
    ).log
    #expect(log.requests[1].priority.field.urgency == 0)
    #expect(log.requests[1].priority.laterField == nil)
  }

  // MARK: Properties

  /// No data of a response is written while one that goes before it could be: a more urgent one, or of
  /// the same urgency an earlier one that is not incremental, as is this. Everything is served.
  @Test(arguments: UInt64(1)...300)
  func nothingPassesWhatIsMoreUrgent(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "urgency test")
    let sizes = (0...random.next(below: 9)).map { _ in Int64(random.next(below: 120_000)) }
    let scenario = scenario(sizes, .urgency) { client in
      for index in client.objects.indices {
        client.objects[index].serverTime = .milliseconds(Int64(random.next(below: 200)))
        client.objects[index].priority.field = HTTPPriority(
          urgency: UInt8(random.next(below: 3)), isIncremental: random.next(below: 3) == 0)
      }
      client.http2.server.mostData = 200 + Int64(random.next(below: 20_000))
      if random.next(below: 2) == 0 { client.http2.client.connectionWindow = 65_535 }
    }
    let (report, log) = run(scenario)
    #expect(report.requests.allSatisfy { $0.complete != nil }, "seed \(seed)")
    var sent = sizes.map { _ in Int64(0) }
    var ready = sizes.map { _ in SimTime.never }
    for record in log.records {
      if record.kind == .requestReceived {
        let item = Int(record.item)
        ready[item] = record.time + (scenario.clients[0].objects[item].serverTime ?? .zero)
      }
      guard record.kind == .frameSent, record.side == .server, record.frameType == .data,
        let item = log.requests.firstIndex(where: { $0.stream == record.item })
      else { continue }
      let own = scenario.clients[0].objects[item].priority.field
      for (other, object) in scenario.clients[0].objects.enumerated()
      where ready[other] < record.time && sent[other] < sizes[other] && other != item {
        let field = object.priority.field
        let isFirst =
          field.urgency < own.urgency
          || field.urgency == own.urgency && !field.isIncremental && !own.isIncremental
            && other < item
        #expect(!isFirst, "seed \(seed): \(item) before \(other) at \(record.time)")
      }
      sent[item] += Int64(record.length) - 9
    }
    #expect(sent == sizes, "seed \(seed)")
  }

  /// By turns or by weights everything gets on: while a response has more to send, no other has more
  /// frames written than its weight allows, and one. All objects are ready together, and no window holds
  /// them.
  @Test(arguments: UInt64(1)...300)
  func nobodyStarvesByTurns(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "turns test")
    let isTree = seed % 2 == 0
    let sizes = (0...random.next(below: 6)).map { _ in 1 + Int64(random.next(below: 200_000)) }
    let scenario = scenario(sizes, isTree ? .tree : .roundRobin) { client in
      for index in client.objects.indices {
        if isTree { client.objects[index].priority.weight = 1 + Int(random.next(below: 256)) }
      }
      client.http2.server.mostData = 1000
    }
    let (report, log) = run(scenario)
    #expect(report.requests.allSatisfy { $0.complete != nil }, "seed \(seed)")
    let weights = scenario.clients[0].objects.map { Int64($0.priority.weight) }
    var sent = sizes.map { _ in Int64(0) }
    var starts: [Int64]?
    for record in log.records where record.kind == .frameSent && record.side == .server {
      guard record.frameType == .data else { continue }
      let item = Int(record.item / 2)
      sent[item] += Int64(record.length) - 9
      // From when all have begun; until one is whole.
      if starts == nil, sent.allSatisfy({ $0 > 0 }) { starts = sent }
      guard let starts, zip(sent, sizes).allSatisfy({ $0 < $1 }) else { continue }
      for other in sizes.indices {
        let ahead = (sent[item] - starts[item]) * weights[other]
        let behind = (sent[other] - starts[other]) * weights[item]
        #expect(
          ahead - behind <= 1001 * (weights[other] + weights[item]),
          "seed \(seed): \(item) is too far before \(other)")
      }
    }
    #expect(sent == sizes, "seed \(seed)")
  }
}
