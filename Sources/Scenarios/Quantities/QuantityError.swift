/// Why a text is not the quantity it should be, without saying where it was given.
public struct QuantityError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong and what would be right, such as `a duration needs a unit, such as 50ms`.
  public let reason: String

  /// An error with its reason.
  public init(reason: String) { self.reason = reason }

  /// The reason.
  public var description: String { reason }
}
