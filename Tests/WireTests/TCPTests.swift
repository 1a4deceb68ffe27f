import NetSim
import TestSupport
import Testing

@Suite struct TCPTests {
  private let source = IPAddress(10, 8, 0, 1)
  private let destination = IPAddress(10, 8, 0, 2)

  @Test("A Linux SYN's options are MSS, SACK permitted, timestamps and window scale, in 20 bytes")
  func synOptions() throws {
    var options = TCPOptions()
    options.maximumSegmentSize = 1460
    options.permitsSACK = true
    options.timestamps = TCPTimestamps(value: 0x0102_0304, echo: 0)
    options.windowScale = 7
    let expected: [UInt8] = [
      2, 4, 0x05, 0xB4, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7,
    ]
    #expect(try options.written() == expected)
  }

  @Test("A cookie of Fast Open takes twelve bytes with its padding (RFC 7413 §4.1.1)")
  func fastOpenCookie() throws {
    var options = TCPOptions()
    options.fastOpenCookie = 0x0102_0304_0506_0708
    let bytes = try options.written()
    #expect(bytes == [1, 1, 34, 10, 1, 2, 3, 4, 5, 6, 7, 8])
    try bytes.withUnsafeBytes { raw in
      var read = TCPOptions()
      try TCPOptions.read(ByteReader(raw), into: &read)
      #expect(read == options)
    }
  }

  @Test("Options of unknown kinds are skipped, known ones behind them are read")
  func unknownOptions() throws {
    let bytes: [UInt8] = [254, 4, 0xF9, 0x89, 1, 1, 2, 4, 0x05, 0x78, 0, 0]
    try bytes.withUnsafeBytes { raw in
      var options = TCPOptions()
      try TCPOptions.read(ByteReader(raw), into: &options)
      #expect(options.skippedCount == 1)
      #expect(options.maximumSegmentSize == 1400)
    }
  }

  @Test(
    "An option whose length lies is an error and keeps what stood before it", arguments: [0, 1, 9])
  func lyingOption(length: UInt8) {
    let bytes: [UInt8] = [2, 4, 0x05, 0xB4, 8, length, 0, 0]
    bytes.withUnsafeBytes { raw in
      var options = TCPOptions()
      #expect(throws: WireError.optionLength(UInt32(length))) {
        try TCPOptions.read(ByteReader(raw), into: &options)
      }
      #expect(options.maximumSegmentSize == 1460)
    }
  }

  @Test("A window scale above 14 is taken as 14 (RFC 7323 §2.3)")
  func largeScale() throws {
    let bytes: [UInt8] = [3, 3, 200, 0]
    try bytes.withUnsafeBytes { raw in
      var options = TCPOptions()
      try TCPOptions.read(ByteReader(raw), into: &options)
      #expect(options.windowScale == 14)
    }
  }

  @Test("Segments of 500 seeds read back as they were written, with right checksums")
  func roundTrips() throws {
    for seed in UInt64(1)...500 {
      var random = SeededGenerator(seed: seed)
      let header = header(&random)
      let payload = (0..<Int.random(in: 0...64, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      var bytes: [UInt8] = []
      try header.write(payload: payload, source: source, destination: destination, to: &bytes)
      try bytes.withUnsafeBytes { raw in
        let segment = try TCPSegment(ByteReader(raw))
        var isMalformed = true
        let options = segment.options(isMalformed: &isMalformed)
        #expect(!isMalformed, "seed \(seed)")
        #expect(options == header.options, "seed \(seed)")
        #expect(segment.sequence == header.sequence, "seed \(seed)")
        #expect(segment.acknowledgement == header.acknowledgement, "seed \(seed)")
        #expect(segment.flags == header.flags, "seed \(seed)")
        #expect(segment.window == header.window, "seed \(seed)")
        #expect(Array(segment.payload.bytes) == payload, "seed \(seed)")
        #expect(
          segment.hasValidChecksum(source: source, destination: destination), "seed \(seed)")
      }
    }
  }

  @Test("Random bytes of 2,000 seeds are read or refused, and never trap")
  func randomBytes() {
    for seed in UInt64(1)...2_000 {
      var random = SeededGenerator(seed: seed)
      let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      bytes.withUnsafeBytes { raw in
        let reader = ByteReader(raw)
        _ = (try? IPv4Packet(reader))?.payload.count
        _ = (try? IPv6Packet(reader))?.payload.count
        if let segment = try? TCPSegment(reader) {
          var isMalformed = false
          _ = segment.options(isMalformed: &isMalformed)
        }
      }
    }
  }

  @Test("Five options that need more than 40 bytes do not fit")
  func tooManyOptions() {
    var options = TCPOptions()
    options.maximumSegmentSize = 1460
    options.timestamps = TCPTimestamps(value: 1, echo: 2)
    for start in UInt32(0)..<4 {
      options.addSACK(SACKBlock(start: SequenceNumber(start), end: SequenceNumber(start + 1)))
    }
    #expect(throws: WireError.doesNotFit) { try options.written() }
  }

  /// A header with options that fit: either a SYN's, or timestamps with up to three SACK blocks.
  private func header(_ random: inout SeededGenerator) -> TCPHeader {
    var options = TCPOptions()
    let isSYN = Bool.random(using: &random)
    if Bool.random(using: &random) {
      options.timestamps = TCPTimestamps(
        value: .random(in: .min ... .max, using: &random),
        echo: .random(in: .min ... .max, using: &random))
    }
    if isSYN {
      options.maximumSegmentSize = .random(in: .min ... .max, using: &random)
      options.windowScale = Bool.random(using: &random) ? .random(in: 0...14, using: &random) : nil
      options.permitsSACK = Bool.random(using: &random)
    } else {
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let start = UInt32.random(in: .min ... .max, using: &random)
        options.addSACK(
          SACKBlock(start: SequenceNumber(start), end: SequenceNumber(start &+ 1448)))
      }
    }
    return TCPHeader(
      sourcePort: .random(in: .min ... .max, using: &random),
      destinationPort: .random(in: .min ... .max, using: &random),
      sequence: SequenceNumber(.random(in: .min ... .max, using: &random)),
      acknowledgement: SequenceNumber(.random(in: .min ... .max, using: &random)),
      flags: isSYN ? .syn : .ack, window: .random(in: .min ... .max, using: &random),
      options: options)
  }
}
