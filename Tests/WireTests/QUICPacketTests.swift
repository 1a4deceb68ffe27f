import NetSim
import TestSupport
import Testing

@Suite struct QUICPacketTests {
  private func read(
    _ bytes: [UInt8], shortIDBytes: Int = 8, takesGreasedBit: Bool = false
  ) -> (packets: [QUICPacket], headers: [QUICUnprotectedHeader], error: QUICPacketError?) {
    var packets: [QUICPacket] = []
    var headers: [QUICUnprotectedHeader] = []
    var failure: QUICPacketError?
    bytes.withUnsafeBytes { raw in
      let datagram = ByteReader(raw)
      var reader = QUICPacketReader(
        datagram, shortIDBytes: shortIDBytes, takesGreasedBit: takesGreasedBit)
      do throws(QUICPacketError) {
        while let packet = try reader.next() {
          packets.append(packet)
          if packet.type.hasFrames { headers.append(packet.unprotected(in: datagram)) }
        }
      } catch { failure = error }
    }
    return (packets, headers, failure)
  }

  private func id(_ hex: String) throws -> QUICConnectionID {
    try #require(QUICConnectionID([UInt8](hex: hex)))
  }

  @Test("A client's Initial packet (RFC 9001 §A.2)")
  func clientInitial() throws {
    let header = [UInt8](hex: QUICSamples.clientHeader)
    let bytes = header + [UInt8](repeating: 0, count: 1_178)
    let reading = read(bytes)
    #expect(reading.error == nil)
    #expect(
      reading.packets == [
        QUICPacket(
          type: .initial, range: 0..<1_200, version: 1, destination: 6..<14, source: 15..<15,
          token: 16..<16, body: 18..<1_200)
      ])
    #expect(
      reading.headers == [
        QUICUnprotectedHeader(
          numberSize: 4, truncatedNumber: 2, hasReservedBits: false, keyPhase: false,
          payload: 22..<1_200)
      ])
    var written: [UInt8] = []
    try QUICPacketHeader(
      .initial, destination: try id("8394c8f03e515708"), number: 2, numberSize: 4
    ).append(payloadBytes: 1_178, to: &written)
    #expect(written == header)
  }

  @Test("A server's Initial packet, before and after protection (RFC 9001 §A.3)")
  func serverInitial() throws {
    let header = [UInt8](hex: QUICSamples.serverHeader)
    let bytes =
      header + [UInt8](hex: QUICSamples.serverPayload) + [UInt8](repeating: 0, count: 16)
    let packet = QUICPacket(
      type: .initial, range: 0..<135, version: 1, destination: 6..<6, source: 7..<15,
      token: 16..<16, body: 18..<135)
    #expect(read(bytes).packets == [packet])
    #expect(read(bytes).headers.first?.payload == 20..<135)
    #expect(read(bytes).headers.first?.truncatedNumber == 1)
    // What is in the clear is the same; the four last bits of the first byte are not.
    let protected = [UInt8](hex: QUICSamples.serverProtected)
    #expect(read(protected).packets == [packet])
    #expect(read(protected).headers.first?.numberSize == 4)
    #expect(read(protected).headers.first?.hasReservedBits == true)
    var written: [UInt8] = []
    try QUICPacketHeader(
      .initial, destination: QUICConnectionID(), source: try id("f067a5502a4262b5"), number: 1,
      numberSize: 2
    ).append(payloadBytes: 115, to: &written)
    #expect(written == header)
  }

  @Test("A Retry (RFC 9001 §A.4)")
  func retry() throws {
    let bytes = [UInt8](hex: QUICSamples.retry)
    #expect(
      read(bytes).packets == [
        QUICPacket(
          type: .retry, range: 0..<36, version: 1, destination: 6..<6, source: 7..<15,
          token: 15..<20, body: 20..<36)
      ])
    var written: [UInt8] = []
    try QUICPacketHeader.appendRetry(
      destination: QUICConnectionID(), source: try id("f067a5502a4262b5"),
      token: Array("token".utf8), tag: [UInt8](hex: "04a265ba2eff4d829058fb3f0f2496ba"),
      to: &written)
    #expect(written == bytes)
    #expect(read(Array(bytes[..<15]) + bytes[20...]).error == .emptyToken)
    #expect(read(Array(bytes[..<30])).error == .truncated)
  }

  @Test("A short header, the smallest packet there is (RFC 9001 §A.5)")
  func shortHeader() throws {
    let clear = [UInt8](hex: QUICSamples.shortHeader) + [1] + [UInt8](repeating: 0, count: 16)
    let reading = read(clear, shortIDBytes: 0)
    #expect(
      reading.packets == [
        QUICPacket(type: .oneRTT, range: 0..<21, destination: 1..<1, body: 1..<21)
      ])
    let header = try #require(reading.headers.first)
    #expect(header.numberSize == 3)
    #expect(header.truncatedNumber == 49_140)
    #expect(header.payload == 4..<21)
    #expect(!header.keyPhase && !header.hasReservedBits)
    #expect(
      QUICPacketNumber.decode(header.truncatedNumber, size: 3, largest: 654_360_563) == 654_360_564)
    #expect(
      read([UInt8](hex: QUICSamples.shortProtected), shortIDBytes: 0).packets == reading.packets)
    // A byte less has no whole sample (RFC 9001 §5.4.2).
    #expect(read(Array(clear.dropLast()), shortIDBytes: 0).error == .length)
    #expect(read(clear, shortIDBytes: 1).error == .length)
    #expect(read([0x40, 1, 2], shortIDBytes: 8).error == .truncated)
    var written: [UInt8] = []
    try QUICPacketHeader(
      .oneRTT, destination: QUICConnectionID(), number: 654_360_564, numberSize: 3
    ).append(payloadBytes: 17, to: &written)
    #expect(written == [UInt8](hex: QUICSamples.shortHeader))
    written = []
    var marked = QUICPacketHeader(
      .oneRTT, destination: try id("0a0b"), number: 0x1_2345, numberSize: 1)
    marked.spin = true
    marked.keyPhase = true
    try marked.append(payloadBytes: 30, to: &written)
    // Fixed, spin and key phase: 0x40, 0x20, 0x04.
    #expect(written == [0x64, 0x0A, 0x0B, 0x45])
  }

  @Test("Packets stand one behind another in a datagram (RFC 9000 §12.2)")
  func coalesced() throws {
    var bytes: [UInt8] = []
    let client = try id("0102030405060708")
    let server = try id("a1a2a3a4a5")
    for (type, token) in [
      (QUICPacketType.initial, [UInt8](hex: "aabbcc")), (.zeroRTT, []), (.handshake, []),
    ] {
      try QUICPacketHeader(type, destination: server, source: client, number: 7, numberSize: 2)
        .append(token: token, payloadBytes: 40, to: &bytes)
      bytes += [UInt8](repeating: 0xEE, count: 40)
    }
    try QUICPacketHeader(.oneRTT, destination: server, number: 7, numberSize: 2)
      .append(payloadBytes: 50, to: &bytes)
    bytes += [UInt8](repeating: 0xEE, count: 50)
    let reading = read(bytes, shortIDBytes: 5)
    #expect(reading.error == nil)
    #expect(reading.packets.map(\.type) == [.initial, .zeroRTT, .handshake, .oneRTT])
    // 20 of version, IDs and their lengths, a token of 1 + 3, Length in 2, a number in 2, and 40.
    #expect(reading.packets.map(\.range) == [0..<68, 68..<132, 132..<196, 196..<254])
    #expect(reading.packets.map(\.token.count) == [3, 0, 0, 0])
    #expect(reading.headers.map(\.truncatedNumber) == [7, 7, 7, 7])
    #expect(reading.headers.map(\.payload.count) == [40, 40, 40, 50])
    // The last packet of a cut datagram is not whole; those before are.
    for count in 1..<bytes.count {
      let cut = read(Array(bytes[..<count]), shortIDBytes: 5)
      let whole = count < 68 ? 0 : count < 132 ? 1 : count < 196 ? 2 : 3
      if [68, 132, 196].contains(count) {
        #expect(cut.error == nil, "cut at \(count)")
        #expect(cut.packets == Array(reading.packets[..<whole]), "cut at \(count)")
      } else if count < 196 + 26 {
        #expect(cut.error == (count < 202 ? .truncated : .length), "cut at \(count)")
        #expect(cut.packets == Array(reading.packets[..<whole]), "cut at \(count)")
      } else {
        #expect(cut.packets.last?.range == 196..<count, "cut at \(count)")
      }
    }
  }

  @Test("Version Negotiation, and what all versions have in common (RFC 9000 §17.2.1, RFC 8999)")
  func versions() throws {
    let hex = "c0 00000000 02 0102 01 0a 00000001 6b3343cf"
    var written: [UInt8] = []
    try QUICPacketHeader.appendVersionNegotiation(
      destination: try id("0102"), source: try id("0a"), versions: [1, 0x6B33_43CF], to: &written)
    #expect(written == [UInt8](hex: hex))
    let packet = try #require(read(written).packets.first)
    #expect(packet.type == .versionNegotiation)
    #expect(packet.destination == 6..<8)
    #expect(packet.source == 9..<10)
    written.withUnsafeBytes { raw in
      let versions = (0..<3).map { packet.supportedVersion($0, in: ByteReader(raw)) }
      #expect(versions == [1, 0x6B33_43CF, nil])
    }
    #expect(read([UInt8](hex: "80 00000000 00 00 000001")).error == .versions)
    #expect(read([UInt8](hex: "80 00000000 00 00")).error == .versions)
    // Another version: any first byte, and connection IDs of up to 255 bytes.
    let long = String(repeating: "ab", count: 255)
    let other = read([UInt8](hex: "80 6b3343cf ff \(long) 15 \(long.prefix(42)) 0000"))
    #expect(
      other.packets == [
        QUICPacket(
          type: .otherVersion, range: 0..<285, version: 0x6B33_43CF, destination: 6..<261,
          source: 262..<283, body: 283..<285)
      ])
  }

  @Test("Packets that are dropped (RFC 9000 §17.2, RFC 9287)")
  func dropped() throws {
    let body = "4014" + String(repeating: "00", count: 20)
    let long = String(repeating: "ab", count: 21)
    #expect(read([UInt8](hex: "a0 00000001 00 00 \(body)")).error == .fixedBit)
    #expect(
      read([UInt8](hex: "a0 00000001 00 00 \(body)"), takesGreasedBit: true).packets.first?.type
        == .handshake)
    #expect(read([UInt8](hex: "00" + body), shortIDBytes: 0).error == .fixedBit)
    #expect(read([UInt8](hex: "e0 00000001 15 \(long) 00 \(body)")).error == .connectionIDLength)
    #expect(read([UInt8](hex: "e0 00000001 00 15 \(long) \(body)")).error == .connectionIDLength)
    #expect(read([UInt8](hex: "e0 00000001 00 00 4013 \(long)")).error == .length)
    #expect(QUICConnectionID([UInt8](repeating: 0, count: 21)) == nil)
    let header = QUICPacketHeader(
      .handshake, destination: QUICConnectionID(), number: 0, numberSize: 1)
    var bytes: [UInt8] = []
    #expect(throws: QUICPacketError.length) { try header.append(payloadBytes: 18, to: &bytes) }
    #expect(throws: QUICPacketError.length) {
      try header.append(payloadBytes: 63, lengthSize: 1, to: &bytes)
    }
    #expect(bytes.isEmpty)
  }

  @Test("A header is as long as its size says, and reads as it was written")
  func randomHeaders() throws {
    for seed in UInt64(1)...3_000 {
      var random = QUICRandomFrames(seed: seed)
      let type: QUICPacketType = [.initial, .zeroRTT, .handshake, .oneRTT][random.int(0...3)]
      let destination = Array(random.source.prefix(random.int(0...20)))
      let source = type == .oneRTT ? [] : Array(random.source.suffix(random.int(0...20)))
      let token = type == .initial ? Array(random.source.prefix(random.int(0...300))) : []
      let lengthSize = [2, 4, 8][random.int(0...2)]
      var header = QUICPacketHeader(
        type, destination: try #require(QUICConnectionID(destination)),
        source: try #require(QUICConnectionID(source)), number: random.value(),
        numberSize: random.int(1...4))
      header.fixedBit = random.int(0...1) == 0
      let payload = random.int(20...1_400)
      var bytes: [UInt8] = []
      try header.append(
        token: token, payloadBytes: payload, lengthSize: lengthSize, to: &bytes)
      #expect(
        bytes.count
          == QUICPacketSize.header(
            type, destination: destination.count, source: source.count, token: token.count,
            numberSize: header.numberSize, lengthSize: lengthSize), "seed \(seed)")
      let start = bytes.count
      bytes += [UInt8](repeating: 0, count: payload)
      let reading = read(bytes, shortIDBytes: destination.count, takesGreasedBit: true)
      let packet = try #require(reading.packets.first, "seed \(seed)")
      #expect(packet.type == type, "seed \(seed)")
      #expect(Array(bytes[packet.destination]) == destination, "seed \(seed)")
      #expect(Array(bytes[packet.source]) == source, "seed \(seed)")
      #expect(Array(bytes[packet.token]) == token, "seed \(seed)")
      #expect(reading.headers.first?.payload == start..<bytes.count, "seed \(seed)")
      let mask = UInt64(1) << UInt64(8 * header.numberSize) - 1
      #expect(
        reading.headers.first.map { UInt64($0.truncatedNumber) } == header.number & mask,
        "seed \(seed)")
    }
  }

  @Test("Any datagram is read without a trap, packet behind packet")
  func anyBytes() {
    let good = [UInt8](
      hex: """
        c3 00000001 04 01020304 02 0506 01 aa 4014 00000002 \(String(repeating: "ee", count: 16))
        \(QUICSamples.serverProtected) \(QUICSamples.shortProtected)
        """)
    #expect(read(good, shortIDBytes: 0).packets.map(\.type) == [.initial, .initial, .oneRTT])
    for seed in UInt64(1)...3_000 {
      var generator = SeededGenerator(seed: seed)
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<40, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      var end = 0
      for packet in read(bytes, shortIDBytes: 0).packets {
        #expect(packet.range.lowerBound == end, "seed \(seed)")
        end = packet.range.upperBound
      }
      #expect(end <= bytes.count, "seed \(seed)")
    }
  }
}
