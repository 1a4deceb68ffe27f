/// The protocols that a workload is to be run over, one after the other: `http1.0,http1`.
public enum ProtocolList {
  /// The words that `text` lists as `--protocol` takes them, at least one and none twice.
  ///
  /// Throws a reason that names the word which is wrong, and the one that was likely meant.
  public static func parse(_ text: String) throws(QuantityError) -> [String] {
    var words: [String] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = try word(String(item.trimmed))
      if words.contains(word) { throw QuantityError(reason: "\(word) is named twice") }
      words.append(word)
    }
    return words
  }

  private static func word(_ item: String) throws(QuantityError) -> String {
    let choice = WordChoice.application
    if item.isEmpty {
      let all = Wording.list(choice.allWords)
      throw QuantityError(reason: "a protocol is missing; this version has \(all)")
    }
    do {
      return choice.word(for: try choice.parse(item))
    } catch {
      let isKnown = choice.unmodelled.contains(item.lowercased())
      throw isKnown ? error : QuantityError(reason: "\(Wording.excerpt(item)): \(error.reason)")
    }
  }
}
