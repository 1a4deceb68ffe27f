import NetSim
import Scenarios
import Timelines

/// `simcli model`: what is modelled, and what is left out; and models that need no run.
enum ModelCommand {
  /// What asks for the presets of HTTP/2 instead of a profile.
  private static let presets = "http2-presets"

  static func run(_ words: [String]) throws(Failure) {
    if words.first == "hpack" {
      try FieldBlocksCommand.run(Array(words.dropFirst()))
      return
    }
    let arguments = try Arguments(words, of: "model", options: Arguments.common)
    if arguments.has("help") {
      Terminal.print(HelpText.model)
      return
    }
    if arguments.words.count > 1 {
      throw .usage("model takes one profile; \(arguments.words[1]) is one too many")
    }
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    if arguments.words.first == presets {
      let isJSON = try arguments.wantsJSON()
      Terminal.print(isJSON ? PresetReport.json.text() + "\n" : PresetReport.text(style.width))
      return
    }
    let profile: Profile
    switch arguments.words.first ?? "linux" {
    case "linux": profile = .linux
    case "rfc": profile = .rfc
    case "ideal": profile = .ideal
    case let word:
      let guess = HelpText.guess(word, among: ["linux", "rfc", "ideal", presets])
      throw .usage(
        "unknown profile \(word)\(guess)  (there are linux, rfc and ideal, and \(presets))")
    }
    let notes = ModelNotes(profile)
    let name = arguments.words.first ?? "linux"
    if try arguments.wantsJSON() {
      Terminal.print(json(notes, name).text() + "\n")
    } else {
      Terminal.print(text(notes, name, style.width))
    }
  }

  private static func text(_ notes: ModelNotes, _ name: String, _ width: Int) -> String {
    "profile \(name)\n\nwhat is modelled\n" + lines(notes.modelled, width)
      + "\nwhat is left out\n" + lines(notes.leftOut, width)
  }

  private static func lines(_ notes: [ModelNote], _ width: Int) -> String {
    notes.map { note in
      let source = note.source.isEmpty ? "" : " [" + note.source + "]"
      return Paragraph.wrapped(
        note.mechanism + ": " + note.behaviour + source, indent: 2, hanging: 4, width: width)
    }.joined()
  }

  private static func json(_ notes: ModelNotes, _ name: String) -> JSONValue {
    .object([
      ("format", .string("netsim.model/1")),
      ("profile", .string(name)),
      ("modelled", .array(notes.modelled.map(json))),
      ("left_out", .array(notes.leftOut.map(json))),
    ])
  }

  private static func json(_ note: ModelNote) -> JSONValue {
    .object([
      ("mechanism", .string(note.mechanism)), ("behaviour", .string(note.behaviour)),
      ("source", .string(note.source)),
    ])
  }
}
