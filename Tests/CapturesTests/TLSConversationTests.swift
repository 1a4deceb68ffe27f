import Captures
import NetSim
import Testing

/// Handshakes that were made for the purpose, segment by segment.
@Suite struct TLSConversationTests {
  /// Bytes of both ends, each in a segment of its own.
  private func connection(
    _ flights: [(Side, [UInt8])], segmentBytes: Int = 1_000
  ) throws -> (connection: CapturedConnection, kinds: [TLSMessage.Kind]) {
    var made = Conversation()
    try made.handshakeAtClient()
    var next: [Int64] = [1, 1]
    var ms = 41.0
    for (side, bytes) in flights {
      let own = side == .client ? 0 : 1
      for start in stride(from: 0, to: bytes.count, by: segmentBytes) {
        let piece = Array(bytes[start..<min(bytes.count, start + segmentBytes)])
        try made.send(side, ms: ms, seq: next[own], ack: next[1 - own], bytes: piece)
        next[own] += Int64(piece.count)
        ms += 1
      }
    }
    let analysis = try made.capture.read()
    let kinds = analysis.log.records.filter { $0.kind == .tlsMessage }
      .compactMap { TLSMessage.Kind(rawValue: $0.detail) }
    return (try #require(analysis.connections.first), kinds)
  }

  private func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [type, 3, 3, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
  }

  private func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    record(22, [type, 0, UInt8(body.count >> 8), UInt8(body.count & 255)] + body)
  }

  /// Version, random, no session, one cipher suite, no compression, extensions.
  private func clientHello(_ extensions: [UInt8]) -> [UInt8] {
    message(
      1,
      [3, 3] + [UInt8](repeating: 0x11, count: 32) + [0, 0, 2, 0x13, 1, 1, 0]
        + [0, UInt8(extensions.count)] + extensions)
  }

  private func serverHello(
    _ extensions: [UInt8], random: [UInt8] = [UInt8](repeating: 0x22, count: 32)
  ) -> [UInt8] {
    message(2, [3, 3] + random + [0, 0x13, 1, 0, 0, UInt8(extensions.count)] + extensions)
  }

  private let changeCipher: [UInt8] = [20, 3, 3, 0, 1, 1]
  private var finished: [UInt8] { record(22, [UInt8](repeating: 0xAB, count: 40)) }
  private var data: [UInt8] { record(23, [UInt8](repeating: 0xCD, count: 53)) }
  /// supported_versions: in a client's hello TLS 1.3, in a server's the same.
  private let offers13: [UInt8] = [0, 43, 0, 3, 2, 3, 4]
  private let chooses13: [UInt8] = [0, 43, 0, 2, 3, 4]
  private let serverName: [UInt8] =
    [0, 0, 0, 16, 0, 14, 0, 0, 11] + Array("example.org".utf8)

  @Test("TLS 1.2 without Certificate is a session resumed (RFC 5246 §7.3)")
  func resumed12() throws {
    let (connection, kinds) = try connection([
      (.client, clientHello(serverName)), (.server, serverHello([]) + changeCipher + finished),
      (.client, changeCipher + finished), (.client, data), (.server, data),
    ])
    #expect(connection.protocolKind == .tls)
    #expect(connection.tls?.version == .tls12)
    #expect(connection.tls?.isResumed == true)
    #expect(connection.tls?.serverNameText == "example.org")
    #expect(connection.tls?.secured == SimTime(nanoseconds: 43_000_000))
    #expect(
      kinds == [
        .clientHello, .serverHello, .changeCipherSpec, .finished, .changeCipherSpec, .finished,
      ])
  }

  @Test("TLS 1.3 with a pre-shared key in the ServerHello is resumed (RFC 8446 §2.2)")
  func resumed13() throws {
    let (connection, _) = try connection([
      (.client, clientHello(offers13)),
      (.server, serverHello(chooses13 + [0, 41, 0, 2, 0, 0]) + changeCipher + data),
      (.client, changeCipher + data),
    ])
    #expect(connection.tls?.version == .tls13)
    #expect(connection.tls?.isResumed == true)
    #expect(connection.tls?.secured == SimTime(nanoseconds: 43_000_000))
  }

  @Test("After a HelloRetryRequest the second ClientHello is read behind the change of the cipher")
  func retried() throws {
    let random: [UInt8] = [
      0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8,
      0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8,
      0x33, 0x9C,
    ]
    let (connection, kinds) = try connection([
      (.client, clientHello(offers13)), (.server, serverHello(chooses13, random: random)),
      (.client, changeCipher + clientHello(offers13)),
      (.server, serverHello(chooses13) + changeCipher + data), (.client, data),
    ])
    #expect(connection.tls?.wasRetried == true)
    #expect(connection.tls?.isResumed == false)
    #expect(connection.applicationProblem == nil)
    #expect(
      kinds == [
        .clientHello, .helloRetryRequest, .changeCipherSpec, .clientHello, .serverHello,
        .changeCipherSpec,
      ])
  }

  @Test("With early data the end of the handshake cannot be told")
  func earlyData() throws {
    let (connection, _) = try connection([
      (.client, clientHello(offers13 + [0, 42, 0, 0])), (.client, changeCipher + data),
      (.server, serverHello(chooses13 + [0, 41, 0, 2, 0, 0]) + changeCipher + data),
      (.client, data + data),
    ])
    #expect(connection.tls?.offersEarlyData == true)
    #expect(connection.tls?.isResumed == true)
    #expect(connection.tls?.secured == nil)
  }

  @Test("Records that span segments and segments of a few bytes give the same")
  func smallSegments() throws {
    for size in [1, 2, 5, 7, 50, 113] {
      let (connection, kinds) = try connection(
        [
          (.client, clientHello(serverName)),
          (.server, serverHello([]) + message(11, [UInt8](repeating: 1, count: 300))),
          (.server, message(14, [])), (.client, message(16, [1, 2]) + changeCipher + finished),
          (.server, changeCipher + finished),
        ], segmentBytes: size)
      #expect(connection.tls?.isResumed == false)
      #expect(connection.tls?.secured != nil)
      #expect(kinds.count == 9)
    }
  }

  @Test("An alert in place of a ServerHello is told")
  func alert() throws {
    let (connection, kinds) = try connection([
      (.client, clientHello(serverName)), (.server, [21, 3, 3, 0, 2, 2, 112]),
    ])
    #expect(connection.tls?.version == nil)
    #expect(connection.tls?.alert?.alert.name == "unrecognized_name")
    #expect(connection.tls?.alert?.sender == .server)
    #expect(kinds == [.clientHello])
  }

  @Test("What is no TLS behind the first hello ends the reading, and what was read stands")
  func garbage() throws {
    let (connection, kinds) = try connection([
      (.client, clientHello(serverName)), (.server, Array("SSH-2.0-x\r\n".utf8)),
      (.client, data),
    ])
    #expect(connection.tls?.serverNameText == "example.org")
    #expect(
      connection.applicationProblem
        == "byte 6 of the server's stream: what should be a TLS record is of no type that there is")
    #expect(kinds == [.clientHello])
  }

  @Test("A hole within a Certificate is passed over, one within a hello is not")
  func holes() throws {
    for (length, isRead) in [(600, true), (20, false)] {
      let server =
        serverHello([]) + message(11, [UInt8](repeating: 1, count: 900)) + message(14, [])
      let hello = clientHello(serverName)
      var made = Conversation()
      try made.handshakeAtClient()
      try made.send(.client, ms: 41, seq: 1, ack: 1, bytes: hello)
      let up = Int64(hello.count) + 1
      // The server's bytes, but for 100 of them that the client acknowledges all the same.
      try made.send(.server, ms: 81, seq: 1, ack: up, bytes: Array(server[..<length]))
      try made.send(
        .server, ms: 82, seq: Int64(length) + 101, ack: up, bytes: Array(server[(length + 100)...]))
      try made.send(.client, ms: 83, seq: up, ack: Int64(server.count) + 1)
      try made.send(.server, ms: 84, seq: Int64(server.count) + 1, ack: up, bytes: changeCipher)
      let connection = try #require(try made.capture.read().connections.first)
      #expect(connection.tls?.isResumed == (isRead ? false : nil))
      #expect((connection.applicationProblem == nil) == isRead)
    }
  }
}
