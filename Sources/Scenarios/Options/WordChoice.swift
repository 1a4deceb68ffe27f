import NetSim

/// An option's value that is one of a few words.
struct WordChoice<Value: Equatable & Sendable>: Sendable {
  /// The words that stand for a value.
  let words: [(word: String, value: Value)]
  /// Words that will stand for one in a later version.
  var unmodelled: [String] = []

  /// Every word that has a meaning now.
  var allWords: [String] { words.map(\.word) }

  /// The value that `text` stands for.
  func parse(_ text: String) throws(QuantityError) -> Value {
    let given = text.lowercased()
    if let match = words.first(where: { $0.word == given }) { return match.value }
    if unmodelled.contains(given) {
      throw QuantityError(reason: missing(given))
    }
    let choice = Wording.alternatives(allWords)
    guard let meant = Wording.nearest(given, among: allWords + unmodelled) else {
      throw QuantityError(reason: "it takes \(choice)")
    }
    let isKnown = allWords.contains(meant)
    throw QuantityError(
      reason: "did you mean \(meant)? " + (isKnown ? "It takes \(choice)" : missing(meant)))
  }

  private func missing(_ word: String) -> String {
    "\(word) is not modelled yet; this version has \(Wording.list(allWords))"
  }

  /// The word for `value`.
  func word(for value: Value) -> String {
    guard let match = words.first(where: { $0.value == value }) else {
      preconditionFailure("a value without a word")
    }
    return match.word
  }
}

extension WordChoice where Value == Profile {
  static var profile: Self {
    WordChoice(words: [("linux", .linux), ("rfc", .rfc), ("ideal", .ideal)])
  }
}

extension WordChoice where Value == ApplicationProtocol {
  static var application: Self {
    WordChoice(
      words: [
        ("tcp", .raw), ("http1.0", .http10), ("http1", .http11),
        ("http1-pipelined", .http11Pipelined), ("http2", .http2), ("http3", .http3),
      ],
      unmodelled: ["websocket", "sse", "grpc"])
  }
}

extension WordChoice where Value == CongestionAlgorithm {
  static var congestion: Self {
    WordChoice(words: [("reno", .reno), ("cubic", .cubic), ("bbr", .bbr)])
  }
}

extension WordChoice where Value == StartRule {
  static var start: Self {
    WordChoice(
      words: [("together", .together), ("in-series", .inSeries), ("after-first", .afterFirst)])
  }
}

extension WordChoice where Value == IdleOrder {
  static var idleOrder: Self {
    WordChoice(words: [("lifo", .latestFirst), ("fifo", .oldestFirst)])
  }
}

extension WordChoice where Value == RequestFields {
  static var fields: Self { WordChoice(words: [("curl", .curl), ("browser", .browser)]) }
}

extension WordChoice where Value == Bool {
  static var switchWords: Self { WordChoice(words: [("on", true), ("off", false)]) }

  static var earlyData: Self { WordChoice(words: [("any", true), ("safe", false)]) }

  static var responseHead: Self { WordChoice(words: [("alone", true), ("joined", false)]) }
}

extension WordChoice where Value == StreamScheduler {
  static var scheduler: Self {
    WordChoice(
      words: [
        ("round-robin", .roundRobin), ("sequential", .sequential), ("urgency", .urgency),
        ("tree", .tree),
      ])
  }
}

extension WordChoice where Value == ProxyKind {
  static var proxy: Self {
    WordChoice(
      words: [
        ("correct", .correct), ("smart", .smart), ("blind", .blind), ("stripping", .stripping),
      ])
  }
}

extension WordChoice where Value == BodyFraming {
  static var framing: Self {
    WordChoice(
      words: [
        ("length", .length), ("chunked", .chunked), ("close", .untilClose), ("upgrade", .upgrade),
      ])
  }
}

extension WordChoice where Value == HTTPMethod {
  static var method: Self {
    WordChoice(words: HTTPMethod.allCases.map { ("\($0.name)".lowercased(), $0) })
  }
}

/// What stands between TCP and the application.
enum TLSChoice: Equatable, Sendable {
  case none
  case mode(TLSMode)
}

extension WordChoice where Value == TLSChoice {
  static var tls: Self {
    WordChoice(
      words: [
        ("none", .none), ("1.2", .mode(.full12)), ("1.2-false-start", .mode(.falseStart12)),
        ("1.2-resumed", .mode(.ticket12)), ("1.2-resumed-id", .mode(.session12)),
        ("1.3", .mode(.full13)), ("1.3-retry", .mode(.retry13)),
        ("1.3-resumed", .mode(.resumed13)), ("1.3-0rtt", .mode(.earlyData13)),
        ("1.3-0rtt-425", .mode(.tooEarly13)),
      ])
  }
}
