import NetSim
import TestSupport
import Testing

@Suite struct TLSTests {
  /// A ClientHello without its header: TLS 1.3 or 1.2, `localhost`, h2 or http/1.1.
  static let clientHello: [UInt8] =
    [0x03, 0x03] + [UInt8](repeating: 0x11, count: 32) + [0, 0, 2, 0x13, 0x01, 1, 0, 0, 45]
    + [0, 0, 0, 14, 0, 12, 0, 0, 9] + Array("localhost".utf8)
    + [0, 16, 0, 14, 0, 12, 2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)
    + [0, 43, 0, 5, 4, 3, 4, 3, 3]

  /// A ServerHello of TLS 1.2 that chooses h2.
  static let serverHello12: [UInt8] =
    [0x03, 0x03] + [UInt8](repeating: 0x22, count: 32) + [0, 0xC0, 0x2F, 0, 0, 9]
    + [0, 16, 0, 5, 0, 3, 2] + Array("h2".utf8)

  /// A ServerHello of TLS 1.3.
  static let serverHello13: [UInt8] =
    [0x03, 0x03] + [UInt8](repeating: 0x22, count: 32)
    + [0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4]

  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 255), UInt8(body.count & 255)] + body
  }

  static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [type, 3, 3, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
  }

  /// What a stream that comes in pieces of `size` bytes gives, with the error that ends it.
  private func read(
    _ bytes: [UInt8], pieces size: Int = .max, as reader: TLSReader = TLSReader(offset: 1)
  ) -> (events: [TLSEvent], error: TLSError?, reader: TLSReader) {
    var reader = reader
    var events: [TLSEvent] = []
    var start = 0
    while start < bytes.count {
      let end = size < bytes.count - start ? start + size : bytes.count
      var failure: TLSError?
      bytes[start..<end].withUnsafeBytes { raw in
        var position = 0
        do throws(TLSError) {
          while let event = try reader.next(raw, &position) { events.append(event) }
        } catch { failure = error }
      }
      if let failure { return (events, failure, reader) }
      start = end
    }
    return (events, nil, reader)
  }

  private func messages(_ events: [TLSEvent]) -> [TLSPlainMessage] {
    events.compactMap { if case .message(let message) = $0 { message } else { nil } }
  }

  private func records(_ events: [TLSEvent]) -> [TLSRecord] {
    events.compactMap { if case .record(let record) = $0 { record } else { nil } }
  }

  private func serverHello(_ body: [UInt8]) throws -> TLSServerHello { try TLSServerHello(body) }

  // MARK: Hellos

  @Test("A ClientHello says what it offers (RFC 8446 §4.1.2)")
  func readClientHello() throws {
    let hello = try TLSClientHello(Self.clientHello)
    #expect(hello.legacyVersion == .tls12)
    #expect(hello.random == [UInt8](repeating: 0x11, count: 32))
    #expect(hello.sessionID.isEmpty)
    #expect(hello.supportedVersions == [.tls13, .tls12])
    #expect(String(decoding: hello.serverName, as: UTF8.self) == "localhost")
    #expect(
      hello.applicationProtocols.map { String(decoding: $0, as: UTF8.self) } == ["h2", "http/1.1"])
    #expect(!hello.offersPreSharedKey)
    #expect(!hello.offersEarlyData)
  }

  @Test("supported_versions of a ServerHello counts before its old field (RFC 8446 §4.2.1)")
  func readServerHello() throws {
    let old = try serverHello(Self.serverHello12)
    #expect(old.version == .tls12)
    #expect(old.applicationProtocol == Array("h2".utf8))
    #expect(old.cipherSuite == 0xC02F)
    let new = try serverHello(Self.serverHello13)
    #expect(new.legacyVersion == .tls12)
    #expect(new.version == .tls13)
    #expect(new.version.name == "1.3")
    #expect(new.applicationProtocol == nil)
    #expect(!new.hasPreSharedKey)
    #expect(!new.isRetryRequest)
    // pre_shared_key with the first identity (RFC 8446 §4.2.11).
    var resumed = Self.serverHello13 + [0, 41, 0, 2, 0, 0]
    resumed[39] = 12
    #expect(try serverHello(resumed).hasPreSharedKey)
  }

  @Test("A HelloRetryRequest is a ServerHello with one special random (RFC 8446 §4.1.3)")
  func retryRequest() throws {
    let random: [UInt8] = [
      0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8,
      0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8,
      0x33, 0x9C,
    ]
    let bytes = Self.serverHello13[..<2] + random + Self.serverHello13[34...]
    let hello = try serverHello(Array(bytes))
    #expect(hello.isRetryRequest)
    let events = read(Self.record(22, Self.message(2, Array(bytes)))).events
    #expect(messages(events).map(\.kind) == [.helloRetryRequest])
  }

  @Test("Hellos before extensions have none (RFC 5246 §7.4.1.2)")
  func noExtensions() throws {
    #expect(try TLSClientHello(Array(Self.clientHello[..<41])).supportedVersions.isEmpty)
    #expect(try serverHello(Array(Self.serverHello12[..<38])).version == .tls12)
  }

  @Test("A hello that is cut or has a length that lies is malformed")
  func malformedHellos() {
    for length in 0..<Self.clientHello.count where length != 41 {
      #expect(throws: TLSError.hello, "\(length) bytes") {
        try TLSClientHello(Array(Self.clientHello[..<length]))
      }
    }
    for length in 0..<Self.serverHello12.count where length != 38 {
      #expect(throws: TLSError.hello, "\(length) bytes") {
        try TLSServerHello(Array(Self.serverHello12[..<length]))
      }
    }
    #expect(throws: TLSError.hello) { try TLSClientHello(Self.clientHello + [0]) }
    var bytes = Self.clientHello
    bytes[34] = 33
    #expect(throws: TLSError.hello) { try TLSClientHello(bytes) }
  }

  // MARK: Records and messages

  @Test("Records are told with their places, types and lengths, whatever the pieces")
  func plainRecords() throws {
    let bytes =
      Self.record(22, Self.message(1, Self.clientHello)) + Self.record(20, [1])
      + Self.record(23, [UInt8](repeating: 7, count: 300))
    let (events, error, reader) = read(bytes)
    #expect(error == nil)
    #expect(reader.offset == 1 + 97 + 6 + 305)
    #expect(reader.isBetweenRecords)
    #expect(records(events).map(\.offset) == [1, 98, 104])
    #expect(records(events).map(\.length) == [92, 1, 300])
    #expect(records(events).map(\.wireBytes) == [97, 6, 305])
    #expect(
      records(events).map(\.contentType) == [.handshake, .changeCipherSpec, .applicationData])
    #expect(records(events).map(\.isProtected) == [false, false, true])
    #expect(messages(events).map(\.wireBytes) == [97])
    for size in 1...60 {
      let pieces = read(bytes, pieces: size)
      #expect(pieces.events == events)
      #expect(pieces.reader.offset == reader.offset)
    }
  }

  @Test("Messages share a record, or span records (RFC 8446 §5.1)")
  func fragmentation() {
    let certificate = Self.message(11, [UInt8](repeating: 9, count: 500))
    let flight = Self.message(2, Self.serverHello12) + certificate + Self.message(14, [])
    // One record holds all three: 53, 504 and 4 bytes behind its header.
    let together = read(Self.record(22, flight)).events
    #expect(messages(together).map(\.kind) == [.serverHello, .certificate, .serverHelloDone])
    #expect(messages(together).map(\.offset) == [1, 59, 563])
    #expect(messages(together).map(\.wireBytes) == [58, 504, 4])
    #expect(messages(together).map(\.bodyBytes) == [49, 500, 0])
    // Records of 100 bytes: the second message begins in the first and ends in the last but one.
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: flight.count, by: 100) {
      bytes += Self.record(22, Array(flight[start..<min(start + 100, flight.count)]))
    }
    for size in [1, 3, 99, 104, 105, 106, Int.max] {
      let apart = read(bytes, pieces: size).events
      #expect(messages(apart).map(\.kind) == [.serverHello, .certificate, .serverHelloDone])
      // 47 bytes in the first record, 400 in four, 57 in the sixth, and five headers between.
      #expect(messages(apart).map(\.offset) == [1, 59, 588])
      #expect(messages(apart).map(\.wireBytes) == [58, 529, 4])
      #expect(records(apart).map(\.length) == [100, 100, 100, 100, 100, 61])
    }
  }

  @Test("A message's header may be cut by a record's end, and records may be empty")
  func cutHeader() {
    let hello = Self.message(2, Self.serverHello13)
    let bytes =
      Self.record(22, []) + Self.record(22, Array(hello[..<2])) + Self.record(22, [])
      + Self.record(22, Array(hello[2...])) + Self.record(23, [])
    for size in [1, 2, 7, Int.max] {
      let (events, error, reader) = read(bytes, pieces: size)
      #expect(error == nil)
      #expect(messages(events).map(\.offset) == [6])
      #expect(messages(events).map(\.wireBytes) == [65])
      #expect(records(events).map(\.length) == [0, 2, 0, 48, 0])
      #expect(reader.version == .tls13)
    }
  }

  @Test("Behind the change of the cipher a handshake record is protected in TLS 1.2, not in 1.3")
  func changeOfCipher() {
    let server =
      Self.record(22, Self.message(2, Self.serverHello12)) + Self.record(20, [1])
      + Self.record(22, [UInt8](repeating: 0xAA, count: 40))
    let events = read(server).events
    #expect(messages(events).map(\.kind) == [.serverHello])
    #expect(records(events).map(\.isProtected) == [false, false, true])
    // A client's second hello follows its change of the cipher (RFC 8446 §D.4).
    let client =
      Self.record(22, Self.message(1, Self.clientHello)) + Self.record(20, [1])
      + Self.record(22, Self.message(1, Self.clientHello))
    var reader = TLSReader(offset: 1)
    #expect(messages(read(client, as: reader).events).count == 1)
    reader.agree(on: .tls13)
    #expect(messages(read(client, as: reader).events).count == 2)
  }

  @Test("An alert in the clear says what is wrong (RFC 8446 §6)")
  func alerts() {
    let events = read([21, 3, 1, 0, 2, 2, 40], pieces: 1).events
    let alerts = events.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
    #expect(alerts.map(\.code) == [40])
    #expect(alerts.map(\.offset) == [1])
    #expect(alerts.map(\.name) == ["handshake_failure"])
    #expect(records(events).map(\.legacyVersion.rawValue) == [0x0301])
  }

  // MARK: What is no TLS

  @Test("What is no TLS ends the reading with the reason")
  func errors() {
    let cases: [([UInt8], TLSError)] = [
      (Array("GET / HTTP/1.1\r\n".utf8), .contentType(0x47)),
      ([25, 3, 3, 0, 0], .contentType(25)),
      ([22, 2, 0, 0, 9], .recordVersion(0x0200)),
      ([22, 3, 1, 0x40, 1], .recordLength(0x4001)),
      ([23, 3, 3, 0x48, 1], .recordLength(0x4801)),
      ([20, 3, 3, 0, 0], .recordContent),
      ([20, 3, 3, 0, 1, 2], .recordContent),
      ([20, 3, 3, 0, 2, 1, 1], .recordContent),
      ([21, 3, 3, 0, 1, 1], .recordContent),
      (Self.record(22, Self.message(1, [3, 3])), .hello),
      ([22, 3, 3, 0, 9, 1, 1, 0, 1], .tooLong),
    ]
    for (bytes, expected) in cases {
      for size in [1, 4, Int.max] {
        let (_, error, reader) = read(bytes, pieces: size)
        #expect(error == expected, "\(bytes.prefix(8))")
        #expect(read([22], as: reader).error == expected)
      }
    }
  }

  @Test("A protected record holds 256 bytes beyond 2^14 in TLS 1.3 and 2,048 before")
  func lengths() {
    var reader = TLSReader(offset: 1)
    #expect(read([23, 3, 3, 0x48, 0], as: reader).error == nil)
    reader.agree(on: .tls13)
    #expect(read([23, 3, 3, 0x41, 0], as: reader).error == nil)
    #expect(read([23, 3, 3, 0x41, 1], as: reader).error == .recordLength(0x4101))
  }

  @Test("Missing bytes may lie within what is only counted, and nowhere else")
  func missingBytes() throws {
    var data = read([23, 3, 3, 0, 100, 1, 2]).reader
    try data.skip(98)
    #expect(records(read([23, 3, 3, 0, 0], as: data).events).map(\.offset) == [1, 106])
    var beyond = read([23, 3, 3, 0, 100, 1, 2]).reader
    #expect(throws: TLSError.missingBytes) { try beyond.skip(99) }
    // A Certificate of 500 bytes, of which the first and the last ten are there.
    let message = Self.message(11, [UInt8](repeating: 5, count: 500))
    let bytes = Self.record(22, message)
    var certificate = read(Array(bytes[..<19])).reader
    try certificate.skip(480)
    let events = read(Array(bytes[499...]), as: certificate).events
    #expect(messages(events).map(\.wireBytes) == [509])
    var hello = read(Array(Self.record(22, Self.message(1, Self.clientHello))[..<20])).reader
    #expect(throws: TLSError.missingBytes) { try hello.skip(1) }
    var header = read([22, 3]).reader
    #expect(throws: TLSError.missingBytes) { try header.skip(1) }
  }

  @Test("Any bytes are read without a trap, in any pieces alike")
  func anyBytes() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3_000 {
      var bytes =
        Self.record(22, Self.message(1, Self.clientHello))
        + Self.record(22, Self.message(2, Self.serverHello12)) + Self.record(20, [1])
        + Self.record(22, [UInt8](repeating: 3, count: 40))
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let whole = read(bytes)
      let pieces = read(bytes, pieces: 1)
      #expect(whole.events == pieces.events)
      #expect(whole.error == pieces.error)
      #expect(whole.reader.offset <= 1 + Int64(bytes.count))
    }
  }
}
