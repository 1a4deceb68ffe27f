import NetSim
import Scenarios
import Timelines

/// `simcli model`: what is modelled, and what is left out.
enum ModelCommand {
  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "model", options: Arguments.common)
    if arguments.has("help") {
      Terminal.print(HelpText.model)
      return
    }
    if arguments.words.count > 1 {
      throw .usage("model takes one profile; \(arguments.words[1]) is one too many")
    }
    let profile: Profile
    switch arguments.words.first ?? "linux" {
    case "linux": profile = .linux
    case "rfc": profile = .rfc
    case "ideal": profile = .ideal
    case let word:
      let guess = HelpText.guess(word, among: ["linux", "rfc", "ideal"])
      throw .usage("unknown profile \(word)\(guess)  (there are linux, rfc and ideal)")
    }
    let notes = ModelNotes.of(profile)
    if try arguments.wantsJSON() {
      Terminal.print(json(notes, profile).text() + "\n")
    } else {
      let style = Terminal.style(
        width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
      Terminal.print(text(notes, profile, style.width))
    }
  }

  private static func text(_ notes: ModelNotes, _ profile: Profile, _ width: Int) -> String {
    var text = "profile \(profile.name): \(notes.summary)\n\nwhat is modelled\n"
    for mechanism in notes.mechanisms {
      text += "  " + mechanism.name + "  [" + mechanism.source + "]\n"
      text += Paragraph.wrapped(mechanism.behaviour, indent: 6, width: width)
    }
    text += "\nwhat is left out\n"
    return text + notes.leftOut.map { Paragraph.wrapped($0, indent: 2, width: width) }.joined()
  }

  private static func json(_ notes: ModelNotes, _ profile: Profile) -> JSONValue {
    .object([
      ("format", .string("netsim.model/1")),
      ("profile", .string(profile.name)),
      (
        "modelled",
        .array(
          notes.mechanisms.map {
            .object([
              ("name", .string($0.name)), ("behaviour", .string($0.behaviour)),
              ("source", .string($0.source)),
            ])
          })
      ),
      ("left_out", .array(notes.leftOut.map { .string($0) })),
    ])
  }
}
