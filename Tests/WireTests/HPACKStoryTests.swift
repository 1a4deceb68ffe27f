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

  @Test("Each story takes as many bytes as nghttp2 needs, within 5 %")
  func sizes() throws {
    for folder in ["nghttp2", "nghttp2-change-table-size"] {
      for name in HPACKStory.names {
        let story = try HPACKStory.load(folder, name)
        var encoder = HPACKEncoder()
        var bytes = 0
        for block in story.cases {
          if let limit = block.tableLimit { encoder.setTableLimit(limit) }
          bytes += encoder.encode(block.fields).count
        }
        print("SIZE \(folder) \(name) \(story.cases.count) \(bytes) \(story.wireBytes)")
        #expect(
          abs(bytes - story.wireBytes) * 20 <= story.wireBytes, "\(folder), \(name): \(bytes)")
      }
    }
  }
}
