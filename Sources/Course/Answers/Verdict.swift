import NetSim

/// What an answer is worth, and what to show of it.
public struct Verdict {
  /// Why an answer is wrong.
  public enum Finding: Equatable, Sendable {
    /// Another number was right.
    case number(expected: String, got: String)
    /// The condition does not hold at this value: what was wanted, and what is.
    case fails(at: String, wanted: String, found: String)
    /// The condition holds at the neighbour, too, so that this is not the least or the greatest.
    case notTheLimit(at: String, neighbour: String)
    /// The value is none that is looked among.
    case outOfRange(least: String, greatest: String)
    /// Another choice, or another order, was right.
    case words(expected: String, got: String)
    /// The edited scenario does not do what is asked: what was wanted, and what is.
    case scenario(wanted: String, found: String)
    /// The edited scenario differs where it should not.
    case changed(key: String)
  }

  /// Whether it is right.
  public let isRight: Bool
  /// The answer as it was understood.
  public let answer: String
  /// Why it is wrong; nil where it is right.
  public var finding: Finding?
  /// The misconception that it betrays, if any.
  public var misconception: String?
  /// The run that shows it.
  public var run: ReferenceRuns.Run?
  /// Until when the run shows it.
  public var until: SimTime?
}

/// Why an answer cannot be judged, in one line.
public struct AnswerError: Error, Equatable, Sendable {
  /// What is wrong with it.
  public let message: String
}
