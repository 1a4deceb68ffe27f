import NetSim

extension InjectionText {
  /// The keys of a frame with their values, by which it is read again.
  static func description(_ injection: HTTP2Injection) -> DescriptionNode {
    let header = injection.header
    var entries: [DescriptionNode.Entry] = []
    func add(_ key: Key, _ text: String) {
      entries.append(DescriptionNode.Entry(key.rawValue, .text(text)))
    }
    add(.from, WordChoice.side.word(for: injection.sender))
    add(.after, Quantity.text(injection.after))
    add(.frame, name(ofType: header.typeNumber))
    if !header.flags.isEmpty {
      entries.append(DescriptionNode.Entry(Key.flags.rawValue, .list(flagWords(header))))
    }
    if header.streamID != 0 { add(.stream, String(header.streamID)) }
    let fields = fields(of: injection)
    if let fields {
      entries += fields
    } else if !injection.payload.isEmpty {
      add(.payload, injection.payload.map(hexadecimal).joined())
    }
    let isShort = Int(header.length) == injection.payload.count
    if !isShort || (fields == nil && injection.payload.isEmpty) {
      add(.length, String(header.length))
    }
    if injection.count > 1 {
      add(.count, String(injection.count))
      add(.every, Quantity.text(injection.interval))
    }
    return .group(entries)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// The flags by their names, or all of them as a number where one has none.
  private static func flagWords(_ header: HTTP2FrameHeader) -> [DescriptionNode] {
    let known = flags(of: header.type).filter { header.flags.contains($0.flag) }
    let all = known.reduce(into: HTTP2Flags()) { $0.formUnion($1.flag) }
    return all == header.flags
      ? known.map { .text($0.word) } : [.text(String(header.flags.rawValue))]
  }

  /// The payload by its fields; nil where it has none, or where they do not say all of it.
  private static func fields(of injection: HTTP2Injection) -> [DescriptionNode.Entry]? {
    func entry(_ key: Key, _ text: String) -> DescriptionNode.Entry {
      DescriptionNode.Entry(key.rawValue, .text(text))
    }
    switch (injection.header.type, injection.payload.count) {
    case (.windowUpdate, 4): return [entry(.increment, String(injection.number(at: 0)))]
    case (.resetStream, 4): return [entry(.code, codeWord(injection.number(at: 0)))]
    case (.goAway, 8):
      return [
        entry(.lastStream, String(injection.number(at: 0))),
        entry(.code, codeWord(injection.number(at: 4))),
      ]
    case (.settings, let count) where count > 0 && count % 6 == 0:
      let values = stride(from: 0, to: count, by: 6).map { start in
        let identifier = injection.number(at: start, bytes: 2)
        let name = settings.first { UInt32($0.identifier.rawValue) == identifier }?.word
        return DescriptionNode.text(
          (name ?? String(identifier)) + ":" + String(injection.number(at: start + 2)))
      }
      return [DescriptionNode.Entry(Key.settings.rawValue, .list(values))]
    default: return nil
    }
  }

  private static func codeWord(_ code: UInt32) -> String {
    codes.first { $0.code.rawValue == code }?.word ?? String(code)
  }
}
