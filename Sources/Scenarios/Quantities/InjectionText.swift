import NetSim

/// Frames that a scenario injects, as people write them: in a file a group of keys, on a command line
/// the same keys in one text, `from=client,after=120ms,frame=window-update,stream=1,increment=0`.
///
/// What cannot be encoded is refused, and nothing else: wrong streams, flags and lengths are the point.
enum InjectionText {
  /// The word for no frames.
  static let none = "none"
  /// What stands between the parts of a value that is a list.
  static let mark = "+"

  /// The keys of a frame.
  enum Key: String, CaseIterable {
    /// The end that sends it.
    case from
    /// How long after the beginning of the connection.
    case after
    /// Its type.
    case frame
    /// Its flags.
    case flags
    /// Its stream.
    case stream
    /// By how much WINDOW_UPDATE makes a window grow.
    case increment
    /// What RST_STREAM and GOAWAY say.
    case code
    /// The last stream of GOAWAY.
    case lastStream = "last-stream"
    /// The values of SETTINGS.
    case settings
    /// Its payload as hexadecimal digits.
    case payload
    /// Bytes of its payload, where that is more than was given.
    case length
    /// How many there are.
    case count
    /// How long they are apart.
    case every
  }

  /// A key with its text.
  typealias Field = (key: Key, text: String)

  // MARK: Reading

  /// The frame of a command line; none of `none`.
  static func parse(_ text: String) throws(QuantityError) -> [HTTP2Injection] {
    if text.lowercased() == none { return [] }
    var fields: [Field] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw QuantityError(
          reason: "keys with values are wanted, such as "
            + "from=client,after=120ms,frame=window-update,stream=1,increment=0")
      }
      fields.append((try key(String(parts[0].trimmed)), String(parts[1].trimmed)))
    }
    return [try frame(fields)]
  }

  /// The key of that name.
  static func key(_ text: String) throws(QuantityError) -> Key {
    if let key = Key(rawValue: text) { return key }
    let known = Key.allCases.map(\.rawValue)
    let near = Wording.nearest(text, among: known)
    let hint = near.map { "did you mean \($0)?" } ?? "there are \(Wording.list(known))"
    throw QuantityError(reason: "\(Wording.excerpt(text)): no such key of a frame; \(hint)")
  }

  /// A frame of its keys, each of which is there once.
  static func frame(_ fields: [Field]) throws(QuantityError) -> HTTP2Injection {
    var reader = InjectionFields()
    for (index, field) in fields.enumerated() {
      if fields[..<index].contains(where: { $0.key == field.key }) {
        throw QuantityError(reason: "\(field.key.rawValue) is given twice")
      }
      do throws(QuantityError) {
        try reader.take(field)
      } catch {
        throw QuantityError(
          reason: "\(field.key.rawValue) \(Wording.excerpt(field.text)): \(error.reason)")
      }
    }
    return try reader.injection()
  }

  // MARK: Names

  /// The name of a type, or its number where it has none.
  static func name(ofType number: UInt8) -> String {
    HTTP2FrameType(rawValue: number).map { word($0.name) } ?? String(number)
  }

  /// A name of the RFC as files have it: `WINDOW_UPDATE` is `window-update`.
  static func word(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" ? "-" : $0 })
  }

  /// The codes that have a name (RFC 9113 §7).
  static let codes: [(word: String, code: HTTP2ErrorCode)] = (0...UInt32(13)).compactMap {
    let code = HTTP2ErrorCode(rawValue: $0)
    return code.name.map { (word($0), code) }
  }

  /// The settings that have a name (RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1).
  static let settings: [(word: String, identifier: HTTP2SettingIdentifier)] = [
    ("header-table-size", .headerTableSize), ("enable-push", .enablePush),
    ("max-concurrent-streams", .maxConcurrentStreams),
    ("initial-window-size", .initialWindowSize), ("max-frame-size", .maxFrameSize),
    ("max-header-list-size", .maxHeaderListSize),
    ("enable-connect-protocol", .enableConnectProtocol),
    ("no-rfc7540-priorities", .noRFC7540Priorities),
  ]

  /// The flags of a type, by their names.
  static func flags(of type: HTTP2FrameType?) -> [(word: String, flag: HTTP2Flags)] {
    let answers = type == .settings || type == .ping
    return [
      answers ? ("ack", .acknowledgement) : ("end-stream", .endStream),
      ("end-headers", .endHeaders), ("padded", .padded), ("priority", .priority),
    ]
  }
}
