import NetSim
import TestSupport
import Testing

@Suite struct QUICTransportParameterTests {
  private func read(
    _ hex: String, isFromClient: Bool = true
  ) throws(QUICError) -> QUICTransportParameters {
    try Self.read([UInt8](hex: hex), isFromClient: isFromClient)
  }

  private static func read(
    _ bytes: [UInt8], isFromClient: Bool
  ) throws(QUICError) -> QUICTransportParameters {
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(QUICError) in
        try QUICTransportParameters(ByteReader(raw), isFromClient: isFromClient)
      }
    }
    return try result.get()
  }

  private func error(_ hex: String, isFromClient: Bool = true) -> QUICError? {
    do throws(QUICError) {
      _ = try read(hex, isFromClient: isFromClient)
      return nil
    } catch { return error }
  }

  @Test("A client's parameters (RFC 9001 §A.2)")
  func sample() throws {
    let parameters = try read(QUICSamples.clientParameters)
    var expected = QUICTransportParameters()
    expected.initialMaximumData = 4_611_686_018_427_387_903
    expected.initialMaximumStreamDataLocal = 65_535
    expected.initialMaximumStreamDataUnidirectional = 65_535
    expected.initialMaximumStreams = 16
    expected.maximumIdleTimeoutMs = 30_000
    expected.initialMaximumStreamsUnidirectional = 16
    expected.initialSourceConnectionID = QUICConnectionID([UInt8](hex: "8394c8f03e515708"))
    expected.initialMaximumStreamDataRemote = 65_535
    #expect(parameters == expected)
    // Written again they are in another order, and as many bytes.
    #expect(try parameters.written(isFromClient: true).count == 50)
  }

  @Test("What is left out has its default (RFC 9000 §18.2)")
  func defaults() throws {
    let parameters = try read("")
    #expect(parameters == QUICTransportParameters())
    #expect(parameters.maximumUDPPayloadBytes == 65_527)
    #expect(parameters.ackDelayExponent == 3)
    #expect(parameters.maximumAckDelayMs == 25)
    #expect(parameters.activeConnectionIDLimit == 2)
    #expect(parameters.initialMaximumData == 0)
    #expect(parameters.minimumAckDelayUs == nil)
    #expect(try parameters.written(isFromClient: true) == [])
  }

  @Test("Each parameter in bytes that are set down by hand (RFC 9000 §18.2)")
  func literals() throws {
    var server = QUICTransportParameters()
    server.originalDestinationConnectionID = QUICConnectionID([1, 2, 3])
    server.initialSourceConnectionID = QUICConnectionID()
    server.retrySourceConnectionID = QUICConnectionID([4])
    server.statelessResetToken = [UInt8](repeating: 0x5A, count: 16)
    server.maximumUDPPayloadBytes = 1_472
    server.ackDelayExponent = 20
    server.maximumAckDelayMs = 16_383
    server.disablesActiveMigration = true
    server.activeConnectionIDLimit = 4
    server.maximumDatagramFrameBytes = 65_535
    server.takesGreasedBit = true
    server.minimumAckDelayUs = 1_000
    server.others = [
      QUICOtherParameter(id: QUICTransportParameterID(rawValue: 27), content: [9, 9])
    ]
    server.preferredAddress = QUICPreferredAddress(
      version4: IPAddress(192, 0, 2, 1), version4Port: 443,
      version6: IPAddress(version6: 0x2001_0DB8_0000_0000, 1), version6Port: 8_443,
      connectionID: try #require(QUICConnectionID([0xC1, 0xC2])),
      resetToken: [UInt8](repeating: 0x6B, count: 16))
    let hex = """
      00 03 010203  0f 00  10 01 04  03 02 45c0  0a 01 14  0b 02 7fff  0e 01 04
      20 04 8000ffff
      0d 2b c0000201 01bb 20010db8000000000000000000000001 20fb 02 c1c2
      \(String(repeating: "6b", count: 16))
      02 10 \(String(repeating: "5a", count: 16))  0c 00  6ab2 00  c0000000ff04de1b 02 43e8
      1b 02 0909
      """
    #expect(try server.written(isFromClient: false).hex == [UInt8](hex: hex).hex)
    #expect(try read(hex, isFromClient: false) == server)
  }

  @Test("Values that a parameter must not have (RFC 9000 §18.2)")
  func values() {
    let cases: [(String, QUICTransportParameterID, Bool)] = [
      ("03 02 44af", .maxUDPPayloadSize, false), ("03 02 44b0", .maxUDPPayloadSize, true),
      ("0a 01 14", .ackDelayExponent, true), ("0a 01 15", .ackDelayExponent, false),
      ("0b 02 7fff", .maxAckDelay, true), ("0b 04 80004000", .maxAckDelay, false),
      ("0e 01 02", .activeConnectionIDLimit, true), ("0e 01 01", .activeConnectionIDLimit, false),
      ("08 08 d000000000000000", .initialMaxStreamsBidi, true),
      ("08 08 d000000000000001", .initialMaxStreamsBidi, false),
      ("09 08 d000000000000001", .initialMaxStreamsUni, false),
      // 25 ms is 25,000 µs.
      ("c0000000ff04de1b 04 800061a8", .minAckDelay, true),
      ("c0000000ff04de1b 04 800061a9", .minAckDelay, false),
    ]
    for (hex, id, isAllowed) in cases {
      let expected = isAllowed ? nil : QUICError(.parameterValue(id), at: 0)
      #expect(error(hex) == expected, "\(hex)")
    }
    #expect(error("0b 01 18 c0000000ff04de1b 04 800061a8")?.offset == 3)
    #expect(QUICViolation.parameterTruncated.code.name == "TRANSPORT_PARAMETER_ERROR")
  }

  @Test("Forms that a parameter must not have (RFC 9000 §18.2)")
  func forms() {
    let zeros = String(repeating: "00", count: 60)
    let cases: [(String, QUICTransportParameterID)] = [
      ("00 15 \(zeros.prefix(42))", .originalDestinationConnectionID),
      ("02 0f \(zeros.prefix(30))", .statelessResetToken), ("0c 01 00", .disableActiveMigration),
      ("6ab2 01 00", .greaseQUICBit), ("04 00", .initialMaxData), ("04 02 0000", .initialMaxData),
      ("04 01 40", .initialMaxData),
      // A preferred address with a connection ID of no bytes, and one that is cut short.
      ("0d 29 \(zeros.prefix(82))", .preferredAddress), ("0d 04 00000000", .preferredAddress),
      ("0d 2a \(zeros.prefix(48)) 02 \(zeros.prefix(34))", .preferredAddress),
    ]
    for (hex, id) in cases {
      #expect(error(hex, isFromClient: false) == QUICError(.parameterForm(id), at: 0), "\(hex)")
    }
  }

  @Test("Each parameter once, and some from servers only (RFC 9000 §7.4, §18.2)")
  func rules() {
    #expect(
      error("01 01 05 04 01 07 01 01 05") == QUICError(.parameterTwice(.maxIdleTimeout), at: 6))
    let unknown = QUICTransportParameterID(rawValue: 27)
    #expect(error("1b 00 1b 00") == QUICError(.parameterTwice(unknown), at: 2))
    for (hex, id) in [
      ("00 00", QUICTransportParameterID.originalDestinationConnectionID),
      ("10 00", .retrySourceConnectionID),
      ("02 10 000102030405060708090a0b0c0d0e0f", .statelessResetToken),
      ("0d 00", .preferredAddress),
    ] {
      #expect(error(hex) == QUICError(.parameterRole(id), at: 0), "\(hex)")
    }
    #expect(error("10 00", isFromClient: false) == nil)
    var client = QUICTransportParameters()
    client.retrySourceConnectionID = QUICConnectionID()
    #expect(throws: QUICError(.parameterRole(.retrySourceConnectionID), at: 0)) {
      try client.written(isFromClient: true)
    }
  }

  @Test("Parameters cut short at any byte are an error or fewer, and never a trap")
  func truncation() throws {
    let bytes = [UInt8](hex: QUICSamples.clientParameters)
    // Where each parameter begins.
    let starts = [0, 10, 16, 22, 25, 31, 34, 44, 50]
    for count in 0..<bytes.count {
      let start = starts.last { $0 <= count } ?? 0
      do throws(QUICError) {
        _ = try Self.read(Array(bytes[..<count]), isFromClient: true)
        #expect(start == count, "cut at \(count)")
      } catch {
        #expect(error == QUICError(.parameterTruncated, at: start), "cut at \(count)")
      }
    }
  }

  @Test("Parameters with bytes changed are read without a trap, and written as they were read")
  func anyBytes() throws {
    let good = [UInt8](hex: QUICSamples.clientParameters)
    var count = 0
    for seed in UInt64(1)...5_000 {
      var generator = SeededGenerator(seed: seed)
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      guard let parameters = try? Self.read(bytes, isFromClient: true) else { continue }
      count += 1
      let written = try parameters.written(isFromClient: true)
      #expect(try Self.read(written, isFromClient: true) == parameters, "seed \(seed)")
    }
    #expect(count > 500)
  }
}
