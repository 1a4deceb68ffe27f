import NetSim

/// Lists of names of protocols in TLS, such as `h2,http/1.1`; `off` for none.
enum NameText {
  private static let off = WordChoice.switchWords.word(for: false)

  static func parse(_ text: String) throws(QuantityError) -> [ApplicationName] {
    if text.lowercased() == off { return [] }
    var names: [ApplicationName] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = try WordChoice.name.parse(String(item.trimmed))
      if names.contains(name) {
        throw QuantityError(reason: "\(WordChoice.name.word(for: name)) is named twice")
      }
      names.append(name)
    }
    return names
  }

  /// The list as it is read.
  static func text(_ names: [ApplicationName]) -> String {
    names.isEmpty ? off : names.map { WordChoice.name.word(for: $0) }.joined(separator: ",")
  }
}

extension WordChoice where Value == ApplicationName {
  static var name: Self {
    WordChoice(words: ApplicationName.allCases.map { ("\($0.text)", $0) })
  }
}
