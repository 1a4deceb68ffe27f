/// The columns of a ladder's hosts: where each stands, and what is drawn of those that a row passes by.
struct HostColumns {
  /// Ladders have at most so many legs, and each of them at least so many characters.
  private static let mostLegs = 3
  private static let leastLeg = 17
  /// A remark has nothing in the margin, and may go on there.
  private static let overhang = 11

  private let names: [String]
  /// Characters from the first host to the last, both included.
  private let width: Int
  /// How many legs are drawn.
  let legs: Int
  /// How many are not.
  let legsLeftOut: Int

  /// The columns of hosts, from the client's side on.
  init(_ hosts: [String], width: Int) {
    legs = min(hosts.count - 1, Self.mostLegs, max(width / Self.leastLeg, 1))
    legsLeftOut = hosts.count - 1 - legs
    names = Array(hosts.prefix(legs + 1))
    self.width = width
  }

  /// Characters of an arrow that its label leaves beside the ends.
  var leastStroke: Int { legs == 1 ? 6 : 4 }

  /// Where a host stands, from 0.
  private func position(_ host: Int) -> Int { host * (width - 1) / legs }

  /// Whether there is a place for a row.
  func shows(_ row: LadderRow) -> Bool { row.leg < legs }

  /// Characters from one host of a leg to the other, both included.
  func width(ofLeg leg: Int) -> Int { position(leg + 1) - position(leg) + 1 }

  /// The hosts' names: the first and the last at the edges, the others over their columns.
  var header: String {
    var line = ""
    for (host, name) in names.enumerated() {
      let start: Int
      switch host {
      case 0: start = 0
      case legs: start = width - name.count
      default: start = position(host) - name.count / 2
      }
      line = Numbers.filled(line, to: max(start, host == 0 ? 0 : line.count + 1)) + name
    }
    return line
  }

  /// An arrow between the hosts of a leg, with the other hosts' columns beside it.
  func arrow(_ text: String, leg: Int, _ marks: Marks) -> String {
    put(text, at: position(leg), over: leg...leg + 1, marks)
  }

  /// A remark below a leg's asking end, or as far to the left as it has to stand.
  func remark(_ text: String, leg: Int, _ marks: Marks) -> String {
    if legs == 1 { return text }
    let start = max(0, min(position(leg), width + Self.overhang - text.count))
    let covered = (0...legs).filter { (start - 1...start + text.count).contains(position($0)) }
    guard let first = covered.first, let last = covered.last else {
      return put(text, at: start, over: nil, marks)
    }
    return put(text, at: start, over: first...last, marks)
  }

  private func put(
    _ text: String, at start: Int, over hosts: ClosedRange<Int>?, _ marks: Marks
  ) -> String {
    var line = ""
    for host in 0...legs where !(hosts?.contains(host) ?? false) && position(host) < start {
      line = Numbers.filled(line, to: position(host)) + "\(marks.upright)"
    }
    line = Numbers.filled(line, to: start) + text
    for host in 0...legs where !(hosts?.contains(host) ?? false) && position(host) > start {
      line = Numbers.filled(line, to: position(host)) + "\(marks.upright)"
    }
    return line
  }
}
