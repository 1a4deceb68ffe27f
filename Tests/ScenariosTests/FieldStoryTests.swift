import NetSim
import Scenarios
import Testing

/// Stories of header fields: what HPACK makes of them, by RFC 7541's own example and by counting.
@Suite struct FieldStoryTests {
  /// RFC 7541 §C.4.1 to §C.4.3: three requests in Huffman code, of 17, 12 and 24 bytes.
  ///
  /// The encoder there adds `:path`; nghttp2 does not, but this path stands in the static table.
  @Test func theRFCsRequests() throws {
    let story = FieldStory(
      blocks: try FieldStory.blocks(
        """
        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com

        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com
        cache-control: no-cache

        :method: GET
        :scheme: https
        :path: /index.html
        :authority: www.example.com
        custom-key: custom-value

        """))
    let blocks = story.encoded()
    #expect(blocks.map(\.bytes) == [17, 12, 24])
    #expect(blocks.map(\.tableBytes) == [57, 110, 164])
    #expect(blocks.map(\.tableEntries) == [1, 2, 3])
    #expect(blocks[0].plainBytes == 52)
    #expect(blocks[0].fields == 4)
  }

  /// RFC 7541 §C.3: the same requests without Huffman code have 20, 14 and 29 bytes.
  @Test func stringsCanStayPlain() throws {
    var story = FieldStory(
      blocks: [
        try [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"].flatMap {
          try FieldStory.fields($0)
        }
      ])
    story.usesHuffman = false
    #expect(story.encoded().map(\.bytes) == [20])
  }

  /// Of fields that count for 132 bytes 31 fit 4,096; 20 known ones take a byte each.
  @Test func fieldsCanBeMade() throws {
    let filled = FieldStory(blocks: [try FieldStory.fields("40x100")]).encoded()
    #expect(filled[0].tableEntries == 31)
    #expect(filled[0].tableBytes == 31 * 132)
    #expect(filled[0].plainBytes == 4_000)
    let known = FieldStory(blocks: [try FieldStory.fields("20x50")]).repeated(3).encoded()
    #expect(known.map(\.bytes).dropFirst() == [20, 20])
    var small = FieldStory(blocks: [try FieldStory.fields("40x100")])
    small.tableLimit = 300
    #expect(small.encoded()[0].tableEntries == 2)
  }

  @Test(arguments: ["", "accept", "Accept: */*", "a b: c", "0x100", "5x15", "2000x20", "3x5000"])
  func refuses(text: String) {
    #expect(throws: QuantityError.self) { try FieldStory.fields(text) }
  }
}
