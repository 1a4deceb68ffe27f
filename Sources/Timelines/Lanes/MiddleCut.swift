/// A long list without its middle.
struct MiddleCut {
  /// How many of the list stand before the cut, and after it.
  private let half: Int
  private let count: Int
  private let isCut: Bool

  /// A list of `count`, of which at most `most` are shown.
  init(_ count: Int, most: Int) {
    half = most / 2
    self.count = count
    isCut = count > most
  }

  /// The lines of what is shown, with one in place of the others that says how many they are.
  func lines(
    _ marks: Marks, of noun: String, indent: String = "", _ draw: (Int) -> String
  ) -> String {
    guard isCut else { return (0..<count).map(draw).joined() }
    let left = "\(indent)\(marks.ellipsis) \(Numbers.count(count - 2 * half, "more " + noun))\n"
    return (0..<half).map(draw).joined() + left + (count - half..<count).map(draw).joined()
  }
}
