import NetSim

/// One line of a script: something that is done or expected at a time.
struct ScriptEvent {
  /// When an event happens.
  enum Time: Equatable {
    /// So long after the event before it.
    case after(SimDuration)
    /// So long after the script's start.
    case at(SimTime)
    /// Between two times after the event before it.
    case afterBetween(SimDuration, SimDuration)
    /// Between two times after the script's start.
    case atBetween(SimTime, SimTime)
    /// Whenever it comes.
    case any
  }

  /// What happens.
  enum Action {
    /// A packet arrives at the host under test.
    case inbound(ScriptPacket)
    /// The host under test sends a packet.
    case outbound(ScriptPacket)
    /// The application on the host makes a system call.
    case call(SystemCall)
    /// A shell command.
    case command(String)
    /// Assertions about the connection's state.
    case code(AssertionBlock)
    /// Something that the parser knows by name and the driver cannot do.
    case unsupported(String)
  }

  var position: ScriptPosition
  var time: Time
  var action: Action
}
