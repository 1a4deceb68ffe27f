import NetSim

/// The text for the proxies on a way: their kinds in order, or `none`.
enum ProxyText {
  /// More in a row than anybody has seen.
  private static let mostProxies = 8
  private static let none = "none"

  /// Reads the kinds of the proxies.
  static func parse(_ text: String) throws(QuantityError) -> [ProxyKind] {
    if text.lowercased() == none { return [] }
    var kinds: [ProxyKind] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      kinds.append(try WordChoice.proxy.parse(String(word.filter { $0 != " " })))
    }
    if kinds.count > mostProxies {
      throw QuantityError(reason: "there are at most \(mostProxies) proxies in a row")
    }
    return kinds
  }

  /// The text of the kinds of proxies.
  static func text(_ kinds: [ProxyKind]) -> String {
    kinds.isEmpty ? none : kinds.map { WordChoice.proxy.word(for: $0) }.joined(separator: ",")
  }
}
