import NetSim

/// The keys of an injected frame while they are read, and the frame of them.
struct InjectionFields {
  private var sender: Side?
  private var after: SimDuration?
  private var type: UInt8?
  private var flags: HTTP2Flags = []
  private var stream: UInt32 = 0
  private var increment: UInt32?
  private var code: UInt32?
  private var lastStream: UInt32?
  private var settings: [UInt8]?
  private var payload: [UInt8]?
  private var length: UInt32?
  private var count = 1
  private var interval: SimDuration?

  /// Takes a key with its value.
  mutating func take(_ field: InjectionText.Field) throws(QuantityError) {
    let text = field.text
    switch field.key {
    case .from: sender = try WordChoice.side.parse(text)
    case .after: after = try Quantity.duration(text)
    case .frame: type = try Self.type(text)
    case .flags: flags = try Self.flags(text)
    case .stream: stream = try Self.number(text, "a stream", HTTP2StreamNumbers.highest)
    case .increment: increment = try Self.number(text, "an increment", .max)
    case .code: code = try Self.code(text)
    case .lastStream: lastStream = try Self.number(text, "a stream", .max)
    case .settings: settings = try Self.settings(text)
    case .payload: payload = try Self.bytes(text)
    case .length: length = try Self.number(text, "a length", 0xFF_FFFF)
    case .count:
      count = Int(try Quantity.count(text, of: "the number of frames", in: 1...1_000_000))
    case .every: interval = try Quantity.duration(text)
    }
  }

  // MARK: Values

  /// A whole number, in the digits of tens or, behind `0x`, of sixteens.
  private static func number(
    _ text: String, _ subject: String, _ most: UInt32
  ) throws(QuantityError) -> UInt32 {
    if text.lowercased().hasPrefix("0x"), let value = UInt32(text.dropFirst(2), radix: 16),
      value <= most
    {
      return value
    }
    return UInt32(try Quantity.count(text, of: subject, in: 0...UInt64(most)))
  }

  /// A number, or one of a few names for it.
  private static func named(
    _ text: String, _ names: [(String, UInt32)], _ subject: String, _ most: UInt32
  ) throws(QuantityError) -> UInt32 {
    if let match = names.first(where: { $0.0 == text.lowercased() }) { return match.1 }
    if text.first?.isNumber ?? false { return try number(text, subject, most) }
    let words = names.map(\.0)
    let near = Wording.nearest(text, among: words).map { "did you mean \($0)? There are " }
    throw QuantityError(
      reason: "\(near ?? "there are ")\(Wording.list(words)), and numbers up to \(most)")
  }

  private static func type(_ text: String) throws(QuantityError) -> UInt8 {
    let names = HTTP2FrameType.allCases.map {
      (InjectionText.word($0.name), UInt32($0.rawValue))
    }
    return UInt8(try named(text, names, "a type", 255))
  }

  private static func code(_ text: String) throws(QuantityError) -> UInt32 {
    try named(text, InjectionText.codes.map { ($0.word, $0.code.rawValue) }, "a code", .max)
  }

  /// Flags by their names, whatever the frame, or their bits as a number.
  private static func flags(_ text: String) throws(QuantityError) -> HTTP2Flags {
    let all = InjectionText.flags(of: .settings).prefix(1) + InjectionText.flags(of: nil)
    let names = all.map { ($0.word, UInt32($0.flag.rawValue)) }
    var flags: HTTP2Flags = []
    for word in text.split(separator: InjectionText.mark, omittingEmptySubsequences: false) {
      flags.formUnion(
        HTTP2Flags(rawValue: UInt8(try named(String(word), names, "a flag", 255))))
    }
    return flags
  }

  /// Settings with their values, such as `initial-window-size:0+max-frame-size:1`.
  private static func settings(_ text: String) throws(QuantityError) -> [UInt8] {
    let names = InjectionText.settings.map { ($0.word, UInt32($0.identifier.rawValue)) }
    var bytes: [UInt8] = []
    for item in text.split(separator: InjectionText.mark) {
      let parts = item.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw QuantityError(
          reason: "names with values are wanted, such as initial-window-size:0")
      }
      bytes += bigEndian(try named(parts[0], names, "a setting", 0xFFFF)).suffix(2)
      bytes += bigEndian(try number(parts[1], "the value of a setting", .max))
    }
    return bytes
  }

  /// Bytes as pairs of hexadecimal digits, with or without blanks between them.
  private static func bytes(_ text: String) throws(QuantityError) -> [UInt8] {
    let digits = text.filter { $0 != " " }
    var bytes: [UInt8] = []
    var rest = Substring(digits)
    while !rest.isEmpty {
      guard rest.prefix(2).allSatisfy(\.isASCII), let byte = UInt8(rest.prefix(2), radix: 16),
        rest.first != "+"
      else { throw QuantityError(reason: "hexadecimal digits are wanted, such as 00000000") }
      guard rest.count > 1 else {
        throw QuantityError(
          reason: "a byte has two hexadecimal digits, and these are \(digits.count)")
      }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  // MARK: The frame

  /// The frame, once all keys were taken.
  func injection() throws(QuantityError) -> HTTP2Injection {
    guard let sender, let after, let type else {
      throw QuantityError(
        reason: "a frame needs from, after and frame, such as "
          + "{from: client, after: 120ms, frame: ping}")
    }
    let payload = try payload(of: type)
    if let length, Int(length) < payload.count {
      throw QuantityError(
        reason: "length \(length): the payload has \(payload.count) bytes, and all of them are sent"
      )
    }
    if payload.count > 0xFF_FFFF {
      throw QuantityError(reason: "payload: a frame has at most 16777215 bytes (RFC 9113 §4.1)")
    }
    var injection = HTTP2Injection(
      from: sender, after: after, typeNumber: type, flags: flags, stream: stream,
      payload: payload, length: length)
    if interval != nil && count == 1 {
      throw QuantityError(reason: "every: count says how many there are, and there is one")
    }
    injection.count = count
    injection.interval = interval ?? .zero
    return injection
  }

  /// The payload as it was given, or the fields of the type, zero where they were not.
  private func payload(of type: UInt8) throws(QuantityError) -> [UInt8] {
    let frame = HTTP2FrameType(rawValue: type)
    let fields: [(key: InjectionText.Key, isGiven: Bool, types: [HTTP2FrameType])] = [
      (.increment, increment != nil, [.windowUpdate]),
      (.code, code != nil, [.resetStream, .goAway]),
      (.lastStream, lastStream != nil, [.goAway]), (.settings, settings != nil, [.settings]),
    ]
    for field in fields where field.isGiven {
      guard let frame, field.types.contains(frame) else {
        let owners = field.types.map { InjectionText.word($0.name) }
        throw QuantityError(
          reason: "\(field.key.rawValue): only \(Wording.list(owners)) has it; "
            + "payload says anything in hexadecimal digits")
      }
      if payload != nil {
        throw QuantityError(
          reason: "\(field.key.rawValue): the payload says that already")
      }
    }
    if let payload { return payload }
    if length != nil && !fields.contains(where: \.isGiven) { return [] }
    switch frame {
    case .windowUpdate: return Self.bigEndian(increment ?? 0)
    case .resetStream: return Self.bigEndian(code ?? 0)
    case .goAway: return Self.bigEndian(lastStream ?? 0) + Self.bigEndian(code ?? 0)
    case .settings: return settings ?? []
    case .ping: return [UInt8](repeating: 0, count: 8)
    case .priority: return [UInt8](repeating: 0, count: 5)
    case .data, .headers, .pushPromise, .continuation, .alternativeService, .origin,
      .priorityUpdate, nil:
      return []
    }
  }
}

extension WordChoice where Value == Side {
  static var side: Self { WordChoice(words: [("client", .client), ("server", .server)]) }
}
