import NetSim
import Testing

@Suite struct HPACKTests {
  private typealias Example = (fields: [HeaderField], hex: String, tableBytes: Int)

  private static let date21 = HeaderField("date", "Mon, 21 Oct 2013 20:13:21 GMT")
  private static let location = HeaderField("location", "https://www.example.com")
  private static let cacheControl = HeaderField("cache-control", "private")

  /// The three requests of RFC 7541 C.3 and C.4.
  private static let requests: [[HeaderField]] = [
    [
      HeaderField(":method", "GET"), HeaderField(":scheme", "http"), HeaderField(":path", "/"),
      HeaderField(":authority", "www.example.com"),
    ],
    [
      HeaderField(":method", "GET"), HeaderField(":scheme", "http"), HeaderField(":path", "/"),
      HeaderField(":authority", "www.example.com"), HeaderField("cache-control", "no-cache"),
    ],
    [
      HeaderField(":method", "GET"), HeaderField(":scheme", "https"),
      HeaderField(":path", "/index.html"), HeaderField(":authority", "www.example.com"),
      HeaderField("custom-key", "custom-value"),
    ],
  ]

  /// The three responses of RFC 7541 C.5 and C.6.
  private static let responses: [[HeaderField]] = [
    [HeaderField(":status", "302"), cacheControl, date21, location],
    [HeaderField(":status", "307"), cacheControl, date21, location],
    [
      HeaderField(":status", "200"), cacheControl,
      HeaderField("date", "Mon, 21 Oct 2013 20:13:22 GMT"), location,
      HeaderField("content-encoding", "gzip"),
      HeaderField(
        "set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
    ],
  ]

  private static let plainRequests = [
    "828684410f7777772e6578616d706c652e636f6d",
    "828684be58086e6f2d6361636865",
    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
  ]

  private static let codedRequests = [
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
  ]

  private static let plainResponses = [
    """
    4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54
    6e1768747470733a2f2f7777772e6578616d706c652e636f6d
    """,
    "4803333037c1c0bf",
    """
    88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f
    3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b20
    76657273696f6e3d31
    """,
  ]

  private static let codedResponses = [
    """
    488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f
    0b97c8e9ae82ae43d3
    """,
    "4883640effc1c0bf",
    """
    88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335df
    dfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007
    """,
  ]

  private func decode(_ hex: String, tableLimit: UInt32 = 4_096) throws -> [HeaderField] {
    var decoder = HPACKDecoder(tableLimit: tableLimit)
    return try decoder.decode([UInt8](hex: hex)).fields
  }

  private func check(
    _ blocks: [String], _ lists: [[HeaderField]], _ tableBytes: [Int], tableLimit: UInt32 = 4_096
  ) throws {
    var decoder = HPACKDecoder(tableLimit: tableLimit)
    for place in blocks.indices {
      #expect(try decoder.decode([UInt8](hex: blocks[place])).fields == lists[place])
      #expect(decoder.tableBytes == tableBytes[place])
    }
  }

  // MARK: The examples of RFC 7541

  @Test("Each representation reads as the RFC shows (RFC 7541 C.2)")
  func representations() throws {
    var decoder = HPACKDecoder()
    let added = try decoder.decode(
      [UInt8](hex: "400a637573746f6d2d6b65790d637573746f6d2d686561646572"))
    #expect(added.fields == [HeaderField("custom-key", "custom-header")])
    #expect(decoder.tableBytes == 55)
    #expect(try decode("040c2f73616d706c652f70617468") == [HeaderField(":path", "/sample/path")])
    #expect(
      try decode("100870617373776f726406736563726574")
        == [HeaderField("password", "secret", isSensitive: true)])
    #expect(try decode("82") == [HeaderField(":method", "GET")])
  }

  @Test("Requests of one connection share the table (RFC 7541 C.3, C.4)")
  func decodeRequests() throws {
    try check(Self.plainRequests, Self.requests, [57, 110, 164])
    try check(Self.codedRequests, Self.requests, [57, 110, 164])
  }

  @Test("Responses push the oldest entries out of a table of 256 bytes (RFC 7541 C.5, C.6)")
  func decodeResponses() throws {
    try check(Self.plainResponses, Self.responses, [222, 222, 215], tableLimit: 256)
    try check(Self.codedResponses, Self.responses, [222, 222, 215], tableLimit: 256)
  }

  @Test("The encoder writes the RFC's requests byte for byte (RFC 7541 C.3, C.4)")
  func encodeRequests() {
    var plain = HPACKEncoder(usesHuffman: false)
    #expect(Self.requests.map { plain.encode($0).hex } == Self.plainRequests)
    var coded = HPACKEncoder()
    #expect(Self.requests.map { coded.encode($0).hex } == Self.codedRequests)
    #expect(coded.tableBytes == 164)
  }

  @Test("An integer fills its prefix, and goes on in groups of seven bits (RFC 7541 C.1)")
  func integers() throws {
    // 10 and 1337 with a prefix of five bits, as size updates: C.1.1 and C.1.2.
    var encoder = HPACKEncoder(mostTableBytes: 10)
    #expect(encoder.encode([]).hex == "2a")
    encoder = HPACKEncoder(mostTableBytes: 1_337)
    #expect(encoder.encode([]).hex == "3f9a0a")
    var decoder = HPACKDecoder(tableLimit: 1_337)
    #expect(try decoder.decode([UInt8](hex: "3f9a0a")).fields.isEmpty)
    decoder = HPACKDecoder(tableLimit: 1_336)
    #expect(throws: HPACKError.sizeUpdate(1_337)) { try decoder.decode([UInt8](hex: "3f9a0a")) }
    // 42 with a prefix of eight bits (C.1.3) has no place here; 31 in five bits takes a second byte.
    encoder = HPACKEncoder(mostTableBytes: 31)
    #expect(encoder.encode([]).hex == "3f00")
  }

  @Test("An integer has 32 bits, and a byte for each seven of them at most (RFC 7541 §5.1)")
  func longIntegers() throws {
    var decoder = HPACKDecoder(tableLimit: .max)
    #expect(try decoder.decode([UInt8](hex: "3fe0ffffff0f")).isWhole)
    for hex in ["3fe1ffffff0f", "3fffffffff7f", "3f8080808080", "ffffffffffffffff01"] {
      #expect(throws: HPACKError.integer) { try decode(hex, tableLimit: .max) }
    }
    // Zeros that say nothing, within the five bytes.
    #expect(try decode("3f80808000", tableLimit: 31).isEmpty)
    for hex in ["3f", "3f80", "ff", "40", "400161", "40016102", "0f"] {
      #expect(throws: HPACKError.truncated) { try decode(hex) }
    }
  }

  // MARK: Huffman code

  @Test("Every symbol has the code of the RFC's table (RFC 7541 Appendix B)")
  func codes() throws {
    for (symbol, (code, length)) in Self.codes.enumerated() {
      // 64 times the letter a make the code shorter than the text: 320 bits are 40 bytes.
      let filler = [UInt8](repeating: UInt8(ascii: "a"), count: 64)
      let padding = (8 - length % 8) % 8
      let bits = UInt64(code) << UInt64(padding) | (1 << UInt64(padding) - 1)
      let tail = stride(from: (length + 7) / 8 - 1, through: 0, by: -1).map {
        UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0))
      }
      // Five bits 00011, eight times over, are five bytes.
      let coded = (0..<8).flatMap { _ in [UInt8](hex: "18c6318c63") } + tail
      let block = [0x00, 0x01, 0x78, 0x80 | UInt8(coded.count)] + coded
      var decoder = HPACKDecoder()
      guard symbol < 256 else {
        #expect(throws: HPACKError.endOfString) { try decoder.decode(block) }
        continue
      }
      let value = filler + [UInt8(symbol)]
      #expect(try decoder.decode(block).fields.map(\.value) == [value], "symbol \(symbol)")
      var encoder = HPACKEncoder(mostTableBytes: 0)
      let written = encoder.encode([HeaderField(name: [0x78], value: value)])
      #expect(Array(written.dropFirst()) == block, "symbol \(symbol)")
    }
  }

  @Test("Padding is up to seven ones (RFC 7541 §5.2)")
  func padding() throws {
    // The letter a (00011) with three ones; then with a zero among them.
    #expect(try decode("000178811f").map(\.value) == [[0x61]])
    #expect(throws: HPACKError.padding) { try decode("000178811e") }
    #expect(throws: HPACKError.padding) { try decode("0001788118") }
    // Eight ones after a code that fills its byte (& is 11111000), and a byte of ones alone.
    #expect(throws: HPACKError.padding) { try decode("00017882f8ff") }
    #expect(throws: HPACKError.padding) { try decode("00017881ff") }
    #expect(throws: HPACKError.padding) { try decode("00017883ffffff") }
    #expect(throws: HPACKError.endOfString) { try decode("00017884ffffffff") }
    #expect(try decode("00017880").map(\.value) == [[]])
  }

  // MARK: Tables

  @Test("An index points to the static table, to the dynamic one behind it, or nowhere")
  func indices() throws {
    #expect(try decode("81") == [HeaderField(":authority", "")])
    #expect(try decode("90") == [HeaderField("accept-encoding", "gzip, deflate")])
    #expect(try decode("bd") == [HeaderField("www-authenticate", "")])
    #expect(throws: HPACKError.index(0)) { try decode("80") }
    #expect(throws: HPACKError.index(62)) { try decode("be") }
    #expect(throws: HPACKError.index(63)) { try decode("4001780179bf") }
    #expect(throws: HPACKError.index(62)) { try decode("7e0179") }
    #expect(throws: HPACKError.index(62)) { try decode("0f2f0179") }
    #expect(
      try decode("4001780179be") == [HeaderField("x", "y"), HeaderField("x", "y")])
  }

  @Test("An entry may take its name from the one that leaves for it (RFC 7541 §4.4)")
  func nameOfTheLeaving() throws {
    // A table of 40 bytes has room for one entry of 34; 7e is the name of index 62.
    var decoder = HPACKDecoder(tableLimit: 40)
    let fields = try decoder.decode([UInt8](hex: "40017801797e017abe")).fields
    #expect(
      fields == [HeaderField("x", "y"), HeaderField("x", "z"), HeaderField("x", "z")])
    #expect(decoder.tableBytes == 34)
    // One that is larger than the table empties it.
    #expect(try decoder.decode([UInt8](hex: "40017809616161616161616161")).fields.count == 1)
    #expect(decoder.tableBytes == 0)
  }

  @Test("Size updates stand at the beginning of a block, within the limit (RFC 7541 §4.2, §6.3)")
  func sizeUpdates() throws {
    #expect(throws: HPACKError.sizeUpdatePlace) { try decode("8220") }
    #expect(throws: HPACKError.sizeUpdate(4_097)) { try decode("3fe21f") }
    #expect(try decode("3fe11f82").count == 1)
    #expect(try decode("203fe11f82").count == 1)
    var decoder = HPACKDecoder()
    _ = try decoder.decode([UInt8](hex: "4001780179"))
    _ = try decoder.decode([UInt8](hex: "20"))
    #expect(decoder.tableBytes == 0)
  }

  @Test("A lowered limit has to be answered by the next block (RFC 7541 §4.2)")
  func loweredLimit() throws {
    var decoder = HPACKDecoder()
    decoder.setTableLimit(100)
    decoder.setTableLimit(4_096)
    var lazy = decoder
    #expect(throws: HPACKError.sizeUpdateMissing) { try lazy.decode([UInt8](hex: "82")) }
    lazy = decoder
    #expect(throws: HPACKError.sizeUpdateMissing) { try lazy.decode([UInt8](hex: "3fe11f82")) }
    // 100 and then 4,096.
    #expect(try decoder.decode([UInt8](hex: "3f453fe11f82")).fields.count == 1)
    #expect(try decoder.decode([UInt8](hex: "82")).fields.count == 1)
  }

  @Test("The encoder tells the smallest and the final size (RFC 7541 §4.2)")
  func encodedSizeUpdates() {
    var encoder = HPACKEncoder()
    _ = encoder.encode([HeaderField("x", "y")])
    encoder.setTableLimit(100)
    encoder.setTableLimit(0)
    encoder.setTableLimit(4_096)
    #expect(encoder.tableBytes == 0)
    #expect(encoder.encode([HeaderField(":method", "GET")]).hex == "203fe11f82")
    #expect(encoder.encode([HeaderField(":method", "GET")]).hex == "82")
    // More than the encoder wants to use changes nothing.
    encoder.setTableLimit(65_536)
    #expect(encoder.encode([HeaderField(":method", "GET")]).hex == "82")
    encoder.setTableLimit(100)
    encoder.setTableLimit(50)
    #expect(encoder.encode([HeaderField(":method", "GET")]).hex == "3f1382")
  }

  // MARK: Limits

  @Test("What exceeds the limit of a list is counted and not kept")
  func listLimit() throws {
    // A value of 3,999 bytes (127 and 30 · 128 + 32), then a thousand times its index.
    var block = [UInt8](hex: "4001787fa01e") + [UInt8](repeating: 0x79, count: 3_999)
    block += [UInt8](repeating: 0xBE, count: 1_000)
    var decoder = HPACKDecoder(maximumListBytes: 10_000)
    let list = try decoder.decode(block)
    #expect(list.fields.count == 2)
    #expect(!list.isWhole)
    #expect(list.countedBytes == 1_001 * (1 + 3_999 + 32))
    // The tables still agree.
    #expect(try decoder.decode([0x82]).isWhole)
    #expect(try decoder.decode([0xBE]).fields.map(\.value.count) == [3_999])
  }

  @Test("A string longer than the limit ends the connection, coded or not (RFC 7541 §7.4)")
  func stringLimit() {
    var decoder = HPACKDecoder(maximumListBytes: 10)
    #expect(throws: HPACKError.stringTooLong) {
      try decoder.decode([UInt8](hex: "0001780b6161616161616161616161"))
    }
    decoder = HPACKDecoder(maximumListBytes: 10)
    // Sixteen letters a in ten bytes.
    #expect(throws: HPACKError.stringTooLong) {
      try decoder.decode([UInt8](hex: "0001788a18c6318c6318c6318c63"))
    }
    decoder = HPACKDecoder(maximumListBytes: 10)
    #expect(throws: HPACKError.stringTooLong) {
      try decoder.decode([UInt8](hex: "0001787fffffff7f"))
    }
  }

  @Test("After an error the decoder stays in error")
  func staysInError() {
    var decoder = HPACKDecoder()
    #expect(throws: HPACKError.index(0)) { try decoder.decode([0x80]) }
    #expect(throws: HPACKError.index(0)) { try decoder.decode([0x82]) }
  }

  // MARK: What is added to the table

  @Test("Secrets are never indexed, fleeting values are not added, others are")
  func indexing() throws {
    // The field, and the first byte that it is written with.
    let cases: [(HeaderField, UInt8)] = [
      (HeaderField("authorization", "Basic eHl6"), 0x1F),
      (HeaderField("cookie", "nineteen bytes long"), 0x1F),
      (HeaderField("cookie", "twenty bytes long ok"), 0x60),
      (HeaderField("x", "y", isSensitive: true), 0x10),
      (HeaderField(":method", "GET", isSensitive: true), 0x12),
      (HeaderField(":path", "/a"), 0x04),
      (HeaderField("content-length", "100"), 0x0F),
      (HeaderField("etag", "a"), 0x0F),
      (HeaderField("set-cookie", "a=b"), 0x0F),
      (HeaderField("user-agent", "a"), 0x7A),
      (HeaderField("x", "y"), 0x40),
    ]
    for (field, first) in cases {
      var encoder = HPACKEncoder()
      let block = encoder.encode([field])
      #expect(block[0] == first, "\(String(decoding: field.name, as: UTF8.self))")
      #expect(encoder.tableBytes == (first & 0xC0 == 0x40 ? field.countedBytes : 0))
      var decoder = HPACKDecoder()
      let read = try #require(try decoder.decode(block).fields.first)
      #expect(read.name == field.name && read.value == field.value)
      #expect(read.isSensitive == (first & 0xF0 == 0x10))
    }
  }

  @Test("A field of more than three quarters of the table is not added")
  func largeFields() {
    var encoder = HPACKEncoder(mostTableBytes: 100)
    _ = encoder.encode([HeaderField(name: [0x78], value: [UInt8](repeating: 0x79, count: 43))])
    #expect(encoder.tableBytes == 0)
    _ = encoder.encode([HeaderField(name: [0x78], value: [UInt8](repeating: 0x79, count: 42))])
    #expect(encoder.tableBytes == 75)
  }
}

extension HPACKTests {
  /// The codes of RFC 7541 Appendix B and their bits, by symbol; the last is EOS.
  static let codes: [(UInt32, Int)] = [
    (0x1ff8, 13), (0x7fffd8, 23), (0xfffffe2, 28), (0xfffffe3, 28), (0xfffffe4, 28),
    (0xfffffe5, 28), (0xfffffe6, 28), (0xfffffe7, 28), (0xfffffe8, 28), (0xffffea, 24),
    (0x3ffffffc, 30), (0xfffffe9, 28), (0xfffffea, 28), (0x3ffffffd, 30), (0xfffffeb, 28),
    (0xfffffec, 28), (0xfffffed, 28), (0xfffffee, 28), (0xfffffef, 28), (0xffffff0, 28),
    (0xffffff1, 28), (0xffffff2, 28), (0x3ffffffe, 30), (0xffffff3, 28), (0xffffff4, 28),
    (0xffffff5, 28), (0xffffff6, 28), (0xffffff7, 28), (0xffffff8, 28), (0xffffff9, 28),
    (0xffffffa, 28), (0xffffffb, 28), (0x14, 6), (0x3f8, 10), (0x3f9, 10), (0xffa, 12),
    (0x1ff9, 13), (0x15, 6), (0xf8, 8), (0x7fa, 11), (0x3fa, 10), (0x3fb, 10), (0xf9, 8),
    (0x7fb, 11), (0xfa, 8), (0x16, 6), (0x17, 6), (0x18, 6), (0x0, 5), (0x1, 5), (0x2, 5),
    (0x19, 6), (0x1a, 6), (0x1b, 6), (0x1c, 6), (0x1d, 6), (0x1e, 6), (0x1f, 6), (0x5c, 7),
    (0xfb, 8), (0x7ffc, 15), (0x20, 6), (0xffb, 12), (0x3fc, 10), (0x1ffa, 13), (0x21, 6),
    (0x5d, 7), (0x5e, 7), (0x5f, 7), (0x60, 7), (0x61, 7), (0x62, 7), (0x63, 7), (0x64, 7),
    (0x65, 7), (0x66, 7), (0x67, 7), (0x68, 7), (0x69, 7), (0x6a, 7), (0x6b, 7), (0x6c, 7),
    (0x6d, 7), (0x6e, 7), (0x6f, 7), (0x70, 7), (0x71, 7), (0x72, 7), (0xfc, 8), (0x73, 7),
    (0xfd, 8), (0x1ffb, 13), (0x7fff0, 19), (0x1ffc, 13), (0x3ffc, 14), (0x22, 6), (0x7ffd, 15),
    (0x3, 5), (0x23, 6), (0x4, 5), (0x24, 6), (0x5, 5), (0x25, 6), (0x26, 6), (0x27, 6), (0x6, 5),
    (0x74, 7), (0x75, 7), (0x28, 6), (0x29, 6), (0x2a, 6), (0x7, 5), (0x2b, 6), (0x76, 7),
    (0x2c, 6), (0x8, 5), (0x9, 5), (0x2d, 6), (0x77, 7), (0x78, 7), (0x79, 7), (0x7a, 7),
    (0x7b, 7), (0x7ffe, 15), (0x7fc, 11), (0x3ffd, 14), (0x1ffd, 13), (0xffffffc, 28),
    (0xfffe6, 20), (0x3fffd2, 22), (0xfffe7, 20), (0xfffe8, 20), (0x3fffd3, 22), (0x3fffd4, 22),
    (0x3fffd5, 22), (0x7fffd9, 23), (0x3fffd6, 22), (0x7fffda, 23), (0x7fffdb, 23), (0x7fffdc, 23),
    (0x7fffdd, 23), (0x7fffde, 23), (0xffffeb, 24), (0x7fffdf, 23), (0xffffec, 24), (0xffffed, 24),
    (0x3fffd7, 22), (0x7fffe0, 23), (0xffffee, 24), (0x7fffe1, 23), (0x7fffe2, 23), (0x7fffe3, 23),
    (0x7fffe4, 23), (0x1fffdc, 21), (0x3fffd8, 22), (0x7fffe5, 23), (0x3fffd9, 22), (0x7fffe6, 23),
    (0x7fffe7, 23), (0xffffef, 24), (0x3fffda, 22), (0x1fffdd, 21), (0xfffe9, 20), (0x3fffdb, 22),
    (0x3fffdc, 22), (0x7fffe8, 23), (0x7fffe9, 23), (0x1fffde, 21), (0x7fffea, 23), (0x3fffdd, 22),
    (0x3fffde, 22), (0xfffff0, 24), (0x1fffdf, 21), (0x3fffdf, 22), (0x7fffeb, 23), (0x7fffec, 23),
    (0x1fffe0, 21), (0x1fffe1, 21), (0x3fffe0, 22), (0x1fffe2, 21), (0x7fffed, 23), (0x3fffe1, 22),
    (0x7fffee, 23), (0x7fffef, 23), (0xfffea, 20), (0x3fffe2, 22), (0x3fffe3, 22), (0x3fffe4, 22),
    (0x7ffff0, 23), (0x3fffe5, 22), (0x3fffe6, 22), (0x7ffff1, 23), (0x3ffffe0, 26),
    (0x3ffffe1, 26), (0xfffeb, 20), (0x7fff1, 19), (0x3fffe7, 22), (0x7ffff2, 23), (0x3fffe8, 22),
    (0x1ffffec, 25), (0x3ffffe2, 26), (0x3ffffe3, 26), (0x3ffffe4, 26), (0x7ffffde, 27),
    (0x7ffffdf, 27), (0x3ffffe5, 26), (0xfffff1, 24), (0x1ffffed, 25), (0x7fff2, 19),
    (0x1fffe3, 21), (0x3ffffe6, 26), (0x7ffffe0, 27), (0x7ffffe1, 27), (0x3ffffe7, 26),
    (0x7ffffe2, 27), (0xfffff2, 24), (0x1fffe4, 21), (0x1fffe5, 21), (0x3ffffe8, 26),
    (0x3ffffe9, 26), (0xffffffd, 28), (0x7ffffe3, 27), (0x7ffffe4, 27), (0x7ffffe5, 27),
    (0xfffec, 20), (0xfffff3, 24), (0xfffed, 20), (0x1fffe6, 21), (0x3fffe9, 22), (0x1fffe7, 21),
    (0x1fffe8, 21), (0x7ffff3, 23), (0x3fffea, 22), (0x3fffeb, 22), (0x1ffffee, 25),
    (0x1ffffef, 25), (0xfffff4, 24), (0xfffff5, 24), (0x3ffffea, 26), (0x7ffff4, 23),
    (0x3ffffeb, 26), (0x7ffffe6, 27), (0x3ffffec, 26), (0x3ffffed, 26), (0x7ffffe7, 27),
    (0x7ffffe8, 27), (0x7ffffe9, 27), (0x7ffffea, 27), (0x7ffffeb, 27), (0xffffffe, 28),
    (0x7ffffec, 27), (0x7ffffed, 27), (0x7ffffee, 27), (0x7ffffef, 27), (0x7fffff0, 27),
    (0x3ffffee, 26), (0x3fffffff, 30),
  ]
}
