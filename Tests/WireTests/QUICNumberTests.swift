import NetSim
import TestSupport
import Testing

@Suite struct QUICNumberTests {
  private func read(_ hex: String) -> (value: UInt64?, end: Int) {
    [UInt8](hex: hex).withUnsafeBytes { bytes in
      var offset = 0
      let value = ByteReader(bytes).quicVarint(at: &offset)
      return (value, offset)
    }
  }

  @Test("Integers of 1, 2, 4 and 8 bytes (RFC 9000 §A.1)")
  func integers() {
    let cases: [(String, UInt64)] = [
      ("c2197c5eff14e88c", 151_288_809_941_952_652), ("9d7f3e7d", 494_878_333),
      ("7bbd", 15_293), ("25", 37), ("4025", 37), ("ffffffffffffffff", 4_611_686_018_427_387_903),
      ("00", 0), ("80000000", 0),
    ]
    for (hex, value) in cases {
      #expect(read(hex).value == value, "\(hex)")
      #expect(read(hex).end == hex.count / 2, "\(hex)")
      #expect(read(hex + "ff").value == value, "\(hex)")
      #expect(read(String(hex.dropLast(2))).value == nil, "\(hex)")
      #expect(read(String(hex.dropLast(2))).end == 0, "\(hex)")
    }
    #expect(QUICVarint.maximum == 4_611_686_018_427_387_903)
  }

  @Test("The shortest encoding of a value (RFC 9000 §16, Table 4)")
  func integerSizes() {
    let cases: [(UInt64, Int)] = [
      (0, 1), (63, 1), (64, 2), (16_383, 2), (16_384, 4), (1_073_741_823, 4), (1_073_741_824, 8),
      (4_611_686_018_427_387_903, 8),
    ]
    for (value, size) in cases { #expect(QUICVarint.size(value) == size, "\(value)") }
    #expect(
      [1, 2, 4, 8].map(QUICVarint.maximum(size:)) == [63, 16_383, 1_073_741_823, 1 << 62 - 1])
  }

  @Test("Content with its length before it fills the room there is")
  func countedContent() {
    // 63 bytes behind one of length fill 64; for 65 there is no encoding that is full.
    let cases = [
      (0, nil), (1, 0), (2, 1), (64, 63), (65, 63), (66, 64), (16_385, 16_383), (16_386, 16_383),
      (16_387, 16_383), (16_388, 16_384),
    ]
    for (room, most) in cases { #expect(QUICVarint.countedBytes(in: room) == most, "\(room)") }
  }

  @Test("A packet number has as many bytes as the peer needs to understand it (RFC 9000 §A.2)")
  func packetNumberSizes() {
    #expect(QUICPacketNumber.size(0xAC_5C02, largestAcknowledged: 0xAB_E8B3) == 2)
    #expect(QUICPacketNumber.size(0xAC_E8FE, largestAcknowledged: 0xAB_E8B3) == 3)
    let cases: [(UInt64, UInt64?, Int)] = [
      (0, nil, 1), (127, nil, 1), (128, nil, 2), (128, 0, 1), (129, 0, 2), (32_768, 0, 2),
      (32_769, 0, 3), (8_388_608, 0, 3), (8_388_609, 0, 4),
    ]
    for (number, acknowledged, size) in cases {
      #expect(
        QUICPacketNumber.size(number, largestAcknowledged: acknowledged) == size, "\(number)")
    }
  }

  @Test("A packet number is the nearest to the one expected (RFC 9000 §A.3)")
  func packetNumbers() {
    #expect(QUICPacketNumber.decode(0x9B32, size: 2, largest: 0xA82F_30EA) == 0xA82F_9B32)
    let cases: [(UInt32, Int, UInt64?, UInt64)] = [
      (0, 1, nil, 0), (255, 1, nil, 255), (0, 1, 255, 256), (255, 1, 256, 255), (2, 4, 1, 2),
      // After 127 those of one byte run to 128 + 128; the next stands for one that is past.
      (0, 1, 127, 256), (1, 1, 127, 1),
      (0xFF, 1, 1 << 62 - 2, 1 << 62 - 1), (0, 1, 1 << 62 - 2, 1 << 62 - 256),
    ]
    for (truncated, size, largest, number) in cases {
      #expect(
        QUICPacketNumber.decode(truncated, size: size, largest: largest) == number, "\(number)")
    }
  }

  @Test("What is sent is understood, however little of it the peer has seen")
  func packetNumberRoundTrips() {
    for seed in UInt64(1)...5_000 {
      var generator = SeededGenerator(seed: seed)
      let bits = UInt64.random(in: 1...61, using: &generator)
      let acknowledged = UInt64.random(in: 0..<1 << bits, using: &generator)
      let aheadBits = UInt64.random(in: 0...31, using: &generator)
      let ahead = UInt64.random(in: 1...1 << aheadBits, using: &generator)
      let number = acknowledged + ahead
      let seen = UInt64.random(in: acknowledged..<number, using: &generator)
      let size = QUICPacketNumber.size(number, largestAcknowledged: acknowledged)
      let truncated = UInt32(truncatingIfNeeded: number & (1 << (8 * UInt64(size)) - 1))
      #expect(
        QUICPacketNumber.decode(truncated, size: size, largest: seen) == number, "seed \(seed)")
    }
  }

  @Test("Headers have the sizes of the RFC's own (RFC 9001 §A.2, §A.3, §A.4, §A.5)")
  func headerSizes() {
    #expect(QUICPacketSize.header(.initial, destination: 8, source: 0, numberSize: 4) == 22)
    #expect(QUICPacketSize.header(.initial, destination: 0, source: 8, numberSize: 2) == 20)
    #expect(QUICPacketSize.retry(destination: 0, source: 8, token: 5) == 36)
    #expect(QUICPacketSize.header(.oneRTT, destination: 0, numberSize: 3) == 4)
    // 7 + 8 + 5, a token of 64 bytes behind two of length, Length in 2, a number in 1.
    #expect(
      QUICPacketSize.header(.initial, destination: 8, source: 5, token: 64, numberSize: 1) == 89)
    #expect(
      QUICPacketSize.header(.handshake, destination: 8, source: 5, token: 64, numberSize: 1) == 23)
    #expect(
      QUICPacketSize.header(.zeroRTT, destination: 8, source: 5, numberSize: 1, lengthSize: 4) == 25
    )
    #expect(QUICPacketSize.versionNegotiation(destination: 8, source: 8, versions: 2) == 31)
  }

  @Test("Frames have sizes that can be counted by hand (RFC 9000 §19)")
  func frameSizes() {
    #expect(QUICFrameSize.crypto(offset: 0, length: 241) == 245)
    // Type, stream 4, offset 1200 in two bytes; 1000 bytes behind two of length.
    #expect(QUICFrameSize.stream(id: 4, offset: 1_200, length: 1_000, hasLength: true) == 1_006)
    #expect(QUICFrameSize.stream(id: 4, offset: 0, length: 1_000, hasLength: false) == 1_002)
    #expect(QUICFrameSize.streamBytes(in: 1_006, id: 4, offset: 1_200, hasLength: true) == 1_000)
    #expect(QUICFrameSize.streamBytes(in: 3, id: 4, offset: 1_200, hasLength: false) == nil)
    #expect(QUICFrameSize.streamBytes(in: 4, id: 4, offset: 1_200, hasLength: false) == 0)
    #expect(QUICFrameSize.cryptoBytes(in: 245, offset: 0) == 241)
    #expect(QUICFrameSize.acknowledgement(largest: 0, delay: 0, firstRange: 0) == 5)
    // 100…90, 80…80 and 10…0: 100 in two bytes; gaps of 8 and 68, the second in two.
    let ranges: [ClosedRange<UInt64>] = [90...100, 80...80, 0...10]
    #expect(QUICFrameSize.acknowledgement(ranges: ranges, delay: 0) == 11)
    #expect(
      QUICFrameSize.acknowledgement(
        ranges: ranges, delay: 100, ecn: QUICECNCounts(ect0: 64, ect1: 0, ce: 1)) == 16)
    #expect(
      QUICFrameSize.newConnectionID(sequence: 1, retirePriorTo: 0, length: 8) == 28)
  }
}
