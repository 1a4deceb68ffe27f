import Foundation
import NetSim

/// A list of lists of fields of `Vectors/qpack`, and what other encoders made of it.
enum QPACKVectors {
  /// The encoders whose outputs are there.
  static let encoders = ["ls-qpack", "nghttp3"]

  /// An output of an encoder, and how it was made.
  struct Output: CustomStringConvertible {
    var encoder: String
    var list: String
    var tableLimit: UInt64
    var blockedLimit: UInt64
    /// Whether each section was acknowledged at once; else none ever was.
    var acknowledges: Bool

    var description: String {
      "\(encoder)/\(list).out.\(tableLimit).\(blockedLimit).\(acknowledges ? 1 : 0)"
    }

    /// Its blocks: those of stream 0 are the encoder's stream, the others sections.
    func load() throws -> [Block] { try QPACKVectors.blocks(description) }
  }

  /// A part of an output.
  struct Block {
    var streamID: UInt64
    var bytes: [UInt8]
  }

  /// All outputs.
  static let outputs: [Output] = encoders.flatMap { encoder in
    let small = [UInt64(0), 256, 512, 4_096].flatMap { tableLimit in
      [UInt64(0), 100].flatMap { blockedLimit in
        [false, true].map { acknowledges in
          Output(
            encoder: encoder, list: "netbsd", tableLimit: tableLimit, blockedLimit: blockedLimit,
            acknowledges: acknowledges)
        }
      }
    }
    return small + [
      Output(
        encoder: encoder, list: "fb-req", tableLimit: 4_096, blockedLimit: 100, acknowledges: true),
      Output(
        encoder: encoder, list: "fb-resp", tableLimit: 512, blockedLimit: 100, acknowledges: true),
    ]
  }

  private static func file(_ name: String) throws -> [UInt8] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/qpack/\(name)")
    return [UInt8](try Data(contentsOf: url))
  }

  /// The blocks of a file, each behind its stream's number in eight bytes and its length in four.
  static func blocks(_ name: String) throws -> [Block] {
    var rest = try file(name)[...]
    func number(_ count: Int) -> UInt64 {
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
    }
    var blocks: [Block] = []
    while !rest.isEmpty {
      let streamID = number(8)
      let count = Int(number(4))
      blocks.append(Block(streamID: streamID, bytes: [UInt8](rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return blocks
  }

  /// The lists of a file: a line for each field with a tab behind its name, an empty line behind each
  /// list.
  static func lists(_ name: String) throws -> [[HeaderField]] {
    var lists: [[HeaderField]] = []
    var fields: [HeaderField] = []
    for line in try file(name + ".qif").split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard let tab = line.firstIndex(of: 0x09) else {
        if !fields.isEmpty { lists.append(fields) }
        fields = []
        continue
      }
      let value = line[line.index(after: tab)...]
      fields.append(HeaderField(name: Array(line[..<tab]), value: Array(value)))
    }
    return fields.isEmpty ? lists : lists + [fields]
  }
}
