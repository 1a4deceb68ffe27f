import NetSim

/// The texts for how a server answers with an object.
enum ResponseText {
  /// The word for the hints that come before a response.
  private static let hints = "hints"
  /// What stands between a part's size and its time.
  private static let mark: Character = "@"

  /// What of an object is waited for: `hints`, or so many bytes of its body.
  static func trigger(_ text: String) throws(QuantityError) -> Trigger {
    text == hints ? .hints : .bytes(try Quantity.size(text))
  }

  /// The text for what of an object is waited for; nil for all of it.
  static func text(_ trigger: Trigger) -> String? {
    switch trigger {
    case .complete: nil
    case .hints: hints
    case .bytes(let bytes): Quantity.text(bytes)
    }
  }

  /// The parts of a body: sizes, each with the time that it comes after the one before, as in
  /// `1kB,9kB@60ms`.
  static func parts(_ text: String) throws(QuantityError) -> [ResponsePart] {
    var parts: [ResponsePart] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = item.split(separator: mark, omittingEmptySubsequences: false)
      guard words.count <= 2 else {
        throw QuantityError(reason: "a part is a size and a time, as in 9kB@60ms")
      }
      let size = try Quantity.size(String(words[0].filter { $0 != " " }))
      let time = words.count == 2 ? String(words[1].filter { $0 != " " }) : "0ms"
      parts.append(ResponsePart(size, after: try Quantity.duration(time)))
    }
    return parts
  }

  /// The text of the parts of a body.
  static func text(_ parts: [ResponsePart]) -> [String] {
    parts.map { part in
      Quantity.text(part.bytes)
        + (part.after == .zero ? "" : "\(mark)" + Quantity.text(part.after))
    }
  }
}
