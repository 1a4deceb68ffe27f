import Captures
import NetSim
import Testing

@Suite struct LogTests {
  @Test("Every captured packet is one segment record, with its number in the file")
  func segments() throws {
    let analysis = try Traces.read("h1-keepalive-drops")
    let segments = analysis.log.records.filter {
      ($0.kind == .segmentSent || $0.kind == .segmentReceived) && $0.item <= 224
    }
    #expect(segments.map(\.item) == Array(1...224))
    #expect(segments.allSatisfy { $0.side == .client })
    #expect(segments.filter { $0.kind == .segmentSent }.count == 89)
  }

  @Test("A lost packet is sent by the server under a new number, and dropped at the same time")
  func inferredPackets() throws {
    let log = try Traces.read("h1-keepalive-drops").log
    let drops = log.records.filter { $0.kind == .packetDropped }
    #expect(drops.map(\.item) == [225, 226, 227, 228])
    #expect(drops.map(\.length) == [1500, 1500, 1500, 294])
    #expect(drops.allSatisfy { $0.detail == DropReason.inferred.rawValue })
    let sent = log.records.filter { $0.kind == .segmentSent && $0.side == .server }
    #expect(sent.map(\.item) == [225, 226, 227, 228])
    #expect(sent.map(\.offset) == [12_483, 47_134, 48_582, 114_208])
    #expect(sent.map(\.time) == drops.map(\.time))
  }

  @Test("At the server the drops have the numbers of the packets that were lost")
  func dropsAtTheServer() throws {
    let log = try Traces.read("h1-keepalive-drops-server").log
    let drops = log.records.filter { $0.kind == .packetDropped }
    #expect(drops.map(\.item) == [28, 66, 68, 150])
    #expect(log.records.allSatisfy { $0.kind != .segmentSent || $0.item <= 228 })
  }

  @Test("Records stand in the order of their times, and the client's deliveries join up")
  func deliveries() throws {
    for name in ["h1-close-clean", "h1-keepalive-drops", "h2-drops", "websocket"] {
      let log = try Traces.read(name).log
      let times = log.records.map(\.time)
      #expect(times == times.sorted(), "\(name)")
      var next = [Int64](repeating: 1, count: log.connections.count)
      for record in log.records where record.kind == .bytesDelivered {
        #expect(record.offset == next[Int(record.connection)], "\(name)")
        next[Int(record.connection)] = record.offset + Int64(record.length)
      }
    }
  }

  @Test("What waits behind a hole is buffered, and delivered by the packet that fills it")
  func buffered() throws {
    let log = try Traces.read("h1-keepalive-drops").log
    let buffered = log.records.filter { $0.kind == .bytesBuffered }
    #expect(buffered.first?.item == 28)
    let release = log.records.first { $0.kind == .bytesDelivered && $0.item == 32 }
    #expect(release?.offset == 12_483)
    #expect(release?.length == 3_000)
  }

  @Test("Retransmissions carry their kind right behind their segment")
  func retransmissions() throws {
    let records = try Traces.read("h1-keepalive-drops").log.records
    let marks = records.indices.filter { records[$0].kind == .segmentRetransmission }
    #expect(marks.map { records[$0].item } == [32, 77, 79, 169])
    for mark in marks {
      #expect(records[mark].detail == RetransmissionKind.fast.rawValue)
      #expect(records[mark - 1].item == records[mark].item)
    }
  }

  @Test("A log of totals keeps no record, and the connections are the same")
  func totals() throws {
    let path = Traces.path("h1-keepalive-drops")
    let all = try CaptureAnalysis.read(path: path)
    let totals = try CaptureAnalysis.read(
      path: path, options: CaptureOptions(logLevel: .totals))
    #expect(totals.log.records.isEmpty)
    #expect(totals.connections[0].lost == all.connections[0].lost)
    #expect(totals.requests.map(\.complete) == all.requests.map(\.complete))
  }

  @Test("Every request has its beginning and its end in the log, with its index")
  func requests() throws {
    let log = try Traces.read("h1-six-clean").log
    for kind in [
      EventKind.requestQueued, .requestSent, .responseFirstByte, .responseComplete,
    ] {
      let items = log.records.filter { $0.kind == kind }.map(\.item)
      #expect(Set(items) == Set(0..<7), "\(kind)")
    }
    #expect(log.requests.count == 7)
    #expect(log.connections.count == 6)
    #expect(log.connections.allSatisfy { $0.application == .http11 })
    #expect(log.connections[0].maximumSegmentSize == 1448)
  }
}
