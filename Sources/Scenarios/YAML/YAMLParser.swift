import CYAML

/// Reads YAML through libyaml into `YAMLNode`: one document of scalars, lists and mappings whose
/// names are plain text and differ.
///
/// Anchors, aliases and tags are refused: a scenario has other ways to share (`include`), and they
/// would let a small file stand for a huge one.
package struct YAMLParser: ~Copyable {
  /// How deep lists and mappings may stand in each other.
  private static let deepest = 32
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let file: String
  /// The file's characters, to say which one is wrong.
  private let text: [Unicode.Scalar]
  private var parser = yaml_parser_t()
  private var event = yaml_event_t()
  /// Mistakes that do not keep the rest from being read: names that stand twice.
  private var problems: [OptionError] = []

  private init(_ bytes: [UInt8], file: String) {
    text = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    self.file = file
  }

  /// The value that the document in `bytes` is, nil where it is empty; and what is wrong with it,
  /// in the order of the file. `file` is what errors call it.
  package static func parse(
    _ bytes: [UInt8], file: String
  ) -> (root: YAMLNode?, problems: [OptionError]) {
    // Some editors begin a file with a byte order mark; it is no part of the document.
    let bytes =
      bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(byteOrderMark.count)) : bytes
    var reader = YAMLParser(bytes, file: file)
    guard yaml_parser_initialize(&reader.parser) == 1 else {
      preconditionFailure("no memory for a YAML parser")
    }
    defer { yaml_parser_delete(&reader.parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&reader.parser, buffer.baseAddress, buffer.count)
      yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING)
      do throws(OptionError) {
        let root = try reader.document()
        return (root, reader.problems)
      } catch {
        return (nil, reader.problems + [error])
      }
    }
  }

  // MARK: Events

  private mutating func document() throws(OptionError) -> YAMLNode? {
    try next()  // the stream's start
    try next()
    if event.type == YAML_STREAM_END_EVENT { return nil }
    try next()  // after the document's start
    let root = try node(depth: 0)
    try next()  // the document's end
    try next()
    if event.type != YAML_STREAM_END_EVENT {
      throw error("a file holds one scenario; this begins a second document")
    }
    return root
  }

  private mutating func next() throws(OptionError) {
    yaml_event_delete(&event)
    if yaml_parser_parse(&parser, &event) == 0 { throw syntaxError }
  }

  /// The value that begins with the current event.
  private mutating func node(depth: Int) throws(OptionError) -> YAMLNode {
    let place = place(event.start_mark)
    switch event.type {
    case YAML_SCALAR_EVENT:
      try refuseExtras(event.data.scalar.anchor, event.data.scalar.tag)
      return YAMLNode(content: .scalar(scalarText), place: place)
    case YAML_SEQUENCE_START_EVENT:
      try refuseExtras(event.data.sequence_start.anchor, event.data.sequence_start.tag)
      return YAMLNode(content: .sequence(try items(depth: depth + 1)), place: place)
    case YAML_MAPPING_START_EVENT:
      try refuseExtras(event.data.mapping_start.anchor, event.data.mapping_start.tag)
      return YAMLNode(content: .mapping(try entries(depth: depth + 1)), place: place)
    case YAML_ALIAS_EVENT:
      throw error("aliases (*name) are not known here; write the value out, or include a file")
    default:
      preconditionFailure("an event of YAML that cannot begin a value")
    }
  }

  private mutating func items(depth: Int) throws(OptionError) -> [YAMLNode] {
    try limit(depth)
    var items: [YAMLNode] = []
    try next()
    while event.type != YAML_SEQUENCE_END_EVENT {
      items.append(try node(depth: depth))
      try next()
    }
    return items
  }

  private mutating func entries(depth: Int) throws(OptionError) -> [YAMLNode.Entry] {
    try limit(depth)
    var entries: [YAMLNode.Entry] = []
    var places: [String: SourcePlace] = [:]
    try next()
    while event.type != YAML_MAPPING_END_EVENT {
      let keyPlace = place(event.start_mark)
      guard event.type == YAML_SCALAR_EVENT else { throw error("a key is a plain word") }
      let key = scalarText
      try refuseExtras(event.data.scalar.anchor, event.data.scalar.tag)
      try next()
      let value = try node(depth: depth)
      if let first = places[key] {
        problems.append(
          OptionError(
            at: keyPlace,
            message: "\(Wording.excerpt(key)): the key stands here twice; it was given on line "
              + "\(first.line)"))
      } else {
        places[key] = keyPlace
        entries.append(YAMLNode.Entry(key: key, keyPlace: keyPlace, value: value))
      }
      try next()
    }
    return entries
  }

  private var scalarText: String {
    let scalar = event.data.scalar
    return String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
  }

  // MARK: Errors

  private func refuseExtras(
    _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?
  ) throws(OptionError) {
    if anchor != nil { throw error("anchors (&name) are not known here; include a file instead") }
    if tag != nil { throw error("tags (!name) are not known here; leave it out") }
  }

  private func limit(_ depth: Int) throws(OptionError) {
    if depth > Self.deepest { throw error("lists and groups stand too deep in each other") }
  }

  private func place(_ mark: yaml_mark_t) -> SourcePlace {
    SourcePlace(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func error(_ message: String) -> OptionError {
    OptionError(at: place(event.start_mark), message: message)
  }

  private func isTab(_ mark: yaml_mark_t) -> Bool {
    Int(mark.index) < text.count && text[Int(mark.index)] == "\t"
  }

  /// What libyaml found wrong, in words that say what to do.
  private var syntaxError: OptionError {
    let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read as YAML"
    let context = parser.context.map { String(cString: $0) }
    if parser.error == YAML_READER_ERROR {
      let place = SourcePlace(file: file, line: Int(parser.mark.line) + 1, column: 1)
      return OptionError(at: place, message: "this is no UTF-8 text: \(problem)")
    }
    if problem.contains("cannot start any token") {
      return OptionError(
        at: place(parser.problem_mark),
        message: isTab(parser.problem_mark)
          ? "a tab; YAML is indented with spaces"
          : "YAML keeps this character for itself; put the text in quotation marks")
    }
    var message = problem
    if problem.contains("not allowed in this context") {
      message += "; is the line indented as those around it?"
    }
    if let context { message += ", " + context }
    let begun = parser.context_mark.line != parser.problem_mark.line && context != nil
    if begun { message += " that begins on line \(parser.context_mark.line + 1)" }
    return OptionError(at: place(parser.problem_mark), message: "YAML: " + message)
  }
}
