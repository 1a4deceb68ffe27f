/// A probability in parts per billion: 1 % is 10,000,000.
public struct Probability: Comparable, Hashable, Sendable {
  /// Parts per billion, 0…1,000,000,000.
  public let partsPerBillion: UInt32

  /// A probability of `partsPerBillion`, at most one billion.
  public init(partsPerBillion: UInt32) {
    precondition(partsPerBillion <= 1_000_000_000, "a probability is at most one")
    self.partsPerBillion = partsPerBillion
  }

  /// Never.
  public static var zero: Probability { Probability(partsPerBillion: 0) }

  /// The less probable comes first.
  public static func < (left: Probability, right: Probability) -> Bool {
    left.partsPerBillion < right.partsPerBillion
  }
}
