import Captures
import NetSim
import Testing

@Suite struct TraceTests {
  @Test("Every TCP capture gives the packets that the link lost, and no others")
  func lostPackets() throws {
    for truth in try Traces.truth() where !truth.file.hasPrefix("h3") {
      let name = String(truth.file.dropLast(5))
      let analysis = try Traces.read(name)
      let lost = analysis.connections.flatMap(\.lost)
      #expect(lost.map(\.length) == truth.lostPackets.map(\.payload), "\(name)")
      #expect(lost.allSatisfy { $0.sender == .server }, "\(name)")
      #expect(analysis.connections.allSatisfy { $0.possiblyLost.isEmpty }, "\(name)")
      #expect(
        analysis.connections.allSatisfy { $0.spuriousRetransmissions.total == 0 }, "\(name)")
      #expect(analysis.connections.allSatisfy { $0.outOfOrder.total == 0 }, "\(name)")
      #expect(analysis.problem == nil, "\(name)")
    }
  }

  @Test("The client's capture names the retransmissions of the four lost packets")
  func atTheClient() throws {
    let lost = try Traces.read("h1-keepalive-drops").connections[0].lost
    #expect(lost.map(\.retransmissionNumber) == [32, 77, 79, 169])
    #expect(lost.map(\.sequence) == [12_483, 47_134, 48_582, 114_208])
    #expect(lost.map(\.length) == [1448, 1448, 1448, 242])
    #expect(lost.map(\.kind) == [.fast, .fast, .fast, .fast])
    #expect(lost.allSatisfy { $0.originalNumber == nil })
  }

  @Test("The server's capture of the same run names the same bytes, and the originals")
  func atTheServer() throws {
    for (name, sequences) in [
      ("h1-keepalive-drops", [12_483, 47_134, 48_582, 114_208]),
      ("h2-drops", [12_249, 51_345, 52_793, 120_849]),
    ] as [(String, [Int64])] {
      let client = try Traces.read(name).connections[0]
      let server = try Traces.read(name + "-server").connections[0]
      #expect(client.vantage == .client)
      #expect(server.vantage == .server)
      #expect(client.lost.map(\.sequence) == sequences)
      #expect(server.lost.map(\.sequence) == sequences)
      #expect(server.lost.map(\.length) == client.lost.map(\.length))
      #expect(server.lost.allSatisfy { $0.originalNumber != nil })
    }
    let lost = try Traces.read("h1-keepalive-drops-server").connections[0].lost
    #expect(lost.map(\.originalNumber) == [28, 66, 68, 150])
    #expect(lost.map(\.retransmissionNumber) == [33, 79, 81, 165])
  }

  @Test("Round trips are 40 ms and some serialisation, at either end")
  func roundTrips() throws {
    for truth in try Traces.truth() where !truth.file.hasPrefix("h3") {
      for connection in try Traces.read(String(truth.file.dropLast(5))).connections {
        let handshake = Traces.ms(connection.handshakeRTT)
        #expect(handshake > 40 && handshake < 43, "\(truth.file)")
        let least = Traces.ms(connection.minimumRTT)
        #expect(least > 40 && least < 41, "\(truth.file)")
      }
    }
  }

  @Test("Every estimated bottleneck is within 3 % of the link's 10 Mb/s")
  func bottleneck() throws {
    var estimates = 0
    for truth in try Traces.truth() where !truth.file.hasPrefix("h3") {
      for connection in try Traces.read(String(truth.file.dropLast(5))).connections {
        for rate in [connection.bottleneckUp, connection.bottleneckDown] {
          guard let rate else { continue }
          estimates += 1
          let megabits = Double(rate.bitsPerSecond) / 1e6
          #expect(megabits > 9.7 && megabits < 10.3, "\(truth.file): \(megabits)")
        }
      }
    }
    #expect(estimates >= 15)
  }

  @Test("nginx sends ten segments before it must wait")
  func initialWindow() throws {
    let connections = try Traces.read("h1-close-clean").connections
    // Objects 3 to 6 are larger than ten segments; the head goes in a segment of its own.
    for connection in connections[3...] {
      #expect(connection.initialWindowDown?.segments == 10)
      #expect(connection.initialWindowDown?.bytes == 13_269)
      #expect(connection.initialWindowDown?.isLimit == true)
    }
    #expect(connections[1].initialWindowDown?.isLimit == false)
  }

  @Test("The protocol of a connection is found from its first bytes")
  func protocols() throws {
    #expect(try Traces.read("h1-six-clean").summary.connectionsByProtocol == [.http1: 6])
    #expect(try Traces.read("h2-clean").summary.connectionsByProtocol == [.tls: 1])
    #expect(try Traces.read("grpc").summary.connectionsByProtocol == [.http2: 1])
    let h3 = try Traces.read("h3-clean").summary
    #expect(h3.tcpPackets == 0)
    #expect(h3.quicPackets + h3.unread[.otherTransport] == 235)
    #expect(h3.quicConversations == 1)
  }
}

@Suite struct TraceRequestTests {
  @Test(
    "Requests take as long as curl says, to a millisecond or so",
    arguments: [
      "h1-close-clean", "h1-keepalive-clean", "h1-keepalive-drops",
    ])
  func timesOfCurl(name: String) throws {
    let requests = try Traces.read(name).requests
    let lines = try #require(try Traces.truth().first { $0.file == name + ".pcap" }?.client)
    #expect(requests.count == 7)
    for (request, line) in zip(requests, lines) {
      let fields = line.split(separator: " ").map(String.init)
      #expect(fields[0].hasSuffix(request.targetText))
      #expect(request.bodyBytes == Int64(fields[6]))
      #expect(request.status == 200)
      let connect = try #require(Double(fields[2])) * 1e3
      let firstByte = try #require(Double(fields[4])) * 1e3
      let total = try #require(Double(fields[5])) * 1e3
      // curl counts from before its connect; the capture from the request's first byte.
      let readByteMs = Traces.ms(request.firstByte.map { $0 - request.sent })
      let readAllMs = Traces.ms(request.complete.map { $0 - request.sent })
      #expect(abs(connect + readByteMs - firstByte) < 1, "\(line)")
      #expect(abs(connect + readAllMs - total) < 1, "\(line)")
    }
  }

  @Test("Pipelined requests are sent together and answered in order")
  func pipelining() throws {
    let requests = try Traces.read("h1-pipelining").requests
    #expect(requests.map(\.targetText) == ["/slow", "/b", "/c", "/d"])
    #expect(requests.map(\.bodyBytes) == [3000, 1200, 1200, 1200])
    let sent = requests.map { $0.sent.nanoseconds }
    #expect(sent[3] - sent[0] < 1_000_000)
    let complete = requests.compactMap { $0.complete?.nanoseconds }
    #expect(complete.count == 4 && complete == complete.sorted())
  }

  @Test("A WebSocket's opening is one request with status 101; what follows is no HTTP")
  func webSocket() throws {
    let analysis = try Traces.read("websocket")
    #expect(analysis.requests.map(\.status) == [101])
    #expect(analysis.connections[0].applicationProblem == nil)
  }

  @Test("An event stream that ends without its last chunk is a request that failed, with what came")
  func eventStream() throws {
    let requests = try Traces.read("sse").requests
    #expect(requests.count == 2)
    #expect(requests.allSatisfy { $0.complete == nil && $0.failed != nil && $0.status == 200 })
    #expect(requests.allSatisfy { ($0.bodyBytes ?? 0) > 400 })
  }

  @Test("At the server, requests are seen arriving and responses leaving")
  func atTheServer() throws {
    let analysis = try Traces.read("h1-keepalive-drops-server")
    #expect(analysis.requests.map(\.bodyBytes) == [12000, 3000, 8000, 30000, 60000, 15000, 45000])
    let kinds = analysis.log.records.map(\.kind)
    #expect(kinds.filter { $0 == .requestReceived }.count == 7)
    #expect(kinds.filter { $0 == .responseSent }.count == 7)
  }
}
