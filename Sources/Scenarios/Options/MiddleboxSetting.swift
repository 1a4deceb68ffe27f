import NetSim

/// One option about the middlebox at a link's end next to the client.
enum MiddleboxSetting {
  case stateLimit(SimDuration?)
  case datagramStateLimit(SimDuration?)
  case rebindings([SimTime])
  case blocksDatagrams(Bool)

  /// Reads the value of an option, which is one of these.
  init(_ name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    switch name {
    case .natTimeout: self = .stateLimit(try LinkText.stateLimit(text))
    case .natUDPTimeout: self = .datagramStateLimit(try LinkText.stateLimit(text))
    case .rebindAt: self = .rebindings(try LinkText.times(text))
    default: self = .blocksDatagrams(try WordChoice.switchWords.parse(text))
    }
  }

  /// Changes a link.
  func apply(to link: inout LinkSettings) {
    switch self {
    case .stateLimit(let limit): link.stateLimit = limit
    case .datagramStateLimit(let limit): link.datagramStateLimit = limit
    case .rebindings(let times): link.rebindings = times
    case .blocksDatagrams(let blocks): link.blocksDatagrams = blocks
    }
  }
}
