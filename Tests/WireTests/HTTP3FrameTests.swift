import NetSim
import TestSupport
import Testing

@Suite struct HTTP3FrameTests {
  private func reader(
    _ kind: HTTP3StreamKind, fromClient: Bool = true, keepsContent: Bool = true
  ) -> HTTP3FrameReader {
    var reader = HTTP3FrameReader(
      kind, isFromClient: fromClient, keepsContent: keepsContent, maximumPayloadBytes: 300)
    reader.setPushLimit(3)
    return reader
  }

  private func read(
    _ hex: String, _ kind: HTTP3StreamKind, fromClient: Bool = true
  ) -> HTTP3Reading {
    HTTP3Reading([UInt8](hex: hex), by: reader(kind, fromClient: fromClient))
  }

  private static let table = HTTP3Setting(.qpackMaxTableCapacity, 4_096)

  /// Frames with their bytes by hand, each on a stream of its own; before those on a control stream
  /// stand empty SETTINGS (04 00).
  private static let literals: [(HTTP3StreamKind, Bool, HTTP3Payload, String)] = [
    (.request, true, .data([0x61, 0x62, 0x63]), "0003616263"),
    (.request, true, .data([]), "0000"),
    (.push(1), false, .headers([0, 0, 0xD9]), "01030000d9"),
    // 4,096 takes two bytes: 0x1000 with the bits 01 in front.
    (.control, true, .settings([table, .init(.qpackBlockedStreams, 100)]), "0406015000074064"),
    (
      .control, true, .settings([.init(.maxFieldSectionSize, 16_384), .init(.datagram, 1)]),
      "040706800040003301"
    ),
    (.control, true, .cancelPush(2), "0400030102"),
    (.control, false, .cancelPush(0), "0400030100"),
    (.request, false, .pushPromise(pushID: 2, section: [0, 0, 0xD1]), "0504020000d1"),
    (.control, false, .goAway(4), "0400070104"),
    // A client's names a push; 65 takes two bytes.
    (.control, true, .goAway(65), "040007024041"),
    (.control, true, .maxPushID(8), "04000d0108"),
    // 0xf0700 with the bits 10 in front; "u=1" for stream 0, and for push 1.
    (
      .control, true, .priorityUpdate(streamID: 0, value: [0x75, 0x3D, 0x31]),
      "0400800f07000400753d31"
    ),
    (
      .control, true, .pushPriorityUpdate(pushID: 1, value: [0x75, 0x3D, 0x31]),
      "0400800f07010401753d31"
    ),
  ]

  @Test("Frames read and are written as they are by hand (RFC 9114 §7.2, RFC 9218 §7.2)")
  func literals() throws {
    for (kind, fromClient, payload, hex) in Self.literals {
      let reading = read(hex, kind, fromClient: fromClient)
      #expect(reading.error == nil && reading.payloads.last == payload, "\(hex)")
      var writer = HTTP3FrameWriter(kind, isFromClient: fromClient)
      writer.setPushLimit(3)
      var bytes: [UInt8] = []
      if kind == .control, payload.type != .settings {
        try writer.append(.settings([]), to: &bytes)
      }
      try writer.append(payload, to: &bytes)
      #expect(bytes.hex == hex)
    }
  }

  @Test("A type or length may take more bytes than it needs (RFC 9000 §16)")
  func longIntegers() {
    let reading = read("40018000000161", .request)
    #expect(reading.payloads == [.headers([0x61])])
    #expect(reading.events.map(\.headerBytes) == [6] && reading.events.map(\.length) == [1])
    let longest = read("c000000000000001c00000000000000161", .request)
    #expect(longest.payloads == [.headers([0x61])])
  }

  @Test("What is not known is passed over, whatever its length (RFC 9114 §7.2.8, §9)")
  func unknownFrames() throws {
    // 0x21 and 0x40 are the first of those that mean nothing; ORIGIN (0x0c) is not known here.
    let reading = read("2100" + "404003616263" + "0c0100" + "01026162", .request)
    #expect(
      reading.payloads == [
        .ignored(type: 0x21), .ignored(type: 0x40), .ignored(type: 0x0C), .headers([0x61, 0x62]),
      ])
    #expect(reading.events.map(\.offset) == [0, 2, 8, 11])
    #expect(HTTP3FrameType.isGrease(0x21) && HTTP3FrameType.isGrease(0x21 + 1_000 * 0x1F))
    #expect(!HTTP3FrameType.isGrease(0x20) && !HTTP3FrameType.isGrease(0x02))
    var writer = HTTP3FrameWriter(.request, isFromClient: true)
    var bytes: [UInt8] = []
    try writer.append(grease: 1, [0x61], to: &bytes)
    #expect(bytes.hex == "40400161")
  }

  @Test("Content that is only counted may have any length")
  func countedContent() {
    let reader = reader(.request, keepsContent: false)
    let reading = HTTP3Reading([0x00, 0x42, 0x00] + [UInt8](repeating: 7, count: 512), by: reader)
    #expect(reading.payloads == [.data([])] && reading.events.map(\.length) == [512])
    // 2^62 − 1 bytes are announced, and five came.
    var long = reader
    var position = 0
    let bytes: [UInt8] = [0x00] + [UInt8](repeating: 0xFF, count: 8) + [1, 2, 3, 4, 5]
    let event = bytes.withUnsafeBytes { try? long.next($0, &position) }
    #expect(event == nil)
    #expect(long.bytesLeft == 1 << 62 - 6 && long.offset == 14 && !long.isBetweenFrames)
  }

  // MARK: Errors

  /// Bytes on a stream from a client or not, what is wrong with them, and the code that says so.
  private static let faults: [(String, HTTP3StreamKind, Bool, HTTP3Violation, HTTP3ErrorCode)] = [
    // §7.2, Table 1
    ("0400" + "0000", .control, true, .frameOnStream, .frameUnexpected),
    ("0400" + "0100", .control, true, .frameOnStream, .frameUnexpected),
    ("0400" + "050100", .control, false, .frameOnStream, .frameUnexpected),
    ("030100", .request, true, .frameOnStream, .frameUnexpected),
    ("0400", .request, true, .frameOnStream, .frameUnexpected),
    ("070100", .request, false, .frameOnStream, .frameUnexpected),
    ("0d0100", .request, true, .frameOnStream, .frameUnexpected),
    ("800f07000100", .request, true, .frameOnStream, .frameUnexpected),
    ("0400", .push(0), false, .frameOnStream, .frameUnexpected),
    ("050100", .push(0), false, .frameOnStream, .frameUnexpected),
    // §7.2.8, §11.2.1: PRIORITY, PING, WINDOW_UPDATE, CONTINUATION
    ("0200", .request, true, .reservedFrame, .frameUnexpected),
    ("0600", .request, true, .reservedFrame, .frameUnexpected),
    ("0400" + "0800", .control, true, .reservedFrame, .frameUnexpected),
    ("0900", .push(0), false, .reservedFrame, .frameUnexpected),
    // §7.2.5, §7.2.7, RFC 9218 §7.2
    ("050100", .request, true, .role, .frameUnexpected),
    ("0400" + "0d0100", .control, false, .role, .frameUnexpected),
    ("0400" + "800f07000100", .control, false, .role, .frameUnexpected),
    ("0400" + "800f07010100", .control, false, .role, .frameUnexpected),
    // §6.2.1, §7.2.4
    ("070100", .control, true, .settingsMissing, .missingSettings),
    ("2100", .control, true, .settingsMissing, .missingSettings),
    ("0400" + "0400", .control, true, .settingsRepeated, .frameUnexpected),
    // §7.1
    ("0400" + "0700", .control, true, .frameLength, .frameError),
    ("0400" + "07020000", .control, true, .frameLength, .frameError),
    ("0400" + "0709", .control, true, .frameLength, .frameError),
    ("0400" + "030140", .control, true, .frameLength, .frameError),
    ("040101", .control, true, .frameLength, .frameError),
    ("04020180", .control, true, .frameLength, .frameError),
    ("0500", .request, false, .frameLength, .frameError),
    ("00", .request, true, .frameCut, .frameError),
    ("000261", .request, true, .frameCut, .frameError),
    ("2102", .request, true, .frameCut, .frameError),
    // §10.5: 301 bytes
    ("01412d", .request, true, .frameTooLong, .excessiveLoad),
    ("00412d", .request, true, .frameTooLong, .excessiveLoad),
    // §7.2.4.1, §11.2.2
    ("04020000", .control, true, .reservedSetting(.init(rawValue: 0)), .settingsError),
    ("04020201", .control, true, .reservedSetting(.init(rawValue: 2)), .settingsError),
    ("04020301", .control, true, .reservedSetting(.init(rawValue: 3)), .settingsError),
    ("04020401", .control, true, .reservedSetting(.init(rawValue: 4)), .settingsError),
    ("04020501", .control, false, .reservedSetting(.init(rawValue: 5)), .settingsError),
    ("040401000101", .control, true, .settingTwice(.qpackMaxTableCapacity), .settingsError),
    ("04020802", .control, false, .settingValue(.enableConnectProtocol), .settingsError),
    ("04023302", .control, false, .settingValue(.datagram), .settingsError),
    // §7.2.6, §5.2
    ("0400" + "070101", .control, false, .lastStream, .idError),
    ("0400" + "070104" + "070108", .control, false, .lastStreamGrows, .idError),
    ("0400" + "070101" + "070102", .control, true, .lastStreamGrows, .idError),
    // §7.2.3, §7.2.5, §7.2.7: three pushes may be named, 0 to 2
    ("0400" + "030103", .control, true, .pushID, .idError),
    ("0400" + "030103", .control, false, .pushID, .idError),
    ("050103", .request, false, .pushID, .idError),
    ("0400" + "800f07010103", .control, true, .pushID, .idError),
    ("0400" + "0d0105" + "0d0104", .control, true, .pushLimitShrinks, .idError),
    // RFC 9218 §7.2
    ("0400" + "800f07000102", .control, true, .prioritizedStream, .idError),
  ]

  @Test("What is wrong with a frame is said, with the code that the RFC gives (RFC 9114 §7)")
  func errors() {
    for (hex, kind, fromClient, violation, code) in Self.faults {
      let reading = read(hex, kind, fromClient: fromClient)
      #expect(reading.error == HTTP3Error(violation), "\(hex) on \(kind)")
      #expect(violation.code == code && !HTTP3Error(violation).isOfStream, "\(hex)")
      let single = HTTP3Reading(
        [UInt8](hex: hex), pieces: 1, by: reader(kind, fromClient: fromClient))
      #expect(single == reading, "\(hex)")
    }
  }

  @Test("Each violation has a number in the log, and words of its own")
  func violations() {
    var names: [String] = []
    while let violation = HTTP3Violation(number: names.count) { names.append(violation.name) }
    #expect(names.count == 26 && Set(names).count == 26)
    for fault in Self.faults { #expect(names.contains(fault.3.name)) }
    #expect(HTTP3Violation(number: -1) == nil)
  }

  @Test("After an error the reader stays in error")
  func staysInError() {
    var reader = reader(.request)
    var position = 0
    for _ in 0..<2 {
      #expect(throws: HTTP3Error(.reservedFrame)) {
        try [UInt8]([2, 0]).withUnsafeBytes { try reader.next($0, &position) }
      }
    }
    #expect(throws: HTTP3Error(.reservedFrame)) { try reader.end() }
  }

  @Test("The writer refuses what the reader would")
  func writerRefuses() {
    var control = HTTP3FrameWriter(.control, isFromClient: false)
    var bytes: [UInt8] = []
    #expect(throws: HTTP3Error(.settingsMissing)) { try control.append(.goAway(0), to: &bytes) }
    #expect(throws: HTTP3Error(.reservedSetting(.init(rawValue: 2)))) {
      try control.append(.settings([.init(.init(rawValue: 2), 0)]), to: &bytes)
    }
    #expect(throws: Never.self) { try control.append(.settings([]), to: &bytes) }
    #expect(throws: HTTP3Error(.settingsRepeated)) {
      try control.append(.settings([]), to: &bytes)
    }
    #expect(throws: HTTP3Error(.lastStream)) { try control.append(.goAway(3), to: &bytes) }
    #expect(throws: HTTP3Error(.role)) { try control.append(.maxPushID(1), to: &bytes) }
    #expect(throws: HTTP3Error(.frameOnStream)) { try control.append(.data([]), to: &bytes) }
    #expect(throws: HTTP3Error(.frameOnStream)) {
      try control.append(.ignored(type: 0x21), to: &bytes)
    }
    #expect(bytes.hex == "0400")
  }

  @Test("Error codes have the RFC's numbers and names (RFC 9114 §8.1, RFC 9204 §6)")
  func codes() {
    let names = [
      "H3_NO_ERROR", "H3_GENERAL_PROTOCOL_ERROR", "H3_INTERNAL_ERROR", "H3_STREAM_CREATION_ERROR",
      "H3_CLOSED_CRITICAL_STREAM", "H3_FRAME_UNEXPECTED", "H3_FRAME_ERROR", "H3_EXCESSIVE_LOAD",
      "H3_ID_ERROR", "H3_SETTINGS_ERROR", "H3_MISSING_SETTINGS", "H3_REQUEST_REJECTED",
      "H3_REQUEST_CANCELLED", "H3_REQUEST_INCOMPLETE", "H3_MESSAGE_ERROR", "H3_CONNECT_ERROR",
      "H3_VERSION_FALLBACK",
    ]
    for (place, name) in names.enumerated() {
      #expect(HTTP3ErrorCode(rawValue: 0x100 + UInt64(place)).name == name)
    }
    #expect(HTTP3ErrorCode(rawValue: 0x201).name == "QPACK_ENCODER_STREAM_ERROR")
    #expect(HTTP3ErrorCode(rawValue: 0x33).name == "H3_DATAGRAM_ERROR")
    #expect(HTTP3ErrorCode(rawValue: 0x111).name == nil)
    #expect(HTTP3ErrorCode.frameUnexpected.rawValue == 0x105)
    #expect(HTTP3ErrorCode.idError.rawValue == 0x108)
    #expect(HTTP3ErrorCode.missingSettings.rawValue == 0x10A)
    #expect(HTTP3ErrorCode.messageError.rawValue == 0x10E)
  }

  // MARK: Settings

  @Test("Settings that are left out have their defaults, and those not known say nothing")
  func settings() throws {
    let defaults = HTTP3Settings()
    #expect(defaults.qpackTableBytes == 0 && defaults.qpackBlockedStreams == 0)
    #expect(defaults.maximumListBytes == nil)
    let grease = HTTP3SettingIdentifier(rawValue: 0x21)
    let settings = try HTTP3Settings([
      Self.table, HTTP3Setting(.qpackBlockedStreams, 100), HTTP3Setting(grease, 7),
      HTTP3Setting(.maxFieldSectionSize, 65_536), HTTP3Setting(.enableConnectProtocol, 1),
      HTTP3Setting(.datagram, 0),
    ])
    #expect(settings.qpackTableBytes == 4_096 && settings.qpackBlockedStreams == 100)
    #expect(settings.maximumListBytes == 65_536)
    #expect(settings.enablesConnectProtocol && !settings.enablesDatagrams)
    #expect(grease.isGrease && !HTTP3SettingIdentifier.datagram.isGrease)
    #expect(throws: HTTP3Error(.settingTwice(grease))) {
      try HTTP3Settings([HTTP3Setting(grease, 1), HTTP3Setting(grease, 1)])
    }
  }

  // MARK: Random frames

  /// A frame that may stand on such a stream, and the bytes that it is said to take.
  private func random(
    _ kind: HTTP3StreamKind, fromClient: Bool, _ generator: inout SeededGenerator
  ) -> (HTTP3Payload, Int64) {
    func number() -> UInt64 {
      let bits = [6, 14, 30, 62].randomElement(using: &generator) ?? 6
      return generator.next() >> UInt64(64 - bits)
    }
    let bytes = (0..<Int.random(in: 0...200, using: &generator)).map {
      UInt8(truncatingIfNeeded: $0)
    }
    let count = Int64(bytes.count)
    guard kind == .control else {
      switch Int.random(in: 0..<(fromClient ? 2 : 3), using: &generator) {
      case 0: return (.data(bytes), HTTP3FrameSize.data(count))
      case 1: return (.headers(bytes), HTTP3FrameSize.headers(count))
      default:
        let pushID = number()
        let size = HTTP3FrameSize.pushPromise(pushID: pushID, count)
        return (.pushPromise(pushID: pushID, section: bytes), size)
      }
    }
    let pushID = number()
    switch Int.random(in: 0..<(fromClient ? 3 : 1), using: &generator) {
    case 0: return (.cancelPush(pushID), HTTP3FrameSize.cancelPush(pushID))
    case 1:
      let size = HTTP3FrameSize.pushPriorityUpdate(pushID: pushID, count)
      return (.pushPriorityUpdate(pushID: pushID, value: bytes), size)
    default:
      let streamID = number() / 4 * 4
      let size = HTTP3FrameSize.priorityUpdate(streamID: streamID, count)
      return (.priorityUpdate(streamID: streamID, value: bytes), size)
    }
  }

  @Test("Random frames of 1,000 seeds read as they were written, and are as long as was said")
  func roundTrip() throws {
    for seed in UInt64(1)...1_000 {
      var generator = SeededGenerator(seed: seed)
      let fromClient = Bool.random(using: &generator)
      let kind: HTTP3StreamKind = Bool.random(using: &generator) ? .control : .request
      var writer = HTTP3FrameWriter(kind, isFromClient: fromClient)
      writer.setPushLimit(.max)
      var bytes: [UInt8] = []
      var payloads: [HTTP3Payload] = []
      func append(_ payload: HTTP3Payload, _ size: Int64) throws {
        let before = bytes.count
        try writer.append(payload, to: &bytes)
        #expect(Int64(bytes.count - before) == size, "seed \(seed), \(payload)")
        payloads.append(payload)
      }
      if kind == .control {
        let settings = [
          HTTP3Setting(.maxFieldSectionSize, generator.next() >> 2),
          HTTP3Setting(.init(rawValue: 0x40), generator.next() >> 40),
        ]
        try append(.settings(settings), HTTP3FrameSize.settings(settings))
        // Of a server's, a multiple of four.
        let last = generator.next() >> 2 & ~3
        try append(.goAway(last), HTTP3FrameSize.goAway(last))
        if fromClient { try append(.maxPushID(seed), HTTP3FrameSize.maxPushID(seed)) }
      }
      for _ in 0..<Int.random(in: 0...12, using: &generator) {
        let (payload, size) = random(kind, fromClient: fromClient, &generator)
        try append(payload, size)
      }
      var reader = HTTP3FrameReader(kind, isFromClient: fromClient)
      reader.setPushLimit(.max)
      let whole = HTTP3Reading(bytes, by: reader)
      #expect(whole.error == nil && whole.payloads == payloads, "seed \(seed)")
      let size = Int.random(in: 1...9, using: &generator)
      #expect(HTTP3Reading(bytes, pieces: size, by: reader) == whole, "seed \(seed)")
      // A part ends within a frame, or between two.
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      let part = HTTP3Reading(Array(bytes.prefix(cut)), by: reader)
      #expect(part.events == Array(whole.events.prefix(part.events.count)), "seed \(seed)")
      #expect(part.error == nil || part.error == HTTP3Error(.frameCut), "seed \(seed)")
    }
  }

  @Test("Sizes change where an integer takes more bytes (RFC 9000 §16)")
  func sizes() {
    #expect(HTTP3FrameSize.data(0) == 2 && HTTP3FrameSize.data(63) == 65)
    #expect(HTTP3FrameSize.data(64) == 67 && HTTP3FrameSize.data(16_383) == 16_386)
    #expect(HTTP3FrameSize.data(16_384) == 16_389)
    #expect(HTTP3FrameSize.dataHead(1 << 30) == 9)
    #expect(HTTP3FrameSize.headers(40) == 42 && HTTP3FrameSize.goAway(64) == 4)
    #expect(HTTP3FrameSize.settings([Self.table]) == 5 && HTTP3FrameSize.settings([]) == 2)
    #expect(HTTP3FrameSize.priorityUpdate(streamID: 4, 3) == 9)
  }

  @Test("Random bytes of 2,000 seeds are read or refused, the same in any pieces")
  func randomBytes() {
    for seed in UInt64(1)...2_000 {
      var generator = SeededGenerator(seed: seed)
      let kinds: [HTTP3StreamKind] = [.request, .control, .push(0)]
      let kind = kinds[Int(seed % 3)]
      // Small numbers, so that there are known types and short lengths.
      let bytes = (0..<60).map { _ in
        UInt8.random(in: 0...(Bool.random(using: &generator) ? 13 : 255), using: &generator)
      }
      let start: [UInt8] = kind == .control ? [4, 0] : []
      let reader = reader(kind, fromClient: seed % 2 == 0)
      let whole = HTTP3Reading(start + bytes, by: reader)
      #expect(HTTP3Reading(start + bytes, pieces: 1, by: reader) == whole, "seed \(seed)")
    }
  }
}
