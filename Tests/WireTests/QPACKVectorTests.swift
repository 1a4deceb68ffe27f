import NetSim
import Testing

@Suite struct QPACKVectorTests {
  /// What a decoder made of blocks.
  private struct Result {
    var lists: [(streamID: UInt64, fields: [HeaderField])] = []
    var wasBlocked = false
    var sectionBytes = 0
    var instructionBytes = 0
  }

  /// Hands over blocks in their order; sections that wait are decoded as soon as they can be.
  private func read(
    _ blocks: [QPACKVectors.Block], _ decoder: inout QPACKDecoder, pieces size: Int = .max
  ) throws -> Result {
    var result = Result()
    var waiting: [QPACKVectors.Block] = []
    for block in blocks {
      if block.streamID == 0 {
        result.instructionBytes += block.bytes.count
        for start in stride(from: 0, to: block.bytes.count, by: min(size, 1 << 20)) {
          try decoder.receive(Array(block.bytes[start...].prefix(size)))
        }
      } else {
        result.sectionBytes += block.bytes.count
        waiting.append(block)
      }
      var still: [QPACKVectors.Block] = []
      for block in waiting {
        switch try decoder.decode(block.bytes, streamID: block.streamID) {
        case .fields(let list): result.lists.append((block.streamID, list.fields.map(plain)))
        case .blocked:
          result.wasBlocked = true
          still.append(block)
        }
      }
      waiting = still
    }
    #expect(waiting.isEmpty)
    return result
  }

  /// A decoder for another encoder's output, in which the table has its full size without an
  /// instruction.
  private func decoder(for output: QPACKVectors.Output) throws -> QPACKDecoder {
    var decoder = QPACKDecoder(tableLimit: output.tableLimit, blockedLimit: output.blockedLimit)
    let capacities: [UInt64: String] = [0: "20", 256: "3fe101", 512: "3fe103", 4_096: "3fe11f"]
    try decoder.receive([UInt8](hex: capacities[output.tableLimit] ?? ""))
    return decoder
  }

  /// The field without what an encoder may add: it calls some secret by their names.
  private func plain(_ field: HeaderField) -> HeaderField {
    HeaderField(name: field.name, value: field.value)
  }

  @Test("What other encoders wrote reads as the fields they were given")
  func decodeOutputs() throws {
    for output in QPACKVectors.outputs {
      let lists = try QPACKVectors.lists(output.list)
      for size in [Int.max, 1] {
        var decoder = try decoder(for: output)
        let result = try read(output.load(), &decoder, pieces: size)
        let ordered = result.lists.sorted { $0.streamID < $1.streamID }.map(\.fields)
        #expect(ordered == lists, "\(output)")
        #expect(decoder.tableBytes <= output.tableLimit)
      }
    }
  }

  @Test("Sections that come before the instructions they need wait, and then read the same")
  func lateInstructions() throws {
    for output in QPACKVectors.outputs where output.tableLimit > 0 && output.blockedLimit > 0 {
      let lists = try QPACKVectors.lists(output.list)
      // Two sections at a time stand before the instructions between and before them.
      var blocks: [QPACKVectors.Block] = []
      var late: [QPACKVectors.Block] = []
      var ahead = 0
      for block in try output.load() {
        if block.streamID == 0 {
          late.append(block)
        } else {
          blocks.append(block)
          ahead += 1
        }
        if ahead == 2 {
          blocks += late
          late = []
          ahead = 0
        }
      }
      var decoder = try decoder(for: output)
      let result = try read(blocks + late, &decoder)
      #expect(result.wasBlocked, "\(output)")
      let ordered = result.lists.sorted { $0.streamID < $1.streamID }.map(\.fields)
      #expect(ordered == lists, "\(output)")
    }
  }

  /// They were made for a draft whose static table was HPACK's, with 61 fields from 1: there the ninth
  /// (index 0) and the tenth (index 62) are wrong, and since RFC 9204 they are not.
  @Test("The malformed blocks fail with what is wrong with them")
  func malformed() throws {
    let section = HTTP3ErrorCode.qpackDecompressionFailed
    let stream = HTTP3ErrorCode.qpackEncoderStreamError
    // The bytes behind stream and length.
    let cases: [(String, String, QPACKError?)] = [
      ("err1", "ff", QPACKError(.truncated, section)),  // amid the required insert count
      ("err2", "00", QPACKError(.truncated, section)),  // no base
      ("err3", "00ff", QPACKError(.truncated, section)),  // amid the base
      ("err4", "0081", QPACKError(.base, section)),  // 0 − 1 − 1
      ("err5", "000041", QPACKError(.dynamicIndex(1), section)),  // a name, of no entry
      ("err6", "000027", QPACKError(.truncated, section)),  // amid the length of a name
      ("err7", "000051ff", QPACKError(.truncated, section)),  // amid the length of a value
      ("err8", "0000bf", QPACKError(.truncated, section)),  // amid an index
      ("err9", "0000c0", nil),  // :authority, empty
      ("err10", "0000fe", nil),  // x-xss-protection: 1; mode=block
      ("err11", "01", QPACKError(.dynamicIndex(1), stream)),  // a duplicate of no entry
      // A name of the static table at 63 + 127 · (2^7 + 2^14 + 2^21 + 2^28) + 2^35.
      ("err12", "ff80ffffffff01", QPACKError(.staticIndex(68_719_476_671), stream)),
    ]
    for (name, hex, error) in cases {
      let blocks = try QPACKVectors.blocks("errors/\(name)")
      #expect(blocks.map(\.bytes.hex) == [hex])
      var decoder = QPACKDecoder(tableLimit: 4_096, blockedLimit: 100)
      do {
        _ = try read(blocks, &decoder)
        #expect(error == nil, "\(name)")
      } catch {
        #expect(error as? QPACKError == cases.first { $0.0 == name }?.2, "\(name)")
      }
    }
  }

  // MARK: Our encoder

  /// Encodes lists, a stream each, and reads them back; each section is acknowledged at once, or
  /// nothing ever is.
  private func roundTrip(_ output: QPACKVectors.Output) throws -> Result {
    let lists = try QPACKVectors.lists(output.list)
    var encoder = QPACKEncoder(policy: output.blockedLimit > 0 ? .blocking : .withoutBlocking)
    try encoder.setLimits(tableLimit: output.tableLimit, blockedLimit: output.blockedLimit)
    var decoder = QPACKDecoder(tableLimit: output.tableLimit, blockedLimit: output.blockedLimit)
    var result = Result()
    for (number, fields) in lists.enumerated() {
      let streamID = UInt64(number) + 1
      let section = encoder.encode(fields, streamID: streamID)
      let blocks = [
        QPACKVectors.Block(streamID: 0, bytes: section.instructions),
        QPACKVectors.Block(streamID: streamID, bytes: section.bytes),
      ]
      let read = try read(blocks, &decoder)
      #expect(read.lists.map(\.fields) == [fields], "\(output), list \(number)")
      #expect(encoder.tableBytes == decoder.tableBytes && encoder.tableBytes <= output.tableLimit)
      #expect(encoder.streamsAtRisk <= output.blockedLimit)
      result.sectionBytes += read.sectionBytes
      result.instructionBytes += read.instructionBytes
      let answer = decoder.takeInstructions()
      if output.acknowledges { try encoder.receive(answer) }
    }
    return result
  }

  /// Bytes of all sections and instructions, those of the others as published. Ours have the three
  /// bytes more that set the table's capacity, which the others' files leave out; what is added is
  /// nghttp3's choice, and so the sizes are, but for what happens when the table is full.
  @Test("Our sections are about as long as those of other encoders")
  func sizes() throws {
    let rows: [(table: UInt64, blocked: UInt64, ours: [Int], lsqpack: [Int], nghttp3: [Int])] = [
      // Nothing is ever acknowledged; each section at once.
      (0, 0, [3_258, 3_258], [3_258, 3_258], [3_258, 3_258]),
      (0, 100, [3_258, 3_258], [3_258, 3_258], [3_258, 3_258]),
      (256, 0, [3_350, 1_918], [3_347, 3_630], [6_005, 6_005]),
      (256, 100, [1_814, 1_890], [2_105, 1_989], [1_811, 1_887]),
      (512, 0, [3_442, 1_325], [3_409, 1_651], [3_637, 1_322]),
      (512, 100, [1_130, 996], [1_635, 1_420], [1_127, 991]),
      (4_096, 0, [3_521, 1_116], [3_408, 1_148], [3_518, 1_113]),
      (4_096, 100, [863, 863], [1_003, 1_003], [860, 860]),
    ]
    for row in rows {
      for acknowledges in [false, true] {
        let place = acknowledges ? 1 : 0
        try check(
          "netbsd", row.table, row.blocked, acknowledges,
          [row.ours[place], row.lsqpack[place], row.nghttp3[place]])
      }
    }
    try check("fb-req", 4_096, 100, true, [50_595, 52_433, 50_504])
    try check("fb-resp", 512, 100, true, [191_900, 190_591, 192_110])
  }

  private func check(
    _ list: String, _ tableLimit: UInt64, _ blockedLimit: UInt64, _ acknowledges: Bool,
    _ expected: [Int]
  ) throws {
    let outputs = QPACKVectors.encoders.map { encoder in
      QPACKVectors.Output(
        encoder: encoder, list: list, tableLimit: tableLimit, blockedLimit: blockedLimit,
        acknowledges: acknowledges)
    }
    let ours = try roundTrip(outputs[0])
    let others = try outputs.map { try $0.load().reduce(0) { $0 + $1.bytes.count } }
    let sizes = [ours.instructionBytes + ours.sectionBytes] + others
    #expect(sizes == expected, "\(list) \(tableLimit) \(blockedLimit) \(acknowledges)")
  }
}
