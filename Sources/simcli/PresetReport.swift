import NetSim
import Scenarios
import Timelines

/// What `simcli model http2-presets` prints.
enum PresetReport {
  static func text(_ width: Int) -> String {
    let columns = [
      "preset", "end", "stream window", "connection window", "frame", "streams", "may be held",
    ]
    let rows = [columns] + PresetNote.all.map(row)
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 2 ? row[column] + padding : padding + row[column]
      }
      return cells.joined(separator: "  ").trimmedRight + "\n"
    }
    return "what the ends of HTTP/2 connections announce, and what they may have to hold for the\n"
      + "other end on one connection while nothing is read\n\n" + table.joined() + "\n"
      + notes(width)
  }

  private static func row(_ note: PresetNote) -> [String] {
    let policy = note.preset.policy
    return [
      note.name, note.sides.count == 2 ? "either" : name(note.sides[0]),
      window(policy.streamWindow, policy), window(policy.connectionWindow, policy),
      size(policy.maxFrameSize),
      policy.maxConcurrentStreams.map { String($0) } ?? "any", size(note.mostHeldBytes),
    ]
  }

  private static func notes(_ width: Int) -> String {
    PresetNote.all.map { note in
      let parts = [note.source] + note.ineffective
      return Paragraph.wrapped(
        note.name + ": " + parts.joined(separator: "; "), indent: 2, hanging: 4, width: width)
    }.joined()
  }

  /// A window; of windows that follow the path, what they begin with and how far they go.
  private static func window(_ bytes: Int64, _ policy: HTTP2EndPolicy) -> String {
    policy.windowUpdates == .adaptive
      ? size(HTTP2EndPolicy.initialWindow) + "-" + size(HTTP2EndPolicy.mostAdaptiveWindow)
      : size(bytes)
  }

  private static func size(_ bytes: Int64) -> String { Quantity.text(ByteCount(bytes)) }

  private static func name(_ side: Side) -> String { side == .client ? "client" : "server" }

  static var json: JSONValue {
    .object([
      ("format", .string("netsim.http2-presets/1")),
      ("presets", .array(PresetNote.all.map(json))),
    ])
  }

  private static func json(_ note: PresetNote) -> JSONValue {
    let policy = note.preset.policy
    return .object([
      ("name", .string(note.name)),
      ("ends", .array(note.sides.map { .string(name($0)) })),
      ("stream_window", .integer(policy.streamWindow)),
      ("connection_window", .integer(policy.connectionWindow)),
      ("adaptive", .bool(policy.windowUpdates == .adaptive)),
      ("max_frame_size", .integer(policy.maxFrameSize)),
      (
        "max_concurrent_streams",
        policy.maxConcurrentStreams.map { .integer(Int64($0)) } ?? .null
      ),
      ("held_bytes", .integer(note.mostHeldBytes)),
      ("source", .string(note.source)),
      ("without_effect", .array(note.ineffective.map { .string($0) })),
    ])
  }
}

extension String {
  /// It without the spaces at its end.
  fileprivate var trimmedRight: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
