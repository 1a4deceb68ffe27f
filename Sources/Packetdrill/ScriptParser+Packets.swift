import NetSim

/// Packets: `< S 0:0(0) win 32792 <mss 1000,nop,wscale 7>`.
extension ScriptParser {
  mutating func packet() throws(PacketdrillError) -> ScriptEvent.Action {
    let position = current.position
    let isInbound = isSymbol("<")
    advance()
    if let protocolName = foreignProtocol {
      skipLine(of: position)
      return .unsupported("\(protocolName) packets")
    }
    let mark = try congestionMark(isInbound: isInbound)
    if case .integer = current.kind, following.kind == .symbol(">") {
      skipLine(of: position)
      return .unsupported("packets of other ports")
    }
    let flags = try flags()
    guard let flags else {
      skipLine(of: position)
      return .unsupported("accurate ECN")
    }
    var packet = ScriptPacket(mark: mark, flags: flags, sequence: 0, payload: 0)
    try sequence(&packet)
    if isWord("ack") {
      advance()
      packet.acknowledgement = UInt32(
        try integer("an acknowledgement number", in: 0...Int64(UInt32.max)))
    }
    if isWord("win") {
      advance()
      packet.window = UInt16(try integer("a window", in: 0...65_535))
    }
    if isWord("urg") {
      skipLine(of: position)
      return .unsupported("the urgent pointer")
    }
    // A `<` that begins the next packet stands behind a time, so this one begins the options.
    if isSymbol("<") {
      guard let options = try options(isInbound: isInbound) else {
        skipLine(of: position)
        return .unsupported("this TCP option")
      }
      packet.options = options.values
    }
    return isInbound ? .inbound(packet) : .outbound(packet)
  }

  /// A protocol that is not TCP, or an encapsulation; nil where flags can begin.
  private var foreignProtocol: String? {
    guard case .word(let word) = current.kind else { return nil }
    return switch word {
    case "icmp", "udp", "ipv4", "ipv6", "gre", "GREv0", "mpls", "encap": word
    default: nil
    }
  }

  private mutating func congestionMark(
    isInbound: Bool
  ) throws(PacketdrillError) -> ScriptPacket.CongestionMark? {
    let closing: Character = isSymbol("(") ? ")" : "]"
    guard takes("[") || takes("(") else { return nil }
    let position = current.position
    let word = try word("noecn, ect0, ect1, ect01, ce or tos")
    let mark: ScriptPacket.CongestionMark
    switch word {
    case "noecn": mark = .exactly(.notCapable)
    case "ect0": mark = .exactly(.capable0)
    case "ect1": mark = .exactly(.capable1)
    case "ce": mark = .exactly(.congestionExperienced)
    case "ect01" where !isInbound: mark = .capable
    case "ect01": throw failure("ect01 can only stand before a packet that is sent", at: position)
    case "tos": mark = .byte(UInt8(try integer("a traffic class", in: 0...255)))
    default:
      throw failure(
        "‘\(word)’ is none of noecn, ect0, ect1, ect01, ce and tos", at: position)
    }
    try expect(closing, "after \(word)")
    return mark
  }

  /// The flags; nil where they count bytes of accurate ECN.
  private mutating func flags() throws(PacketdrillError) -> TCPFlags? {
    if takes(".") { return .ack }
    if takes("-") { return TCPFlags(rawValue: 0) }
    if case .decimal = current.kind { return nil }
    let position = current.position
    guard case .word(let letters) = current.kind else {
      throw failure("TCP flags expected (such as S, S., ., P., F. or -), found \(current.name)")
    }
    advance()
    var flags = TCPFlags(rawValue: 0)
    for letter in letters {
      guard let known = ScriptPacket.flagLetters.first(where: { $0.letter == letter }) else {
        if letter == "A" { return nil }
        throw failure(
          "‘\(letter)’ is no TCP flag; the flags are F S R P . U E W", at: position)
      }
      flags.insert(known.flag)
    }
    if case .decimal = current.kind { return nil }
    if takes(".") { flags.insert(.ack) }
    return flags
  }

  private mutating func sequence(_ packet: inout ScriptPacket) throws(PacketdrillError) {
    let position = current.position
    let all = 0...Int64(UInt32.max)
    let start = try integer("a sequence number", in: all)
    try expect(":", "after the first sequence number")
    let end = try integer("the sequence number after the last byte", in: all)
    try expect("(", "before the payload's length")
    let length = try integer("the payload's length", in: 0...65_535)
    try expect(")", "after the payload's length")
    guard start + length == end else {
      throw failure(
        "\(start):\(end) is \(end - start) bytes long, not \(length)", at: position)
    }
    packet.sequence = UInt32(start)
    packet.payload = UInt32(length)
  }

  // MARK: Options

  /// What stood between `<` and `>`: `values` is nil where any options will do. The whole is nil
  /// where there is an option that the driver cannot do.
  private mutating func options(
    isInbound: Bool
  ) throws(PacketdrillError) -> (values: [ScriptPacket.Option]?, Void)? {
    let position = current.position
    advance()
    if current.kind == .ellipsis {
      if isInbound {
        throw failure("<...> can only stand in a packet that is sent", at: position)
      }
      advance()
      try expect(">", "after the three points")
      return (nil, ())
    }
    var options: [ScriptPacket.Option] = []
    repeat {
      guard let option = try option() else { return nil }
      options.append(option)
    } while takes(",")
    try expect(">", "after the TCP options")
    let bytes = options.reduce(0) { $0 + $1.length }
    if bytes > 40 {
      throw failure("these TCP options take \(bytes) bytes; a header has room for 40", at: position)
    }
    let hasCookie = options.contains { if case .fastOpen = $0 { true } else { false } }
    if bytes % 4 != 0 && !hasCookie {  // a cookie's length may hide behind a name
      throw failure(
        "these TCP options take \(bytes) bytes; nop has to pad them to a multiple of 4",
        at: position)
    }
    return (options, ())
  }

  private mutating func option() throws(PacketdrillError) -> ScriptPacket.Option? {
    let position = current.position
    let name = try word("a TCP option")
    switch name {
    case "nop": return .noOperation
    case "eol": return .end
    case "mss": return .maximumSegmentSize(UInt16(try integer("a segment size", in: 0...65_535)))
    case "wscale": return .windowScale(UInt8(try integer("a window's shift", in: 0...255)))
    case "sackOK": return .permitsSACK
    case "sack": return .sack(try sackRanges())
    case "TS": return try timestamps()
    case "FO":
      if isSymbol(",") || isSymbol(">") { return .fastOpen("") }
      if case .integer(let value) = current.kind {
        advance()
        return .fastOpen(String(value))
      }
      return .fastOpen(try word("a cookie"))
    case "md5", "FOEXP", "ECN": return nil
    default:
      throw failure(
        "‘\(name)’ is no TCP option; the options are mss, wscale, sackOK, sack, TS, FO, nop and eol",
        at: position)
    }
  }

  private mutating func timestamps() throws(PacketdrillError) -> ScriptPacket.Option {
    let all = 0...Int64(UInt32.max)
    guard isWord("val") else { throw failure("‘val’ expected after TS, found \(current.name)") }
    advance()
    let value = try integer("a timestamp", in: all)
    guard isWord("ecr") else {
      throw failure("‘ecr’ expected after the timestamp, found \(current.name)")
    }
    advance()
    let echo = try integer("a timestamp's echo", in: all)
    return .timestamps(value: UInt32(value), echo: UInt32(echo))
  }

  private mutating func sackRanges() throws(PacketdrillError) -> [ScriptPacket.Range] {
    let all = 0...Int64(UInt32.max)
    var ranges: [ScriptPacket.Range] = []
    repeat {
      let start = try integer("the first byte of a SACK block", in: all)
      try expect(":", "in a SACK block")
      let end = try integer("the byte after a SACK block", in: all)
      ranges.append(ScriptPacket.Range(start: UInt32(start), end: UInt32(end)))
      if case .integer = current.kind { continue }
      break
    } while true
    return ranges
  }
}

extension ScriptPacket.Option {
  /// The bytes it takes in a header.
  var length: Int {
    switch self {
    case .noOperation, .end: 1
    case .maximumSegmentSize: 4
    case .windowScale: 3
    case .permitsSACK: 2
    case .timestamps: 10
    case .sack(let ranges): 2 + 8 * ranges.count
    case .fastOpen(let cookie): 2 + cookie.count / 2
    }
  }
}
