import NetSim

/// What an answer is worth, and what to show of it.
public struct Verdict {
  /// Why an answer is wrong.
  public enum Finding: Equatable, Sendable {
    /// Another number was right.
    case number(expected: String, got: String)
    /// A condition does not hold for this value, or for the edited scenario: the first of them that
    /// does not, from 1.
    case fails(condition: Int)
    /// The condition holds at the neighbour, too, so that this is not the least or the greatest.
    case notTheLimit(at: String, neighbour: String, wantsLeast: Bool)
    /// The value is none that is looked among.
    case outOfRange(least: String, greatest: String)
    /// Another choice, or another order, was right.
    case words(expected: String, got: String)
    /// The edited scenario differs where it should not.
    case changed(key: String)
  }

  /// Whether it is right.
  public let isRight: Bool
  /// The answer as it was understood.
  public let answer: String
  /// The number that it was understood as; nil where it is none.
  public var number: Double?
  /// Why it is wrong; nil where it is right.
  public var finding: Finding?
  /// The misconception that it betrays, if any.
  public var misconception: String?
  /// The run that shows it.
  public var run: ReferenceRuns.Run?
  /// Until when the run shows it.
  public var until: SimTime?
}

/// Why an answer cannot be judged.
public struct AnswerError: Error, Equatable, Sendable {
  /// What is wrong with it.
  public enum Kind: Equatable, Sendable {
    /// It is no number of that unit.
    case noNumber(unit: AnswerText.Unit)
    /// It is no whole number.
    case notWhole
    /// It is none of these words.
    case notAmong([String])
    /// It does not have each of these words once.
    case notEachOnce([String])
    /// Something else, which the message says.
    case other
  }

  /// What is wrong with it.
  public let kind: Kind
  /// The answer, or what is wrong where that is nothing of the other kinds.
  public let text: String

  /// An error about an answer.
  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// An error of no special kind.
  init(message: String) { self.init(.other, message) }

  /// What is wrong, in one line, for authors.
  public var message: String {
    switch kind {
    case .noNumber(let unit): "\(text): no number of \(unit.rawValue)"
    case .notWhole: "\(text): no whole number"
    case .notAmong(let words): "\(text): none of \(words.joined(separator: ", "))"
    case .notEachOnce(let words): "\(text): not each of \(words.joined(separator: ", ")) once"
    case .other: text
    }
  }
}
