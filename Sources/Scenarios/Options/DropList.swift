import NetSim

/// Packets to lose: by their count in a direction (`down:5,9`, `up:1`, `down:data:5`), or by a
/// relative sequence number that they carry (`down:seq:17377`; on a later connection
/// `down:seq:17377/2`, counted from 0).
///
/// Numbers take the direction that was named last, so that one text can name several:
/// `up:1,down:5,9`.
public struct DropList: Equatable, Sendable {
  /// What is lost on the way to the server.
  public var up: [DropRule]
  /// What is lost on the way to the client.
  public var down: [DropRule]

  /// The payload from which a packet counts as data.
  static let dataPayload: UInt32 = 100
  /// The word for a list without a packet.
  static let none = "none"

  /// A list of both directions.
  public init(up: [DropRule] = [], down: [DropRule] = []) {
    self.up = up
    self.down = down
  }

  /// The list that `text` spells; `none` is the empty one.
  public init(_ text: String) throws(QuantityError) {
    self.init()
    if text == DropList.none { return }
    var head: Head?
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      var digits = item.trimmed
      if let colon = digits.lastIndex(of: ":") {
        head = try Head(digits[..<colon])
        digits = digits[digits.index(after: colon)...]
      }
      guard let head else { throw DropList.shapeError }
      try append(digits, head)
    }
  }

  /// The list as text that reads back to the same list.
  public var text: String {
    let parts = DropList.items(up, "up") + DropList.items(down, "down")
    return parts.isEmpty ? DropList.none : parts.joined(separator: ",")
  }

  /// What stands before the numbers.
  private struct Head {
    enum Numbers {
      case packets
      case packetsWithData
      case sequence
    }

    var isDown: Bool
    var numbers: Numbers

    init(_ text: Substring) throws(QuantityError) {
      switch text {
      case "up": (isDown, numbers) = (false, .packets)
      case "down": (isDown, numbers) = (true, .packets)
      case "up:data": (isDown, numbers) = (false, .packetsWithData)
      case "down:data": (isDown, numbers) = (true, .packetsWithData)
      case "up:seq": (isDown, numbers) = (false, .sequence)
      case "down:seq": (isDown, numbers) = (true, .sequence)
      default: throw DropList.shapeError
      }
    }
  }

  private static var shapeError: QuantityError {
    QuantityError(
      reason: "a list of drops names a direction and the packets, such as down:5,9, up:data:1 or "
        + "down:seq:14601")
  }

  private mutating func append(_ digits: Substring, _ head: Head) throws(QuantityError) {
    let rule =
      switch head.numbers {
      case .packets: DropRule(ordinal: try DropList.ordinal(digits))
      case .packetsWithData:
        DropRule(
          ordinal: try DropList.ordinal(digits), minimumPayload: DropList.dataPayload)
      case .sequence: try DropList.sequence(digits)
      }
    if head.isDown { down.append(rule) } else { up.append(rule) }
  }

  private static func ordinal(_ digits: Substring) throws(QuantityError) -> UInt32 {
    UInt32(
      try Quantity.count(
        String(digits), of: "the number of a packet", in: 1...UInt64(UInt32.max)))
  }

  private static func sequence(_ text: Substring) throws(QuantityError) -> DropRule {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let number = try Quantity.count(
      String(parts[0]), of: "a relative sequence number", in: 0...1_000_000_000_000)
    var connection: UInt64 = 0
    if parts.count > 1 {
      connection = try Quantity.count(
        String(parts[1]), of: "the number of a connection", in: 0...100_000_000)
    }
    return .sequence(Int64(number), connection: UInt32(connection))
  }

  private static func items(_ rules: [DropRule], _ direction: String) -> [String] {
    var last = ""
    return rules.map { rule in
      let head: String
      let number: String
      switch rule {
      case .packet(let ordinal, let minimumPayload):
        head = minimumPayload == 0 ? "\(direction):" : "\(direction):data:"
        number = "\(ordinal)"
      case .sequence(let sequence, let connection):
        head = "\(direction):seq:"
        number = connection == 0 ? "\(sequence)" : "\(sequence)/\(connection)"
      }
      defer { last = head }
      return head == last ? number : head + number
    }
  }
}
