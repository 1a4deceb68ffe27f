import Foundation
import NetSim

/// A story of `Vectors/hpack`: the lists of fields of one connection, with the blocks of an encoder.
struct HPACKStory: Decodable {
  struct Case: Decodable {
    /// The block, in hexadecimal; missing in `raw-data`.
    var wire: String?
    /// The SETTINGS_HEADER_TABLE_SIZE that was acknowledged just before.
    var tableLimit: UInt32?
    /// The fields, each as an object of one name.
    var headers: [[String: String]]

    private enum CodingKeys: String, CodingKey {
      case wire
      case tableLimit = "header_table_size"
      case headers
    }

    var fields: [HeaderField] {
      headers.flatMap { header in
        header.map { HeaderField(name: Array($0.key.utf8), value: Array($0.value.utf8)) }
      }
    }
  }

  var cases: [Case]

  /// Bytes of all blocks.
  var wireBytes: Int { cases.reduce(0) { $0 + ($1.wire?.count ?? 0) / 2 } }

  /// Whether a message of it has the field `age`.
  var hasAge: Bool { cases.contains { $0.headers.contains { $0.keys.contains("age") } } }

  static let encoders = ["go-hpack", "nghttp2", "nghttp2-change-table-size"]
  static let names = [
    "story_00.json", "story_03.json", "story_10.json", "story_20.json", "story_27.json",
  ]

  static func load(_ folder: String, _ name: String) throws -> HPACKStory {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/hpack/\(folder)/\(name)")
    return try JSONDecoder().decode(HPACKStory.self, from: Data(contentsOf: file))
  }
}
