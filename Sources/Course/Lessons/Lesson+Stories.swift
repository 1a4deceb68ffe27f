import NetSim
import Scenarios

extension Lesson {
  /// The names of what a block of a story measures.
  static let storyNames = [
    "block[i].bytes", "block[i].plain_bytes", "block[i].entries", "block[i].table_bytes",
  ]

  /// What a story measures; nil where no story has that name.
  func storyValue(_ story: String, _ name: String) throws(Expression.Failure) -> Double? {
    guard let story = stories[story] else { return nil }
    let blocks = story.encoded()
    if name.hasPrefix("block["), let close = name.firstIndex(of: "]"),
      let index = Int(name[..<close].dropFirst("block[".count)), blocks.indices.contains(index)
    {
      switch name[close...].dropFirst(2) {
      case "bytes": return Double(blocks[index].bytes)
      case "plain_bytes": return Double(blocks[index].plainBytes)
      case "entries": return Double(blocks[index].tableEntries)
      case "table_bytes": return Double(blocks[index].tableBytes)
      default: break
      }
    }
    throw Expression.Failure(
      message: "\(name): no such value of this story; there are "
        + Lesson.storyNames.joined(separator: ", "))
  }
}

/// Reads the stories of a lesson: groups of `blocks`, lists of fields each, or a `file` of the lesson's
/// folder, with `times`, `huffman` and `table`.
struct StoryReader {
  private(set) var stories: [String: FieldStory] = [:]
  private(set) var problems: [OptionError] = []
  private let folder: String

  private enum Key: String, CaseIterable {
    case blocks
    case file
    case times
    case huffman
    case table
  }

  init(_ node: YAMLNode?, folder: String) {
    self.folder = folder
    for entry in node?.entries ?? [] { stories[entry.key] = story(entry) }
  }

  private mutating func story(_ entry: YAMLNode.Entry) -> FieldStory? {
    let known = Key.allCases.map(\.rawValue)
    for other in entry.value.entries ?? [] where !known.contains(other.key) {
      fail(other.keyPlace, "\(other.key): a story has \(Wording.list(known))")
    }
    var story: FieldStory
    if let file = entry.value[Key.file.rawValue] {
      story = FieldStory(blocks: blocks(in: file))
    } else if let lists = entry.value[Key.blocks.rawValue]?.items {
      story = FieldStory(blocks: lists.map { fields($0) })
    } else {
      fail(entry.keyPlace, "\(entry.key): blocks or a file is wanted")
      return nil
    }
    if let times = number(.times, of: entry.value, in: 1...FieldStory.most) {
      story = story.repeated(times)
    }
    if let limit = number(.table, of: entry.value, in: 0...65_536) {
      story.tableLimit = UInt32(limit)
    }
    if let node = entry.value[Key.huffman.rawValue] {
      if !["on", "off"].contains(node.text) { fail(node.place, "huffman: on or off is wanted") }
      story.usesHuffman = node.text == "on"
    }
    return story
  }

  private mutating func number(
    _ key: Key, of node: YAMLNode, in range: ClosedRange<Int>
  ) -> Int? {
    guard let value = node[key.rawValue] else { return nil }
    if let number = value.text.flatMap({ Int($0) }), range.contains(number) { return number }
    fail(
      value.place,
      "\(key.rawValue): a number from \(range.lowerBound) to \(range.upperBound) is wanted")
    return nil
  }

  private mutating func blocks(in file: YAMLNode) -> [[HeaderField]] {
    let path = folder + "/" + (file.text ?? "")
    do {
      return try FieldStory.blocks(String(decoding: try TextFile.read(path), as: UTF8.self))
    } catch let error as TextFile.Failure {
      fail(file.place, "\(path): \(error.reason)")
    } catch {
      fail(file.place, "\(path): \(error)")
    }
    return []
  }

  private mutating func fields(_ node: YAMLNode) -> [HeaderField] {
    var fields: [HeaderField] = []
    for item in node.items ?? [node] {
      do throws(QuantityError) {
        fields += try FieldStory.fields(item.text ?? "")
      } catch {
        fail(item.place, error.reason)
      }
    }
    return fields
  }

  private mutating func fail(_ place: SourcePlace?, _ message: String) {
    problems.append(OptionError(at: place, message: message))
  }
}
