import NetSim

/// One option about the ends of connections with streams, read and within its bounds.
enum StreamSetting {
  case streamWindow(Int64)
  case connectionWindow(Int64)
  case maxFrameSize(Int64)
  case maxData(Int64?)
  case maxConcurrentStreams(Int?)
  case assumedStreams(Int)
  case windowUpdates(WindowUpdatePolicy)
  case headerTableSize(UInt32)
  case settingsCount(Int)
  case scheduler(StreamScheduler)
  case push(Bool)
  case pings(KeepAlivePings?)
  case pingLimit(PingLimit?)
  case ending(HTTP2Ending)
  case resetLimit(FloodLimit?)
  case controlLimit(FloodLimit?)
  case mostListBytes(Int)
  case mostBlockBytes(Int)

  /// Reads the value of an option; nil where the option is about something else.
  init?(_ name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    switch name {
    case .streamWindow: self = .streamWindow(try StreamText.streamWindow(text))
    case .connectionWindow: self = .connectionWindow(try StreamText.connectionWindow(text))
    case .maxFrameSize: self = .maxFrameSize(try StreamText.frameSize(text))
    case .maxData: self = .maxData(try StreamText.data(text))
    case .maxConcurrentStreams:
      self = .maxConcurrentStreams(try StreamText.count(text, of: "the number of streams"))
    case .assumedStreams:
      let count = try StreamText.count(text, of: "the number of streams")
      self = .assumedStreams(count ?? .max)
    case .windowUpdates: self = .windowUpdates(try WordChoice.windowUpdates.parse(text))
    case .headerTableSize: self = .headerTableSize(try StreamText.tableSize(text))
    case .settingsCount:
      self = .settingsCount(
        Int(try Quantity.count(text, of: "the number of settings", in: 0...1_000)))
    case .scheduler: self = .scheduler(try WordChoice.scheduler.parse(text))
    case .push: self = .push(try WordChoice.switchWords.parse(text))
    case .ping: self = .pings(try StreamText.pings(text))
    case .pingLimit: self = .pingLimit(try StreamText.pingLimit(text))
    case .goAway: self = .ending(try WordChoice.ending.parse(text))
    case .resetLimit:
      self = .resetLimit(try StreamText.floodLimit(text, of: "streams that are reset"))
    case .controlLimit:
      self = .controlLimit(try StreamText.floodLimit(text, of: "frames that carry nothing"))
    case .maxHeaderList:
      self = .mostListBytes(try StreamText.fieldBytes(text, "a list of fields"))
    case .maxHeaderBlock:
      self = .mostBlockBytes(try StreamText.fieldBytes(text, "a block of fields"))
    default: return nil
    }
  }

  /// Changes what the given ends do, over HTTP/2 and over HTTP/3.
  func apply(to client: inout ClientSettings, at ends: ScenarioSetting.Ends) {
    apply(to: &client.http2, at: ends)
    apply(to: &client.quic, at: ends)
  }

  /// Changes what the given ends do. Of both ends it is the server that limits streams and PINGs and
  /// ends connections, and the client that assumes a limit and asks by PING; and both send frames as
  /// large as the other takes.
  private func apply(to policy: inout HTTP2Policy, at ends: ScenarioSetting.Ends) {
    switch self {
    case .maxConcurrentStreams where ends == .both, .pingLimit where ends == .both,
      .ending where ends == .both:
      apply(to: &policy.server)
    case .assumedStreams where ends == .both, .pings where ends == .both,
      .push where ends == .both:
      apply(to: &policy.client)
    default:
      if ends != .server { apply(to: &policy.client) }
      if ends != .client { apply(to: &policy.server) }
    }
    if case .maxFrameSize = self, ends == .both {
      (policy.client.mostData, policy.server.mostData) = (nil, nil)
    }
  }

  /// Changes what the given ends do over QUIC, of what HTTP/2 has, too.
  private func apply(to policy: inout QUICPolicy, at ends: ScenarioSetting.Ends) {
    switch self {
    case .streamWindow(let bytes): policy.change(ends) { $0.streamWindow = bytes }
    case .connectionWindow(let bytes): policy.change(ends) { $0.connectionWindow = bytes }
    case .maxConcurrentStreams(let count):
      policy.change(ends == .both ? .server : ends) {
        $0.mostStreams = count.map { Int64($0) } ?? QUICText.unlimitedStreams
      }
    case .scheduler(let scheduler): policy.change(ends) { $0.scheduler = scheduler }
    default: break
    }
  }

  private func apply(to end: inout HTTP2EndPolicy) {
    let unlimited = QUICText.unlimitedWindow
    switch self {
    case .streamWindow(let bytes):
      end.streamWindow = bytes == unlimited ? HTTP2EndPolicy.mostWindow : bytes
    case .connectionWindow(let bytes):
      end.connectionWindow = bytes == unlimited ? HTTP2EndPolicy.mostWindow : bytes
    case .maxFrameSize(let bytes): end.maxFrameSize = bytes
    case .maxData(let bytes): end.mostData = bytes
    case .maxConcurrentStreams(let count): end.maxConcurrentStreams = count
    case .assumedStreams(let count): end.assumedStreams = count
    case .windowUpdates(let rule): end.windowUpdates = rule
    case .headerTableSize(let bytes): end.headerTableSize = bytes
    case .settingsCount(let count): end.settingsCount = count
    case .scheduler(let scheduler): end.scheduler = scheduler
    case .push(let isTaken): end.enablesPush = isTaken
    case .pings(let pings): end.keepAlive = pings
    case .pingLimit(let limit): end.pingLimit = limit
    case .ending(let ending): end.ending = ending
    case .resetLimit(let limit): end.resetLimit = limit
    case .controlLimit(let limit): end.controlLimit = limit
    case .mostListBytes(let bytes): end.mostListBytes = bytes
    case .mostBlockBytes(let bytes): end.mostBlockBytes = bytes
    }
  }
}

/// What ends of HTTP/2 connections do, as people write it.
enum StreamText {
  /// A window that never holds anybody is the largest that there is.
  static func streamWindow(_ text: String) throws(QuantityError) -> Int64 {
    if text.lowercased() == Quantity.unlimited { return QUICText.unlimitedWindow }
    return try size(
      text, "a stream's window", 1...HTTP2EndPolicy.mostWindow,
      "1 and 2147483647 bytes (RFC 9113 §6.5.2)")
  }

  /// A connection's window; in HTTP/2 it begins at 65,535 bytes and can only grow.
  static func connectionWindow(_ text: String) throws(QuantityError) -> Int64 {
    if text.lowercased() == Quantity.unlimited { return QUICText.unlimitedWindow }
    return try size(
      text, "a connection's window", 1...HTTP2EndPolicy.mostWindow,
      "1, in HTTP/2 65535, and 2147483647 bytes (RFC 9113 §6.9.2)")
  }

  static func frameSize(_ text: String) throws(QuantityError) -> Int64 {
    try size(
      text, "a frame", HTTP2EndPolicy.initialFrameSize...HTTP2EndPolicy.mostFrameSize,
      "16384 and 16777215 bytes (RFC 9113 §6.5.2)")
  }

  /// The content of a frame that is sent; `unlimited` for as much as the peer takes.
  static func data(_ text: String) throws(QuantityError) -> Int64? {
    if text.lowercased() == Quantity.unlimited { return nil }
    return try size(
      text, "what is put into a frame", 1...HTTP2EndPolicy.mostFrameSize,
      "1 and 16777215 bytes")
  }

  /// How many; `unlimited` for any number.
  static func count(_ text: String, of subject: String) throws(QuantityError) -> Int? {
    if text.lowercased() == Quantity.unlimited { return nil }
    return Int(try Quantity.count(text, of: subject, in: 1...2_147_483_647))
  }

  static func tableSize(_ text: String) throws(QuantityError) -> UInt32 {
    UInt32(
      try size(
        text, "a table of fields", 0...16_777_216, "0 and 16MiB (RFC 9113 §6.5.2)"))
  }

  private static func size(
    _ text: String, _ subject: String, _ range: ClosedRange<Int64>, _ bounds: String
  ) throws(QuantityError) -> Int64 {
    let size = try Quantity.size(text)
    if !range.contains(size.bytes) {
      throw QuantityError(reason: "\(subject) lies between \(bounds)")
    }
    return size.bytes
  }

  /// What an end is, in few words: the preset to which it is nearest, if the profile's own end is not
  /// nearer, and what it does otherwise.
  static func description(
    _ end: HTTP2EndPolicy, standard: HTTP2EndPolicy, _ side: Side
  ) -> [(name: ScenarioOptionName, text: String)] {
    let name: ScenarioOptionName = side == .client ? .clientHTTP2 : .serverHTTP2
    var best = changes(end, from: standard)
    var isFound = end.indexesFields == standard.indexesFields
    for preset in HTTP2Preset.allCases where preset.suits(side) {
      let policy = preset.policy
      guard end.indexesFields == policy.indexesFields else { continue }
      let word = (name: name, text: WordChoice.preset(side).word(for: preset))
      let texts = [word] + changes(end, from: policy)
      if !isFound || texts.count < best.count { best = texts }
      isFound = true
    }
    return best
  }

  /// What an end has that another has not, by the options' names.
  private static func changes(
    _ end: HTTP2EndPolicy, from other: HTTP2EndPolicy
  ) -> [(name: ScenarioOptionName, text: String)] {
    zip(texts(end), texts(other)).filter { $0.text != $1.text }.map { $0.0 }
  }

  private static func texts(_ end: HTTP2EndPolicy) -> [(name: ScenarioOptionName, text: String)] {
    let unlimited = Quantity.unlimited
    return [
      (.streamWindow, Quantity.text(ByteCount(end.streamWindow))),
      (.connectionWindow, Quantity.text(ByteCount(end.connectionWindow))),
      (.maxFrameSize, Quantity.text(ByteCount(end.maxFrameSize))),
      (.maxData, end.mostData.map { Quantity.text(ByteCount($0)) } ?? unlimited),
      (.maxConcurrentStreams, end.maxConcurrentStreams.map { String($0) } ?? unlimited),
      (.assumedStreams, end.assumedStreams == .max ? unlimited : String(end.assumedStreams)),
      (.windowUpdates, WordChoice.windowUpdates.word(for: end.windowUpdates)),
      (.headerTableSize, Quantity.text(ByteCount(Int64(end.headerTableSize)))),
      (.settingsCount, String(end.settingsCount)),
      (.scheduler, WordChoice.scheduler.word(for: end.scheduler)),
      (.push, WordChoice.switchWords.word(for: end.enablesPush)),
      (.ping, text(end.keepAlive)),
      (.pingLimit, text(end.pingLimit)),
      (.goAway, WordChoice.ending.word(for: end.ending)),
      (.resetLimit, text(end.resetLimit)),
      (.controlLimit, text(end.controlLimit)),
      (.maxHeaderList, Quantity.text(ByteCount(Int64(end.mostListBytes)))),
      (.maxHeaderBlock, Quantity.text(ByteCount(Int64(end.mostBlockBytes)))),
    ]
  }
}

extension WordChoice where Value == WindowUpdatePolicy {
  static var windowUpdates: Self {
    WordChoice(words: [
      ("each", .each), ("half", .half), ("third", .third), ("adaptive", .adaptive),
    ])
  }
}

extension WordChoice where Value == HTTP2Preset {
  /// Every preset.
  static var preset: Self {
    WordChoice(
      words: [
        ("rfc9113", .rfc9113), ("curl", .curl), ("nginx", .nginx), ("hyper", .hyper),
        ("envoy", .envoy), ("envoy-edge", .envoyEdge), ("dynamo-default", .dynamoDefault),
        ("dynamo-high-throughput", .dynamoHighThroughput), ("dynamo-balanced", .dynamoBalanced),
        ("dynamo-low-latency", .dynamoLowLatency), ("dynamo-memory", .dynamoMemory),
      ])
  }

  /// Those of one end.
  static func preset(_ side: Side) -> Self {
    WordChoice(words: preset.words.filter { $0.value.suits(side) })
  }

  /// The preset that `text` names, for an end of its kind.
  static func parse(_ text: String, for side: Side) throws(QuantityError) -> HTTP2Preset {
    let own = preset(side)
    if let other = preset.words.first(where: { $0.word == text.lowercased() }),
      !other.value.suits(side)
    {
      let (kind, opposite) = side == .client ? ("client", "server") : ("server", "client")
      let choice = Wording.alternatives(own.allWords)
      throw QuantityError(reason: "\(other.word) is a \(opposite); a \(kind) takes \(choice)")
    }
    return try own.parse(text)
  }
}
