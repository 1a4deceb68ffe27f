import NetSim
import Testing

@Suite struct QPACKTests {
  private static let example = HeaderField(":authority", "www.example.com")
  private static let samplePath = HeaderField(":path", "/sample/path")
  private static let custom = HeaderField("custom-key", "custom-value")

  /// The encoder of the RFC's examples, before its peer has said anything.
  private var exampleEncoder: QPACKEncoder {
    QPACKEncoder(policy: .blocking, usesHuffman: false, addsEverything: true)
  }

  private func fields(
    _ decoder: inout QPACKDecoder, _ hex: String, stream: UInt64 = 0
  ) throws -> [HeaderField] {
    let reading = try decoder.decode([UInt8](hex: hex), streamID: stream)
    guard case .fields(let list) = reading else {
      Issue.record("\(reading)")
      return []
    }
    return list.fields
  }

  private func decode(_ hex: String) throws -> [HeaderField] {
    var decoder = QPACKDecoder(tableLimit: 100, blockedLimit: 1, maximumListBytes: 1_000)
    return try fields(&decoder, hex)
  }

  // MARK: The examples of RFC 9204

  @Test("The decoder reads the RFC's sections and instructions (RFC 9204 B.1 to B.5)")
  func decodeExamples() throws {
    var decoder = QPACKDecoder(tableLimit: 220, blockedLimit: 1)
    // B.1
    #expect(
      try fields(&decoder, "0000510b2f696e6465782e68746d6c") == [
        HeaderField(":path", "/index.html")
      ])
    #expect(decoder.takeInstructions().isEmpty)
    // B.2: the section comes first and waits.
    #expect(try decoder.decode([UInt8](hex: "03811011"), streamID: 4) == .blocked(until: 2))
    #expect(decoder.blockedStreams == 1)
    let inserts = "3fbd01c00f7777772e6578616d706c652e636f6dc10c2f73616d706c652f70617468"
    try decoder.receive([UInt8](hex: inserts))
    #expect(decoder.tableBytes == 106 && decoder.meets(2) && !decoder.meets(3))
    #expect(decoder.blockedStreams == 0)
    #expect(try fields(&decoder, "03811011", stream: 4) == [Self.example, Self.samplePath])
    #expect(decoder.takeInstructions().hex == "84")
    // B.3
    try decoder.receive([UInt8](hex: "4a637573746f6d2d6b65790c637573746f6d2d76616c7565"))
    #expect(decoder.tableBytes == 160)
    #expect(decoder.takeInstructions().hex == "01")
    // B.4: the duplicate is late, and the stream is given up before it comes.
    #expect(try decoder.decode([UInt8](hex: "050080c181"), streamID: 8) == .blocked(until: 4))
    decoder.cancel(streamID: 8)
    #expect(decoder.takeInstructions().hex == "48")
    try decoder.receive([UInt8](hex: "02"))
    #expect(decoder.tableBytes == 217)
    #expect(
      try fields(&decoder, "050080c181", stream: 12) == [
        Self.example, HeaderField(":path", "/"), Self.custom,
      ])
    // B.5
    try decoder.receive([UInt8](hex: "810d637573746f6d2d76616c756532"))
    #expect(decoder.tableBytes == 215 && decoder.insertCount == 5)
  }

  @Test("The encoder writes the RFC's sections and instructions byte for byte (RFC 9204 B)")
  func encodeExamples() throws {
    var encoder = exampleEncoder
    // B.1
    var section = encoder.encode([HeaderField(":path", "/index.html")], streamID: 0)
    #expect(section.bytes.hex == "0000510b2f696e6465782e68746d6c")
    #expect(section.instructions.isEmpty && section.requiredInsertCount == 0)
    // B.2
    try encoder.setLimits(tableLimit: 220, blockedLimit: 1)
    section = encoder.encode([Self.example, Self.samplePath], streamID: 4)
    let inserts = "3fbd01c00f7777772e6578616d706c652e636f6dc10c2f73616d706c652f70617468"
    #expect(section.instructions.hex == inserts)
    #expect(section.bytes.hex == "03811011" && section.requiredInsertCount == 2)
    #expect(encoder.tableBytes == 106 && encoder.streamsAtRisk == 1)
    try encoder.receive([UInt8](hex: "84"))
    #expect(encoder.knownReceivedCount == 2 && encoder.streamsAtRisk == 0)
    // B.3
    let number = encoder.insert(Self.custom)
    #expect(number == 2)
    #expect(
      encoder.takeInstructions().hex == "4a637573746f6d2d6b65790c637573746f6d2d76616c7565")
    #expect(encoder.tableBytes == 160)
    try encoder.receive([UInt8](hex: "01"))
    #expect(encoder.knownReceivedCount == 3)
    // B.4
    let copy = encoder.duplicate(0)
    #expect(copy == 3)
    section = encoder.encode(
      [Self.example, HeaderField(":path", "/"), Self.custom], streamID: 8)
    #expect(section.instructions.hex == "02" && section.bytes.hex == "050080c181")
    #expect(encoder.tableBytes == 217 && encoder.unacknowledgedSections == 1)
    try encoder.receive([UInt8](hex: "48"))
    #expect(encoder.unacknowledgedSections == 0 && encoder.knownReceivedCount == 3)
    // B.5
    let last = encoder.insert(HeaderField("custom-key", "custom-value2"))
    #expect(last == 4)
    #expect(encoder.takeInstructions().hex == "810d637573746f6d2d76616c756532")
    #expect(encoder.tableBytes == 215 && encoder.tableEntries == 4)
  }

  @Test("The required insert count is a rest by twice the most entries (RFC 9204 §4.5.1.1)")
  func requiredInsertCounts() throws {
    // The RFC's example: 100 bytes are three entries; after ten insertions a 4 stands for 9.
    var decoder = QPACKDecoder(tableLimit: 100, blockedLimit: 0)
    try decoder.receive([UInt8](hex: "3f45"))
    for number in UInt8(0)..<10 { try decoder.receive([0x41, 0x61, 0x01, 0x30 + number]) }
    // Base 9, relative index 0: the ninth, whose value is "8".
    #expect(try fields(&decoder, "040080") == [HeaderField("a", "8")])
    // Ten insertions and three more entries: 13 at most, 8 at least.
    let rests: [(UInt8, Int64)] = [(1, 12), (2, 13), (3, 8), (4, 9), (5, 10), (6, 11)]
    for (coded, count) in rests {
      var copy = QPACKDecoder(tableLimit: 100, blockedLimit: 1)
      try copy.receive([UInt8](hex: "3f45"))
      for _ in 0..<10 { try copy.receive([0x41, 0x61, 0x01, 0x30]) }
      let reading = try copy.decode([coded, 0], streamID: 0)
      if count > 10 {
        #expect(reading == .blocked(until: count))
      } else {
        #expect(reading == .fields(HeaderList()))
      }
    }
    let failure = QPACKError(.requiredInsertCount(7), .qpackDecompressionFailed)
    #expect(throws: failure) { try decoder.decode([7, 0], streamID: 0) }
  }

  @Test("A base before the required insert count (RFC 9204 §4.5.1.2)")
  func base() throws {
    // Nine insertions, three of them behind the base of 6.
    var decoder = QPACKDecoder(tableLimit: 1_000, blockedLimit: 0)
    try decoder.receive([UInt8](hex: "3fc907"))
    for number in UInt8(0)..<9 { try decoder.receive([0x41, 0x61, 0x01, 0x31 + number]) }
    // Relative index 1 is the fifth entry, post-base index 1 the eighth.
    #expect(
      try fields(&decoder, "0a828111") == [HeaderField("a", "5"), HeaderField("a", "8")])
    // The same by their names: with a secret value and without.
    #expect(
      try fields(&decoder, "0a8241017861017909017a") == [
        HeaderField("a", "x"), HeaderField("a", "y", isSensitive: true),
        HeaderField("a", "z", isSensitive: true),
      ])
    #expect(decoder.takeInstructions(acknowledgesInserts: false).hex == "8080")
    #expect(decoder.takeInstructions().isEmpty)
  }

  @Test("The static table is the RFC's (RFC 9204 Appendix A)")
  func staticTable() throws {
    let entries: [(UInt8, StaticString, StaticString)] = [
      (0, ":authority", ""), (1, ":path", "/"), (2, "age", "0"), (14, "set-cookie", ""),
      (15, ":method", "CONNECT"), (23, ":scheme", "https"), (24, ":status", "103"),
      (30, "accept", "application/dns-message"), (31, "accept-encoding", "gzip, deflate, br"),
      (33, "access-control-allow-headers", "cache-control"),
      (41, "cache-control", "public, max-age=31536000"),
      (45, "content-type", "application/javascript"),
      (47, "content-type", "application/x-www-form-urlencoded"),
      (52, "content-type", "text/html; charset=utf-8"),
      (54, "content-type", "text/plain;charset=utf-8"),
      (58, "strict-transport-security", "max-age=31536000; includesubdomains; preload"),
      (62, "x-xss-protection", "1; mode=block"), (63, ":status", "100"), (71, ":status", "500"),
      (73, "access-control-allow-credentials", "FALSE"),
      (77, "access-control-allow-methods", "get, post, options"),
      (85, "content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'"),
      (94, "upgrade-insecure-requests", "1"), (98, "x-frame-options", "sameorigin"),
    ]
    var decoder = QPACKDecoder(tableLimit: 0, blockedLimit: 0)
    var encoder = QPACKEncoder(policy: .staticOnly)
    for (index, name, value) in entries {
      let line: [UInt8] = index < 63 ? [0xC0 | index] : [0xFF, index - 63]
      let field = HeaderField(name, value)
      let reading = try decoder.decode([0, 0] + line, streamID: 0)
      guard case .fields(let list) = reading else { return }
      #expect(list.fields == [field], "\(index)")
      // A field of the table is always written as its index, but `authorization`.
      let section = encoder.encode([field], streamID: 0)
      #expect(section.bytes == [0, 0] + line, "\(index)")
    }
  }

  // MARK: Errors

  @Test("What is wrong with a section is said, and where (RFC 9204 §2.2.3, §4.5)")
  func sectionErrors() throws {
    let cases: [(String, QPACKViolation)] = [
      ("", .truncated), ("00", .truncated), ("00ff", .truncated), ("ff", .truncated),
      ("0080", .base), ("0181", .requiredInsertCount(1)), ("0700", .requiredInsertCount(7)),
      ("0000ff24", .staticIndex(99)), ("00005f54", .staticIndex(99)), ("000080", .dynamicIndex(0)),
      ("000010", .dynamicIndex(0)), ("000040", .dynamicIndex(0)), ("000000", .dynamicIndex(0)),
      ("00012001", .truncated), ("00002101", .truncated), ("0000510561", .truncated),
      ("00005181ff", .padding), ("00005184ffffffff", .endOfString),
      ("00007fffffffffffffffffffff", .integer), ("0000517fffff7f", .stringTooLong),
    ]
    for (hex, violation) in cases {
      #expect(
        throws: QPACKError(violation, .qpackDecompressionFailed), "\(hex)"
      ) { try decode(hex) }
    }
    #expect(try decode("0000ff23") == [HeaderField("x-frame-options", "sameorigin")])
    #expect(QPACKError(.stringTooLong, .qpackDecompressionFailed).isOfStream)
    #expect(!QPACKError(.stringTooLong, .qpackEncoderStreamError).isOfStream)
    #expect(HTTP3ErrorCode.qpackDecompressionFailed.rawValue == 0x200)
    #expect(HTTP3ErrorCode.qpackEncoderStreamError.rawValue == 0x201)
    #expect(HTTP3ErrorCode.qpackDecoderStreamError.rawValue == 0x202)
  }

  @Test("An entry that the section did not say it needs, or that has left, is none (§2.2.3)")
  func references() throws {
    for hex in ["0200" + "81", "0200" + "10", "0300" + "82", "0301" + "80", "0380" + "11"] {
      var decoder = QPACKDecoder(tableLimit: 70, blockedLimit: 0)
      // Three entries of 34 bytes in a table of 70: the first has left.
      try decoder.receive([UInt8](hex: "3f27"))
      for number in UInt8(0)..<3 { try decoder.receive([0x41, 0x61, 0x01, 0x30 + number]) }
      #expect(throws: QPACKError.self, "\(hex)") { try fields(&decoder, hex) }
      // After an error of the connection nothing is read any more.
      #expect(throws: QPACKError.self) { try fields(&decoder, "0000c1") }
      #expect(throws: QPACKError.self) { try decoder.receive([]) }
    }
  }

  @Test("What is wrong with the encoder's stream is said (RFC 9204 §3.2.2, §4.3)")
  func encoderStreamErrors() {
    let cases: [(String, QPACKViolation)] = [
      ("3f46", .capacity(101)), ("01", .dynamicIndex(1)), ("800130", .dynamicIndex(0)),
      ("ff240130", .staticIndex(99)), ("410001", .stringTooLong), ("4000", .entryTooLarge),
      ("3f4541610130" + "01", .dynamicIndex(1)), ("3f45" + "4161ff" + "9502", .stringTooLong),
      ("3f45" + "4161" + "44" + String(repeating: "61", count: 68), .entryTooLarge),
      ("3fffffffffffffffffff7f", .integer), ("3f45" + "616100", .padding),
      ("3f45" + "64ffffffff", .endOfString),
    ]
    for (hex, violation) in cases {
      var decoder = QPACKDecoder(tableLimit: 100, blockedLimit: 0)
      #expect(throws: QPACKError(violation, .qpackEncoderStreamError), "\(hex)") {
        try decoder.receive([UInt8](hex: hex))
      }
    }
  }

  @Test("What is wrong with the decoder's stream is said (RFC 9204 §4.4)")
  func decoderStreamErrors() throws {
    let cases: [(String, QPACKViolation)] = [
      ("80", .acknowledgment(0)), ("00", .increment(0)), ("03", .increment(3)),
      ("8484", .acknowledgment(4)), ("8401", .increment(1)), ("4484", .acknowledgment(4)),
      ("ffffffffffffffffff7f", .integer),
    ]
    for (hex, violation) in cases {
      var encoder = exampleEncoder
      try encoder.setLimits(tableLimit: 220, blockedLimit: 1)
      _ = encoder.encode([Self.example, Self.samplePath], streamID: 4)
      let failure = QPACKError(violation, .qpackDecoderStreamError)
      #expect(throws: failure, "\(hex)") { try encoder.receive([UInt8](hex: hex)) }
      #expect(throws: failure) { try encoder.receive([]) }
    }
    var encoder = exampleEncoder
    try encoder.setLimits(tableLimit: 220, blockedLimit: 1)
    #expect(throws: QPACKError(.rememberedCapacity, .qpackDecoderStreamError)) {
      try encoder.setLimits(tableLimit: 219, blockedLimit: 1)
    }
  }

  @Test("More streams than the decoder lets wait are an error; one stream counts once (§2.1.2)")
  func blockedStreams() throws {
    var decoder = QPACKDecoder(tableLimit: 220, blockedLimit: 2)
    #expect(try decoder.decode([2, 0], streamID: 0) == .blocked(until: 1))
    #expect(try decoder.decode([3, 0], streamID: 0) == .blocked(until: 2))
    #expect(try decoder.decode([3, 0], streamID: 4) == .blocked(until: 2))
    #expect(decoder.blockedStreams == 2)
    var failed = decoder
    #expect(throws: QPACKError(.blockedStreams, .qpackDecompressionFailed)) {
      try failed.decode([2, 0], streamID: 8)
    }
    decoder.cancel(streamID: 4)
    #expect(try decoder.decode([2, 0], streamID: 8) == .blocked(until: 1))
    // One insertion lets stream 8 go on; stream 0 still waits for its second section.
    try decoder.receive([UInt8](hex: "3fbd0141610130"))
    #expect(decoder.blockedStreams == 1)
  }

  @Test("A field that is too large ends its stream alone; the table goes on (RFC 9204 §7.4)")
  func streamErrors() throws {
    var decoder = QPACKDecoder(tableLimit: 220, blockedLimit: 0, maximumListBytes: 100)
    let long = "00005065" + String(repeating: "61", count: 101)
    #expect(throws: QPACKError(.stringTooLong, .qpackDecompressionFailed)) {
      try fields(&decoder, long)
    }
    #expect(try fields(&decoder, "0000c1") == [HeaderField(":path", "/")])
    // Each counts for 5 + 1 + 32: a list of three is longer than 100.
    let reading = try decoder.decode([UInt8](hex: "0000c1c1c1"), streamID: 4)
    guard case .fields(let list) = reading else {
      Issue.record("\(reading)")
      return
    }
    #expect(!list.isWhole && list.countedBytes == 114 && list.fields.count == 2)
  }

  // MARK: The encoder's choices

  private func inserts(_ field: HeaderField, _ encoder: inout QPACKEncoder) -> Bool {
    encoder.insert(field) != nil
  }

  private func sets(_ capacity: UInt64, _ encoder: inout QPACKEncoder) -> Bool {
    encoder.setCapacity(capacity)
  }

  @Test("Without a table everything is a literal or a field of the static table")
  func staticOnly() throws {
    var encoder = QPACKEncoder(policy: .staticOnly)
    try encoder.setLimits(tableLimit: 4_096, blockedLimit: 100)
    let section = encoder.encode(
      [HeaderField(":method", "GET"), HeaderField("x", "y")], streamID: 0)
    // GET is 17; a name of one byte, which the Huffman code does not shorten.
    #expect(section.bytes.hex == "0000d121780179")
    #expect(section.instructions.isEmpty && section.requiredInsertCount == 0)
  }

  @Test("Without blocking a field is used when it is acknowledged, and not before")
  func withoutBlocking() throws {
    var encoder = QPACKEncoder(policy: .withoutBlocking, usesHuffman: false)
    try encoder.setLimits(tableLimit: 220, blockedLimit: 100)
    var section = encoder.encode([HeaderField("x", "y")], streamID: 0)
    #expect(section.instructions.hex == "3fbd01" + "41780179")
    #expect(section.bytes.hex == "0000" + "21780179" && section.requiredInsertCount == 0)
    // It is on its way, so that it is not added again.
    section = encoder.encode([HeaderField("x", "y")], streamID: 4)
    #expect(section.instructions.isEmpty && section.bytes.hex == "0000" + "21780179")
    try encoder.receive([0x01])
    section = encoder.encode([HeaderField("x", "y")], streamID: 8)
    #expect(section.bytes.hex == "0200" + "80" && section.requiredInsertCount == 1)
  }

  @Test("No more streams are put at risk than the decoder lets wait (RFC 9204 §2.1.2)")
  func risk() throws {
    var encoder = QPACKEncoder(policy: .blocking, usesHuffman: false)
    try encoder.setLimits(tableLimit: 220, blockedLimit: 1)
    #expect(encoder.encode([HeaderField("x", "y")], streamID: 0).bytes.hex == "028010")
    // Stream 4 may not wait; stream 0 may have to anyway.
    #expect(encoder.encode([HeaderField("x", "y")], streamID: 4).requiredInsertCount == 0)
    #expect(encoder.encode([HeaderField("x", "y")], streamID: 0).bytes.hex == "020080")
    #expect(encoder.streamsAtRisk == 1)
    try encoder.receive([0x40])
    #expect(encoder.streamsAtRisk == 0 && encoder.knownReceivedCount == 0)
    #expect(encoder.encode([HeaderField("x", "y")], streamID: 4).requiredInsertCount == 1)
  }

  @Test("What is referred to, or not acknowledged, is not pushed out (RFC 9204 §2.1.1)")
  func eviction() throws {
    // Two entries of 34 bytes fit.
    var encoder = QPACKEncoder(policy: .blocking, usesHuffman: false, addsEverything: true)
    try encoder.setLimits(tableLimit: 70, blockedLimit: 10)
    _ = encoder.encode([HeaderField("a", "1"), HeaderField("b", "2")], streamID: 0)
    #expect(!inserts(HeaderField("c", "3"), &encoder) && !sets(67, &encoder))
    try encoder.receive([0x02])
    // Acknowledged, but the section may not have been read yet.
    #expect(!inserts(HeaderField("c", "3"), &encoder))
    try encoder.receive([0x80])
    #expect(inserts(HeaderField("c", "3"), &encoder) && encoder.insertCount == 3)
    #expect(encoder.tableEntries == 2 && encoder.tableBytes == 68)
    // The third is not acknowledged; the second may leave.
    #expect(!sets(33, &encoder) && sets(34, &encoder) && encoder.tableEntries == 1)
    #expect(!sets(71, &encoder))
  }

  @Test("An old entry is duplicated before it is used again (RFC 9204 §2.1.1.1)")
  func draining() throws {
    var encoder = QPACKEncoder(policy: .blocking, usesHuffman: false, addsEverything: true)
    try encoder.setLimits(tableLimit: 136, blockedLimit: 10)
    let names: [StaticString] = ["a", "b", "c", "d"]
    for name in names { encoder.insert(HeaderField(name, "1")) }
    _ = encoder.takeInstructions()
    try encoder.receive([0x04])
    // Four entries fill the table: 102 bytes are three quarters, which the newest three have.
    #expect(encoder.encode([HeaderField("b", "1")], streamID: 0).bytes.hex == "030282")
    try encoder.receive([0x80])
    let section = encoder.encode([HeaderField("a", "1")], streamID: 4)
    #expect(section.instructions.hex == "03" && section.bytes.hex == "068010")
    #expect(encoder.tableEntries == 4 && encoder.insertCount == 5)
  }

  @Test("Secrets are written as such, whatever the tables have (RFC 9204 §7.1.3)")
  func secrets() throws {
    for addsEverything in [true, false] {
      var encoder = QPACKEncoder(
        policy: .blocking, usesHuffman: false, addsEverything: addsEverything)
      try encoder.setLimits(tableLimit: 220, blockedLimit: 10)
      let fields = [
        HeaderField(":method", "GET", isSensitive: true), HeaderField("x", "y", isSensitive: true),
      ]
      let section = encoder.encode(fields, streamID: 0)
      #expect(section.bytes.hex == "0000" + "7f0203474554" + "31780179")
      #expect(section.instructions.hex == "3fbd01")
      var decoder = QPACKDecoder(tableLimit: 220, blockedLimit: 0)
      #expect(try self.fields(&decoder, section.bytes.hex) == fields)
    }
  }
}
