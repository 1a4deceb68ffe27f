/// The units and counters that answers are written with.
enum AnswerUnits {
  /// What a unit multiplies and divides by: both are whole, so that 150000us are exactly 150 ms.
  struct Factor {
    let times: Double
    let over: Double

    static let one = Factor(times: 1, over: 1)
    static func times(_ value: Double) -> Factor { Factor(times: value, over: 1) }
    static func over(_ value: Double) -> Factor { Factor(times: 1, over: value) }
  }

  /// By how much a number before `word` counts in `unit`; nil where the word is none of that kind.
  static func factor(of word: String, in unit: AnswerText.Unit) -> Factor? {
    if word.isEmpty { return .one }
    switch unit {
    case .milliseconds: return times[word] ?? times[word.lowercased()]
    case .seconds:
      return factor(of: word, in: .milliseconds).map {
        Factor(times: $0.times, over: $0.over * 1e3)
      }
    case .bytes: return sizes[word] ?? sizes[word.lowercased()]
    case .megabits: return rate(word)
    default: return counters[unit]?.contains(word.lowercased()) == true ? .one : nil
    }
  }

  private static let times: [String: Factor] = [
    "ns": .over(1e6), "나노초": .over(1e6),
    "us": .over(1e3), "µs": .over(1e3), "μs": .over(1e3), "마이크로초": .over(1e3),
    "ms": .one, "msec": .one, "millisecond": .one, "milliseconds": .one, "밀리초": .one,
    "s": .times(1e3), "sec": .times(1e3), "second": .times(1e3), "seconds": .times(1e3),
    "초": .times(1e3),
    "min": .times(6e4), "minute": .times(6e4), "minutes": .times(6e4), "분": .times(6e4),
  ]

  /// A small b would be bits.
  private static let sizes: [String: Factor] = [
    "B": .one, "byte": .one, "bytes": .one, "바이트": .one,
    "kB": .times(1e3), "KB": .times(1e3), "킬로바이트": .times(1e3),
    "MB": .times(1e6), "메가바이트": .times(1e6), "GB": .times(1e9), "기가바이트": .times(1e9),
    "KiB": .times(1_024), "kib": .times(1_024), "키비바이트": .times(1_024),
    "MiB": .times(1_048_576), "mib": .times(1_048_576), "메비바이트": .times(1_048_576),
  ]

  /// Bits a second by their letter, after which `rateEndings` come.
  private static let rateLetters: [(text: String, factor: Factor)] = [
    ("k", .over(1e3)), ("K", .over(1e3)), ("킬로", .over(1e3)),
    ("M", .one), ("메가", .one), ("G", .times(1e3)), ("기가", .times(1e3)), ("", .over(1e6)),
  ]
  private static let rateEndings = [
    "b/s", "bit/s", "bits/s", "bps", "bit", "비트/초", "비트", "비피에스",
  ]

  private static func rate(_ word: String) -> Factor? {
    let plain = word.hasPrefix("초당") ? String(word.dropFirst(2)) : word
    for letter in rateLetters where plain.hasPrefix(letter.text) {
      if rateEndings.contains(String(plain.dropFirst(letter.text.count))) { return letter.factor }
    }
    return nil
  }

  private static let counters: [AnswerText.Unit: [String]] = [
    .segments: ["segment", "segments", "세그먼트", "개", "개의세그먼트", "번째", "번"],
    .rounds: ["round", "rounds", "라운드", "번", "회"],
    .packets: ["packet", "packets", "패킷", "개"],
    .connections: ["connection", "connections", "연결", "개"],
    .requests: ["request", "requests", "요청", "개", "건", "번", "회"],
    .times: ["x", "×", "times", "time", "배"],
    .none: ["개", "time", "times", "번", "회"],
  ]
}
