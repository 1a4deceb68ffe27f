import NetSim

/// Packets to lose by their count in a direction: `down:5,9`, `up:1` or `down:data:5`.
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
    var isDown: Bool
    var minimumPayload: UInt32

    init(_ text: Substring) throws(QuantityError) {
      switch text {
      case "up": (isDown, minimumPayload) = (false, 0)
      case "down": (isDown, minimumPayload) = (true, 0)
      case "up:data": (isDown, minimumPayload) = (false, DropList.dataPayload)
      case "down:data": (isDown, minimumPayload) = (true, DropList.dataPayload)
      default: throw DropList.shapeError
      }
    }
  }

  private static var shapeError: QuantityError {
    QuantityError(
      reason: "a list of drops names a direction and the packets, such as down:5,9 or up:data:1")
  }

  private mutating func append(_ digits: Substring, _ head: Head) throws(QuantityError) {
    let ordinal = try Quantity.count(
      String(digits), of: "the number of a packet", in: 1...UInt64(UInt32.max))
    let rule = DropRule(ordinal: UInt32(ordinal), minimumPayload: head.minimumPayload)
    if head.isDown { down.append(rule) } else { up.append(rule) }
  }

  private static func items(_ rules: [DropRule], _ direction: String) -> [String] {
    var payload: UInt32?
    return rules.map { rule in
      if rule.minimumPayload == payload { return String(rule.ordinal) }
      payload = rule.minimumPayload
      return "\(direction):\(rule.minimumPayload == 0 ? "" : "data:")\(rule.ordinal)"
    }
  }
}
