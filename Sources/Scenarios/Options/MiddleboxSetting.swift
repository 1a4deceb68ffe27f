import NetSim

/// One option about the middlebox at a link's end next to the client.
enum MiddleboxSetting {
  case stateLimit(SimDuration?)
  case blocksDatagrams(Bool)

  /// Reads the value of an option, which is one of these.
  init(_ name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    self =
      name == .natTimeout
      ? .stateLimit(try LinkText.stateLimit(text))
      : .blocksDatagrams(try WordChoice.switchWords.parse(text))
  }

  /// Changes a link.
  func apply(to link: inout LinkSettings) {
    switch self {
    case .stateLimit(let limit): link.stateLimit = limit
    case .blocksDatagrams(let blocks): link.blocksDatagrams = blocks
    }
  }
}
