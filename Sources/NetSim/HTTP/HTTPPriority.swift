/// What a client wants of the order of a response: its urgency, and whether parts of it are of use
/// (RFC 9218 §4).
public struct HTTPPriority: Equatable, Sendable {
  /// The least urgent there is (RFC 9218 §4.1).
  public static let mostUrgency: UInt8 = 7

  /// 0…7; 0 goes first.
  public var urgency: UInt8
  /// Whether the client does something with parts of the response, so that it may share the connection
  /// with others.
  public var isIncremental: Bool

  /// A priority; without saying so, the one of a request that says nothing (RFC 9218 §4.1, §4.2).
  public init(urgency: UInt8 = 3, isIncremental: Bool = false) {
    precondition(urgency <= Self.mostUrgency, "an urgency is 0 to 7")
    self.urgency = urgency
    self.isIncremental = isIncremental
  }

  /// The value of the field `priority`, without what is so anyway; empty where all is.
  public var fieldValue: [UInt8] {
    var text: [UInt8] = []
    if urgency != HTTPPriority().urgency {
      text.appendText("u=")
      text.appendDecimal(Int64(urgency))
    }
    if isIncremental { text.appendText(text.isEmpty ? "i" : ", i") }
    return text
  }

  /// This priority with what a field's value says of it. Of a request or a PRIORITY_UPDATE, start from
  /// `HTTPPriority()`, as what is omitted has its default there (RFC 9218 §4, §7); of a response, from
  /// its request's (RFC 9218 §8).
  ///
  /// Parameters that are unknown, out of range or of another type are ignored (RFC 9218 §4). Returns nil
  /// where the value is no Dictionary: a field is ignored then, a PRIORITY_UPDATE may be an error.
  public func updated(by fieldValue: [UInt8]) -> HTTPPriority? {
    guard let parameters = StructuredDictionary(fieldValue) else { return nil }
    var priority = self
    if case .integer(let urgency) = parameters[UInt8(ascii: "u")],
      (0...Int64(Self.mostUrgency)).contains(urgency)
    {
      priority.urgency = UInt8(urgency)
    }
    if case .boolean(let isIncremental) = parameters[UInt8(ascii: "i")] {
      priority.isIncremental = isIncremental
    }
    return priority
  }
}
