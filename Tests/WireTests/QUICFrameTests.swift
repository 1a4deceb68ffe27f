import NetSim
import TestSupport
import Testing

@Suite struct QUICFrameTests {
  private func read(
    _ hex: String, in packetType: QUICPacketType = .oneRTT, isFromClient: Bool = false
  ) -> QUICFrameReading {
    QUICFrameReading([UInt8](hex: hex), in: packetType, isFromClient: isFromClient)
  }

  private func stream(
    _ id: UInt64, _ offset: UInt64, _ data: Range<Int>, isFinal: Bool = false,
    hasLength: Bool = true
  ) -> QUICFrame {
    .stream(
      QUICStreamContent(
        id: id, offset: offset, data: data, isFinal: isFinal, hasLength: hasLength))
  }

  /// Each frame in bytes that are set down by hand after RFC 9000 §19, RFC 9221 §4 and
  /// draft-ietf-quic-ack-frequency §4, §5. Streams 3 and 15 are the server's, 2 is the client's.
  private var literals: [(hex: String, frame: QUICFrame)] {
    let token = "000102030405060708090a0b0c0d0e0f"
    return [
      ("000000", .padding(count: 3)), ("01", .ping),
      ("02 05 4100 00 01", acknowledgement(5, delay: 256, 1)),
      (
        "03 05 08 00 05 01 02 4040",
        acknowledgement(5, delay: 8, 5, ecn: QUICECNCounts(ect0: 1, ect1: 2, ce: 64))
      ),
      ("04 04 4080 7bbd", .resetStream(id: 4, code: 128, finalSize: 15_293)),
      ("05 04 00", .stopSending(id: 4, code: 0)),
      ("06 4400 03 616263", .crypto(offset: 1_024, data: 4..<7)),
      ("07 02 aabb", .newToken(2..<4)),
      ("08 04 616263", stream(4, 0, 2..<5, hasLength: false)),
      ("09 04", stream(4, 0, 2..<2, isFinal: true, hasLength: false)),
      ("0a 04 01 61", stream(4, 0, 3..<4)), ("0b 04 01 61", stream(4, 0, 3..<4, isFinal: true)),
      ("0c 03 01 61", stream(3, 1, 3..<4, hasLength: false)),
      ("0d 04 01 61", stream(4, 1, 3..<4, isFinal: true, hasLength: false)),
      ("0e 0f 7bbd 00", stream(15, 15_293, 5..<5)),
      ("0f 04 01 01 61", stream(4, 1, 4..<5, isFinal: true)),
      ("10 80100000", .maxData(1_048_576)), ("11 04 4400", .maxStreamData(id: 4, limit: 1_024)),
      ("12 4064", .maxStreams(100, isUnidirectional: false)),
      ("13 03", .maxStreams(3, isUnidirectional: true)),
      ("14 80100000", .dataBlocked(1_048_576)),
      ("15 04 4400", .streamDataBlocked(id: 4, limit: 1_024)),
      ("16 4064", .streamsBlocked(100, isUnidirectional: false)),
      ("17 03", .streamsBlocked(3, isUnidirectional: true)),
      (
        "18 02 01 04 c0c1c2c3" + token,
        .newConnectionID(sequence: 2, retirePriorTo: 1, id: 4..<8, resetToken: 8..<24)
      ),
      ("19 01", .retireConnectionID(sequence: 1)),
      ("1a 0102030405060708", .pathChallenge(0x0102_0304_0506_0708)),
      ("1b fffefdfcfbfaf9f8", .pathResponse(0xFFFE_FDFC_FBFA_F9F8)),
      (
        "1c 4178 06 02 6e6f",
        .connectionClose(code: .crypto(alert: 120), frameType: 6, reason: 5..<7)
      ),
      ("1d 4100 00", .applicationClose(code: 256, reason: 4..<4)), ("1e", .handshakeDone),
      ("1f", .immediateAcknowledgement),
      ("30 6162", .datagram(1..<3, hasLength: false)),
      ("31 02 6162", .datagram(2..<4, hasLength: true)),
      (
        "40af 01 09 80004e20 03",
        .acknowledgementFrequency(sequence: 1, threshold: 9, delay: 20_000, reordering: 3)
      ),
    ]
  }

  private func acknowledgement(
    _ largest: UInt64, delay: UInt64, _ firstRange: UInt64, ecn: QUICECNCounts? = nil
  ) -> QUICFrame {
    // Where the other ranges would be.
    let place = ecn == nil ? 6 : 5
    return .acknowledgement(
      QUICAcknowledgement(
        largest: largest, delay: delay, firstRange: firstRange, rangeBytes: place..<place,
        ecn: ecn))
  }

  @Test("Each frame is read, measured and written (RFC 9000 §19)")
  func frames() throws {
    for (hex, frame) in literals {
      let bytes = [UInt8](hex: hex)
      let reading = read(hex)
      #expect(reading.error == nil, "\(hex)")
      #expect(reading.frames == [frame], "\(hex)")
      #expect(frame.size == bytes.count, "\(hex)")
      #expect(try reading.rewritten(from: bytes) == bytes, "\(hex)")
    }
    var types = literals.map(\.frame.type.rawValue)
    types.append(QUICFrameType.padding.rawValue)
    #expect(QUICFrameType.allCases.allSatisfy { types.contains($0.rawValue) })
  }

  @Test("A frame cut short at any byte is an error, and never a trap")
  func truncation() {
    for (hex, frame) in literals where !frame.isLast {
      if case .padding = frame { continue }
      let bytes = [UInt8](hex: hex)
      for count in 1..<bytes.count {
        let reading = QUICFrameReading(Array(bytes[..<count]))
        #expect(reading.error == QUICError(.frameTruncated, at: 0), "\(hex) cut at \(count)")
        // Behind a PING the error stands one further on.
        let behind = QUICFrameReading([1] + bytes[..<count])
        #expect(behind.frames == [.ping], "\(hex) cut at \(count)")
        #expect(behind.error == QUICError(.frameTruncated, at: 1), "\(hex) cut at \(count)")
      }
    }
    #expect(read("0c 04").error == QUICError(.frameTruncated, at: 0))
    #expect(read("").error == QUICError(.noFrames, at: 0))
    #expect(QUICViolation.noFrames.code == .protocolViolation)
    #expect(QUICViolation.frameTruncated.code == .frameEncodingError)
  }

  @Test("ACK's ranges go down, with a number missing between each two (RFC 9000 §19.3.1)")
  func acknowledgedRanges() throws {
    // 100…90, then a gap of 8 + 1 numbers: 80; then of 68 + 1: 10…0.
    let hex = "02 4064 00 02 0a 08 00 4044 0a"
    let ranges: [ClosedRange<UInt64>] = [90...100, 80...80, 0...10]
    #expect(read(hex).acknowledged == [ranges])
    var bytes: [UInt8] = []
    var writer = QUICFrameWriter(in: .oneRTT, isFromClient: true)
    try writer.append(acknowledging: ranges, delay: 0, to: &bytes)
    #expect(bytes == [UInt8](hex: hex))
    // One further is below 0, in the first range, by a gap, or by a length.
    for hex in ["02 05 00 00 06", "02 05 00 01 00 04 00", "02 05 00 01 00 03 01"] {
      #expect(read(hex).error == QUICError(.acknowledgedRange, at: 0), "\(hex)")
    }
    #expect(read("02 05 00 01 00 03 00").acknowledged == [[5...5, 0...0]])
    // More ranges than bytes could tell.
    #expect(read("02 05 00 ffffffffffffffff 00 0000").error?.violation == .frameTruncated)
  }

  @Test("Values that a frame must not have (RFC 9000 §19)")
  func values() {
    let token = String(repeating: "00", count: 16)
    let most = "ffffffffffffffff"
    let cases: [(String, QUICViolation)] = [
      ("06 \(most) 01 61", .offset), ("0e 04 \(most) 01 61", .offset), ("07 00", .emptyToken),
      ("12 d000000000000001", .streamCount), ("17 d000000000000001", .streamCount),
      ("18 01 00 00 \(token)", .connectionIDLength),
      ("18 01 00 15 \(token)\(token)\(token)", .connectionIDLength),
      ("18 01 02 01 aa \(token)", .retirePriorTo), ("20", .unknownFrame(0x20)),
      ("4021", .unknownFrame(0x21)), ("\(most)", .unknownFrame(1 << 62 - 1)),
    ]
    for (hex, violation) in cases {
      #expect(read(hex).error == QUICError(violation, at: 0), "\(hex)")
      #expect(violation.code.name == "FRAME_ENCODING_ERROR", "\(hex)")
    }
    for hex in [
      "06 \(most) 00", "0e 04 \(most) 00", "12 d000000000000000", "18 01 01 01 aa" + token,
    ] {
      #expect(read(hex).error == nil, "\(hex)")
    }
    #expect(read("4001").error == QUICError(.frameTypeSize, at: 0))
    #expect(QUICViolation.frameTypeSize.code.name == "PROTOCOL_VIOLATION")
  }

  @Test("A type of packet has its own frames (RFC 9000 §12.4, Table 3)")
  func packets() {
    // The column "Pkts", number by number.
    let table: [(ClosedRange<UInt64>, String)] = [
      (0x00...0x01, "IH01"), (0x02...0x03, "IH_1"), (0x04...0x05, "__01"), (0x06...0x06, "IH_1"),
      (0x07...0x07, "___1"), (0x08...0x1A, "__01"), (0x1B...0x1B, "___1"), (0x1C...0x1C, "IH01"),
      (0x1D...0x1D, "__01"), (0x1E...0x1F, "___1"), (0x30...0x31, "__01"), (0xAF...0xAF, "___1"),
    ]
    let packets: [(QUICPacketType, Character)] = [
      (.initial, "I"), (.handshake, "H"), (.zeroRTT, "0"), (.oneRTT, "1"), (.retry, "R"),
      (.versionNegotiation, "V"), (.otherVersion, "?"),
    ]
    var count = 0
    for (numbers, letters) in table {
      for number in numbers {
        for (packet, letter) in packets {
          #expect(
            QUICFrameType(number: number)?.isAllowed(in: packet) == letters.contains(letter),
            "\(number) in \(packet.name)")
        }
        count += 1
      }
    }
    #expect(count == 35)
    #expect((0x20...0x2F).allSatisfy { QUICFrameType(number: $0) == nil })
    #expect((0x32...0xAE).allSatisfy { QUICFrameType(number: $0) == nil })
    let error = read("1d 00 00", in: .handshake).error
    #expect(error == QUICError(.frameInPacket(.applicationClose), at: 0))
    #expect(error?.code.name == "PROTOCOL_VIOLATION")
    #expect(read("1c 00 00 00", in: .handshake).error == nil)
  }

  @Test("Who may send what, and about which streams (RFC 9000 §2.1, §19)")
  func roles() {
    #expect(read("07 01 aa", isFromClient: true).error == QUICError(.role(.newToken), at: 0))
    #expect(read("1e", isFromClient: true).error == QUICError(.role(.handshakeDone), at: 0))
    // Frames of a stream's sender and of its receiver.
    let sender = ["04 ID 00 00", "08 ID", "15 ID 00"]
    let receiver = ["05 ID 00", "11 ID 00"]
    // 0 and 1 go both ways; 2 is sent by the client, 3 by the server.
    let cases: [(String, fromClient: (Bool, Bool), fromServer: (Bool, Bool))] = [
      ("00", (true, true), (true, true)), ("01", (true, true), (true, true)),
      ("02", (true, false), (false, true)), ("03", (false, true), (true, false)),
    ]
    for (id, fromClient, fromServer) in cases {
      for (isFromClient, allowed) in [(true, fromClient), (false, fromServer)] {
        for (frames, isAllowed) in [(sender, allowed.0), (receiver, allowed.1)] {
          for frame in frames {
            let hex = String(frame.prefix(3)) + id + String(frame.dropFirst(5))
            let error = read(hex, isFromClient: isFromClient).error
            #expect((error == nil) == isAllowed, "\(hex) \(isFromClient)")
            #expect(isAllowed || error?.code.name == "STREAM_STATE_ERROR", "\(hex)")
          }
        }
      }
    }
  }

  @Test(
    "What asks for an acknowledgement, and what counts as in flight (RFC 9000 §13.2, RFC 9002 §2)")
  func properties() {
    let passive: [QUICFrameType] = [
      .padding, .acknowledgement, .connectionClose, .applicationClose,
    ]
    for type in QUICFrameType.allCases {
      #expect(type.isAckEliciting == !passive.contains(type), "\(type.name)")
      #expect(type.countsInFlight == (type == .padding || !passive.contains(type)), "\(type.name)")
    }
    #expect(
      QUICFrameType.allCases.filter(\.isProbing)
        == [.padding, .newConnectionID, .pathChallenge, .pathResponse])
  }

  @Test("A client's first frames: CRYPTO, then PADDING (RFC 9001 §A.2)")
  func clientInitial() throws {
    let payload =
      [UInt8](hex: QUICSamples.clientCrypto) + [UInt8](repeating: 0, count: 917)
    #expect(payload.count == 1_162)
    let reading = QUICFrameReading(payload, in: .initial, isFromClient: true)
    #expect(reading.error == nil)
    #expect(reading.frames == [.crypto(offset: 0, data: 4..<245), .padding(count: 917)])
    #expect(reading.offsets == [0, 245])
    #expect(
      try reading.rewritten(from: payload, in: .initial, isFromClient: true) == payload)
  }

  @Test("A server's first frames: ACK and CRYPTO (RFC 9001 §A.3)")
  func serverInitial() {
    let reading = read(QUICSamples.serverPayload, in: .initial)
    #expect(reading.error == nil)
    #expect(
      reading.frames == [
        .acknowledgement(
          QUICAcknowledgement(largest: 0, delay: 0, firstRange: 0, rangeBytes: 5..<5)),
        .crypto(offset: 0, data: 9..<99),
      ])
    #expect(reading.acknowledged == [[0...0]])
  }

  @Test("Frames made at random are as long as their sizes say, and read as they were written")
  func randomFrames() throws {
    for seed in UInt64(1)...3_000 {
      var random = QUICRandomFrames(seed: seed)
      let frames = random.frames(count: 6)
      var bytes: [UInt8] = []
      try random.source.withUnsafeBytes { raw in
        var writer = QUICFrameWriter(in: .oneRTT, isFromClient: false)
        for frame in frames {
          let before = bytes.count
          try writer.append(frame, from: ByteReader(raw), to: &bytes)
          #expect(bytes.count - before == frame.size, "seed \(seed): \(frame)")
        }
      }
      let reading = QUICFrameReading(bytes)
      #expect(reading.error == nil, "seed \(seed)")
      #expect(reading.frames.map(\.typeNumber) == frames.map(\.typeNumber), "seed \(seed)")
      #expect(try reading.rewritten(from: bytes) == bytes, "seed \(seed)")
    }
  }

  @Test("ACK made at random is as long as its size says, and reads as it was written")
  func randomAcknowledgements() throws {
    for seed in UInt64(1)...3_000 {
      var random = QUICRandomFrames(seed: seed)
      let ranges = random.acknowledgedRanges()
      let delay = random.value()
      let ecn =
        seed % 2 == 0
        ? nil : QUICECNCounts(ect0: random.value(), ect1: random.value(), ce: random.value())
      var bytes: [UInt8] = []
      var writer = QUICFrameWriter(in: .oneRTT, isFromClient: false)
      try writer.append(acknowledging: ranges, delay: delay, ecn: ecn, to: &bytes)
      #expect(
        QUICFrameSize.acknowledgement(ranges: ranges, delay: delay, ecn: ecn) == bytes.count,
        "seed \(seed)")
      let reading = QUICFrameReading(bytes)
      #expect(reading.acknowledged == [ranges], "seed \(seed)")
      #expect(reading.frames.first?.size == bytes.count, "seed \(seed)")
      guard case .acknowledgement(let frame) = reading.frames.first else { continue }
      #expect(frame.delay == delay && frame.ecn == ecn, "seed \(seed)")
    }
  }

  @Test("The room of a packet is filled, and never more")
  func room() {
    for seed in UInt64(1)...3_000 {
      var random = QUICRandomFrames(seed: seed)
      let room = random.int(0...20_000)
      let id = random.value()
      let offset = random.value()
      for hasLength in [true, false] {
        let size = {
          QUICFrameSize.stream(id: id, offset: offset, length: $0, hasLength: hasLength)
        }
        guard
          let most = QUICFrameSize.streamBytes(
            in: room, id: id, offset: offset, hasLength: hasLength)
        else {
          #expect(size(0) > room, "seed \(seed)")
          continue
        }
        #expect(size(most) <= room && size(most + 1) > room, "seed \(seed)")
      }
    }
  }

  @Test("Any bytes are read without a trap")
  func anyBytes() {
    let good = literals.filter { !$0.frame.isLast }.flatMap { [UInt8](hex: $0.hex) }
    for seed in UInt64(1)...3_000 {
      var generator = SeededGenerator(seed: seed)
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let reading = QUICFrameReading(bytes)
      #expect((reading.error?.offset ?? 0) < bytes.count, "seed \(seed)")
      #expect(reading.offsets == reading.offsets.sorted(), "seed \(seed)")
    }
  }

  @Test("Codes have their names (RFC 9000 §20.1)")
  func codes() {
    #expect(QUICErrorCode.noError.name == "NO_ERROR")
    #expect(QUICErrorCode(rawValue: 0x0A).name == "PROTOCOL_VIOLATION")
    #expect(QUICErrorCode(rawValue: 0x10).name == "NO_VIABLE_PATH")
    #expect(QUICErrorCode(rawValue: 0x11).name == nil)
    // handshake_failure (RFC 8446 §6.2).
    #expect(QUICErrorCode(rawValue: 0x128).name == "CRYPTO_ERROR")
    #expect(QUICErrorCode(rawValue: 0x128).alert == 40)
    #expect(QUICErrorCode.crypto(alert: 40).rawValue == 0x128)
    #expect(QUICErrorCode(rawValue: 0x200).name == nil)
    #expect(QUICErrorCode(rawValue: 0x200).alert == nil)
  }
}
