import NetSim
import Testing

@Suite struct HPACKStoryTests {
  @Test(
    "What other encoders wrote reads as the fields they were given", arguments: HPACKStory.encoders)
  func decodeStories(encoder: String) throws {
    for name in HPACKStory.names {
      let story = try HPACKStory.load(encoder, name)
      var decoder = HPACKDecoder()
      for (number, block) in story.cases.enumerated() {
        if let limit = block.tableLimit { decoder.setTableLimit(limit) }
        let wire = try #require(block.wire)
        let list = try decoder.decode([UInt8](hex: wire))
        #expect(list.isWhole)
        let plain = list.fields.map { HeaderField(name: $0.name, value: $0.value) }
        #expect(plain == block.fields, "\(encoder), \(name), case \(number)")
      }
    }
  }

  @Test("What the encoder writes decodes to the same fields, with and without Huffman code")
  func roundTrip() throws {
    for folder in ["raw-data", "nghttp2-change-table-size"] {
      for name in HPACKStory.names {
        for usesHuffman in [true, false] {
          let story = try HPACKStory.load(folder, name)
          var encoder = HPACKEncoder(usesHuffman: usesHuffman)
          var decoder = HPACKDecoder()
          for (number, block) in story.cases.enumerated() {
            if let limit = block.tableLimit {
              encoder.setTableLimit(limit)
              decoder.setTableLimit(limit)
            }
            let list = try decoder.decode(encoder.encode(block.fields))
            let plain = list.fields.map { HeaderField(name: $0.name, value: $0.value) }
            #expect(plain == block.fields, "\(folder), \(name), case \(number)")
            #expect(encoder.tableBytes == decoder.tableBytes)
          }
        }
      }
    }
  }

  /// The encoder that made the stories added `age` to its table, which nghttp2 has left out since:
  /// such stories are a little shorter here.
  @Test("The blocks are nghttp2's byte for byte, but for the field that it treats differently now")
  func sameBlocks() throws {
    for folder in ["nghttp2", "nghttp2-change-table-size"] {
      for name in HPACKStory.names {
        let story = try HPACKStory.load(folder, name)
        var encoder = HPACKEncoder()
        var bytes = 0
        for (number, block) in story.cases.enumerated() {
          if let limit = block.tableLimit { encoder.setTableLimit(limit) }
          let written = encoder.encode(block.fields)
          bytes += written.count
          guard !story.hasAge else { continue }

          #expect(written.hex == block.wire, "\(folder), \(name), case \(number)")
        }
        #expect(bytes <= story.wireBytes, "\(folder), \(name)")
      }
    }
  }
}
