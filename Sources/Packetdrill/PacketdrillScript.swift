import NetSim

/// A script of the packetdrill language: system calls, packets in and out, and assertions, each with
/// its time.
public struct PacketdrillScript {
  /// The script's name, for messages.
  public let file: String
  /// The `--name=value` lines, in their order.
  let options: [ScriptOption]
  let events: [ScriptEvent]

  /// The script that `text` spells.
  public init(parsing text: String, file: String) throws(PacketdrillError) {
    var parser = ScriptParser(try ScriptLexer.tokens(of: text, file: file), file: file)
    options = try parser.options()
    events = try parser.events()
    self.file = file
  }

  /// How many packets the script expects the host to send.
  public var expectedPacketCount: Int {
    events.count {
      if case .outbound = $0.action { true } else { false }
    }
  }
}

/// One `--name=value` line of a script.
struct ScriptOption: Equatable {
  var position: ScriptPosition
  var name: String
  var value: String?
}
