import Scenarios
import Timelines

/// `simcli model hpack`: blocks of header fields, and what HPACK makes of them.
enum FieldBlocksCommand {
  static let options =
    [
      Arguments.Option(
        name: "times", value: "COUNT", meaning: "send all of it so often (once)"),
      Arguments.Option(
        name: "table", value: "BYTES", meaning: "what the dynamic table may count for (4096)"),
      Arguments.Option(
        name: "huffman", value: "on|off",
        meaning: "whether strings are coded where that is shorter (on)"),
    ] + Arguments.common

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "model hpack", options: options)
    if arguments.has("help") {
      Terminal.print(HelpText.fieldBlocks(options))
      return
    }
    let blocks = try story(arguments).encoded()
    if try arguments.wantsJSON() {
      Terminal.print(json(blocks).text() + "\n")
    } else {
      Terminal.print(text(blocks))
    }
  }

  private static func story(_ arguments: Arguments) throws(Failure) -> FieldStory {
    guard let first = arguments.words.first else {
      throw .usage("model hpack needs fields, such as 20x100 or 'accept: */*', or a file of them")
    }
    var story: FieldStory
    do {
      if arguments.words.count == 1, let bytes = try? TextFile.read(first) {
        story = FieldStory(blocks: try FieldStory.blocks(String(decoding: bytes, as: UTF8.self)))
      } else {
        story = FieldStory(blocks: [try arguments.words.flatMap { try FieldStory.fields($0) }])
      }
    } catch {
      throw .usage("\(Wording.excerpt(first)): \(error)")
    }
    if let times = try arguments.count("times", atLeast: 1) {
      guard times * story.blocks.count <= FieldStory.most else {
        throw .usage("--times \(times): there may be \(FieldStory.most) blocks")
      }
      story = story.repeated(times)
    }
    if let limit = try arguments.count("table", atLeast: 0) { story.tableLimit = UInt32(limit) }
    switch arguments.value("huffman") ?? "on" {
    case "on": story.usesHuffman = true
    case "off": story.usesHuffman = false
    case let word: throw .usage("--huffman \(word): on or off is wanted")
    }
    return story
  }

  private static func text(_ blocks: [FieldStory.Block]) -> String {
    let head = " block  fields   plain B   block B       %   entries   table B\n"
    return head
      + blocks.enumerated().map { number, block in
        let share = block.plainBytes == 0 ? 0 : block.bytes * 1_000 / block.plainBytes
        let cells = [
          (String(number), 6), (String(block.fields), 8), (String(block.plainBytes), 10),
          (String(block.bytes), 10), ("\(share / 10).\(share % 10)", 8),
          (String(block.tableEntries), 10), (String(block.tableBytes), 10),
        ]
        return cells.map { text, width in
          String(repeating: " ", count: max(width - text.count, 1)) + text
        }.joined() + "\n"
      }.joined()
  }

  private static func json(_ blocks: [FieldStory.Block]) -> JSONValue {
    .object([
      ("format", .string("netsim.hpack/1")),
      (
        "blocks",
        .array(
          blocks.map { block in
            .object([
              ("fields", .integer(Int64(block.fields))),
              ("plain_bytes", .integer(Int64(block.plainBytes))),
              ("bytes", .integer(Int64(block.bytes))),
              ("entries", .integer(Int64(block.tableEntries))),
              ("table_bytes", .integer(Int64(block.tableBytes))),
            ])
          })
      ),
    ])
  }
}
