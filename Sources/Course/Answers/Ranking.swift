/// Items from the least to the greatest, those that tie in one group: `a b=c` is `a` before `b` and
/// `c`, which tie.
struct Ranking: Equatable {
  /// The items, a group for each place.
  private(set) var groups: [[String]]

  /// A ranking as it is written.
  init(_ text: String) {
    var joined = ""
    for character in AnswerText.halfWidth(text).lowercased() {
      if character == " " && joined.hasSuffix("=") { continue }
      if character == "=" { while joined.hasSuffix(" ") { joined.removeLast() } }
      joined.append(character)
    }
    groups = joined.split { $0 == " " || $0 == "," || $0 == "<" }
      .map { $0.split(separator: "=").map(String.init) }
  }

  /// Items by their values.
  init(_ items: [(id: String, value: Double)]) {
    let grain = 1e-6
    groups = []
    var last: Double?
    let sorted = items.enumerated().sorted {
      ($0.element.value, $0.offset) < ($1.element.value, $1.offset)
    }
    for (_, item) in sorted {
      if let last, item.value - last <= grain {
        groups[groups.count - 1].append(item.id.lowercased())
      } else {
        groups.append([item.id.lowercased()])
      }
      last = item.value
    }
  }

  /// The items.
  var items: [String] { groups.flatMap { $0 } }

  /// The ranking as it is written.
  var text: String { groups.map { $0.joined(separator: "=") }.joined(separator: " ") }

  /// The ranking of some of the items.
  func among(_ some: [String]) -> Ranking {
    var ranking = self
    ranking.groups = groups.map { $0.filter(some.contains) }.filter { !$0.isEmpty }
    return ranking
  }

  /// This ranking with the items that are missing, as they stand in another: before it those that
  /// come before all of its own there, and the others behind it.
  func completed(by other: Ranking) -> Ranking {
    let first = other.groups.firstIndex { $0.contains(where: items.contains) } ?? 0
    let missing = other.items.filter { !items.contains($0) }
    let before = Array(other.groups[..<first])
    var ranking = self
    ranking.groups = before + groups
    ranking.groups += other.among(missing.filter { !before.joined().contains($0) }).groups
    return ranking
  }

  /// Items that tie may be written in any order.
  static func == (left: Ranking, right: Ranking) -> Bool {
    left.groups.map { $0.sorted() } == right.groups.map { $0.sorted() }
  }
}
