import NetSim

/// Blocks of header fields that one end of a connection sends one after the other, and what HPACK
/// makes of them (RFC 7541).
///
/// Each direction of a connection is a story of its own, with a table of its own.
public struct FieldStory: Sendable {
  /// What became of a block.
  public struct Block: Equatable, Sendable {
    /// How many fields it has.
    public let fields: Int
    /// The bytes of their names and values.
    public let plainBytes: Int
    /// The bytes of the block.
    public let bytes: Int
    /// How many fields the table holds after it, and what they count for (RFC 7541 §4.1).
    public let tableEntries: Int
    /// See `tableEntries`.
    public let tableBytes: Int
  }

  /// The fields of each block.
  public var blocks: [[HeaderField]]
  /// Whether strings take the Huffman code where it makes them shorter (RFC 7541 §5.2).
  public var usesHuffman = true
  /// What the table may count for (RFC 7541 §4.2).
  public var tableLimit: UInt32 = 4_096

  /// The most blocks and fields that a story may have.
  public static let most = 1_000

  /// A story of blocks.
  public init(blocks: [[HeaderField]]) { self.blocks = blocks }

  /// The story again and again, so many times in all.
  public func repeated(_ times: Int) -> FieldStory {
    var story = self
    story.blocks = (0..<times).flatMap { _ in blocks }
    return story
  }

  /// What HPACK makes of the blocks.
  public func encoded() -> [Block] {
    var encoder = HPACKEncoder(usesHuffman: usesHuffman, mostTableBytes: tableLimit)
    return blocks.map { fields in
      let bytes = encoder.encode(fields).count
      return Block(
        fields: fields.count, plainBytes: fields.reduce(0) { $0 + $1.name.count + $1.value.count },
        bytes: bytes, tableEntries: encoder.tableEntries, tableBytes: encoder.tableBytes)
    }
  }

  // MARK: Texts

  /// The fields that a text stands for: `name: value`, or made ones by their number and the bytes of
  /// name and value, as in `20x100`.
  public static func fields(_ text: String) throws(QuantityError) -> [HeaderField] {
    if let fields = try madeFields(text) { return fields }
    let rest = text.dropFirst()  // A name may begin with a colon.
    guard let colon = rest.firstIndex(of: ":") else {
      throw QuantityError(
        reason: "a field is written name: value, or 20x100 for twenty of 100 bytes")
    }
    let name = Array(text[..<colon].utf8)
    let value = rest[rest.index(after: colon)...].drop { $0 == " " }
    let isName =
      !name.isEmpty && name.allSatisfy { (33...126).contains($0) && !(65...90).contains($0) }
    guard isName else {
      throw QuantityError(reason: "a name is in lower case, without blanks (RFC 9113 §8.2)")
    }
    return [HeaderField(name: name, value: Array(value.utf8))]
  }

  /// The blocks of a text: a field a line, and an empty line between blocks.
  public static func blocks(_ text: String) throws(QuantityError) -> [[HeaderField]] {
    var blocks: [[HeaderField]] = [[]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        if blocks[blocks.count - 1].isEmpty { continue }
        blocks.append([])
      } else {
        blocks[blocks.count - 1] += try fields(String(line))
      }
      if max(blocks.count, blocks[blocks.count - 1].count) > most {
        throw QuantityError(reason: "there may be \(most) blocks, and as many fields in one")
      }
    }
    if blocks[blocks.count - 1].isEmpty { blocks.removeLast() }
    return blocks
  }

  /// `20x100`: fields whose names differ.
  private static func madeFields(_ text: String) throws(QuantityError) -> [HeaderField]? {
    let words = text.split(separator: "x", omittingEmptySubsequences: false)
    guard words.count == 2, let count = Int(words[0]), let size = Int(words[1]) else { return nil }
    guard (1...most).contains(count), (16...4_096).contains(size) else {
      throw QuantityError(reason: "1 to \(most) fields of 16 to 4096 bytes can be made")
    }
    return (0..<count).map { index in
      let digits = String(index)
      let name = "x-field-" + String(repeating: "0", count: 3 - digits.count) + digits
      let value = (0..<size - name.utf8.count).map { UInt8(97 + $0 % 26) }
      return HeaderField(name: Array(name.utf8), value: value)
    }
  }
}
