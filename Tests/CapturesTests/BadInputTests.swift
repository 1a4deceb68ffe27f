import Captures
import Foundation
import NetSim
import TestSupport
import Testing

@Suite struct BadInputTests {
  /// What opening a file throws.
  private func failure(_ path: String) -> CaptureError? {
    do {
      _ = try CaptureAnalysis.read(path: path)
      return nil
    } catch {
      return error
    }
  }

  /// What opening a file of these bytes throws.
  private func failure(_ bytes: [UInt8], filter: String? = nil) -> CaptureError? {
    do {
      _ = try CaptureBuilder.read(bytes, CaptureOptions(filter: filter))
      return nil
    } catch {
      return error as? CaptureError
    }
  }

  /// A small capture: a handshake, a request and its answer.
  private func smallCapture(
    _ form: CaptureBuilder.Form = .littleNanoseconds
  ) throws -> CaptureBuilder {
    var talk = Conversation(CaptureBuilder(form: form))
    try talk.handshakeAtClient()
    try talk.send(
      .client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, text: "GET /a HTTP/1.1\r\n\r\n")
    try talk.send(
      .server, ms: 81, [.psh, .ack], seq: 1, ack: 20,
      text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
    return talk.capture
  }

  @Test("A missing file, a directory, an empty file and a text are told apart, in one line each")
  func noCapture() throws {
    let missing = failure("/nowhere/x.pcap")
    #expect(missing?.kind == .missing)
    #expect(
      missing?.description
        == "/nowhere/x.pcap: there is no such file; name a capture file")
    #expect(failure(NSTemporaryDirectory())?.kind == .directory)
    #expect(failure([])?.kind == .empty)
    let text = failure(Array("this is no capture, is it?\n".utf8))
    #expect(text?.kind == .notACapture)
    for error in [missing, text] { #expect(error?.description.contains("\n") == false) }
  }

  @Test("An unknown link type names those that are known")
  func unknownLinkType() throws {
    let error = failure(CaptureBuilder(linkType: 147).bytes)
    #expect(error?.kind == .unknownLinkType)
    #expect(error?.explanation.contains("147") == true)
    #expect(error?.explanation.contains("Ethernet (1)") == true)
  }

  @Test("A filter that does not compile says why; one that does lets through what it should")
  func filters() throws {
    let capture = try smallCapture()
    #expect(failure(capture.bytes, filter: "port and")?.kind == .badFilter)
    let analysis = try capture.read(CaptureOptions(filter: "src host 10.0.0.1"))
    #expect(analysis.summary.packets == 3)
    #expect(analysis.connections[0].packets == DirectionCounts(up: 3, down: 0))
  }

  @Test("A record's length that lies stops the reading there and keeps what stood before")
  func lyingLength() throws {
    var capture = try smallCapture()
    let place = capture.bytes.count
    capture.add([1, 2, 3], atNs: 90_000_000, captured: 0x7FFF_FFFF)
    let analysis = try capture.read()
    #expect(analysis.problem?.kind == .impossibleLength)
    #expect(analysis.problem?.packet == 6)
    #expect(analysis.problem?.byteOffset == Int64(place + 8))
    #expect(analysis.summary.packets == 5)
    #expect(analysis.requests.map(\.status) == [200])
  }

  @Test("A capture cut at any byte gives an error or an answer, and never a crash")
  func cutAnywhere() throws {
    let whole = try smallCapture().bytes
    for length in 0..<whole.count {
      do {
        let analysis = try CaptureBuilder.read(Array(whole.prefix(length)))
        let isAtRecordEnd = analysis.problem == nil
        #expect(analysis.summary.packets <= 4, "cut at \(length)")
        #expect(isAtRecordEnd || analysis.problem?.kind == .truncated, "cut at \(length)")
      } catch {
        #expect(length < 24, "cut at \(length): \(error)")
      }
    }
  }

  @Test("Any single byte set to 00, 7f or ff gives an error or an answer, and never a crash")
  func flippedBytes() throws {
    let whole = try smallCapture().bytes
    for place in whole.indices {
      for value in [0x00, 0x7F, 0xFF] as [UInt8] {
        var damaged = whole
        damaged[place] = value
        _ = try? CaptureBuilder.read(damaged)
      }
    }
  }

  @Test("Damaged copies of a real capture over 60 seeds are read without a crash")
  func damagedTraces() throws {
    for seed in UInt64(1)...60 {
      var random = SeededGenerator(seed: seed)
      let name = ["h1-keepalive-drops", "sse", "h1-pipelining"].randomElement(using: &random)
      var bytes = [UInt8](
        try Data(contentsOf: URL(fileURLWithPath: Traces.path(name ?? "sse"))))
      // Headers stand near the records' beginnings: most of the damage goes there.
      var place = 24
      while place + 16 < bytes.count {
        let length = Int(bytes[place + 8]) | Int(bytes[place + 9]) << 8
        if Int.random(in: 0..<6, using: &random) == 0 {
          let target = place + 16 + Int.random(in: 0..<72, using: &random)
          if target < bytes.count { bytes[target] = .random(in: 0...255, using: &random) }
        }
        place += 16 + length
      }
      let analysis = try CaptureBuilder.read(bytes)
      #expect(analysis.summary.packets > 0, "seed \(seed)")
    }
  }

  @Test("Packets that the snapshot length cut are counted, and bodies are counted through them")
  func snapshotLength() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: "GET /a HTTP/1.1\r\n\r\n")
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    try talk.send(.server, ms: 82, seq: 1, ack: 20, text: head)
    let sequence = Int64(head.utf8.count) + 1
    try talk.send(.server, ms: 83, seq: sequence, ack: 20, length: 1000)
    // The last record keeps 60 of its 1,040 bytes.
    let whole = talk.capture.bytes
    let record = whole.count - 1040
    var cut = Array(whole.prefix(record + 60))
    cut.replaceSubrange(record - 8..<record - 4, with: [60, 0, 0, 0])
    let analysis = try CaptureBuilder.read(cut)
    #expect(analysis.problem == nil)
    #expect(analysis.summary.cutPackets == 1)
    #expect(analysis.requests.map(\.bodyBytes) == [1000])
    #expect(analysis.requests[0].complete != nil)
  }

  @Test("Times that go backwards are counted and tolerated")
  func backwards() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 20, seq: 1, ack: 1, length: 10)
    let analysis = try talk.capture.read()
    #expect(analysis.summary.backwardSteps == 1)
    #expect(analysis.summary.duration == .microseconds(40_100))
    #expect(analysis.summary.packets == 4)
  }
}
