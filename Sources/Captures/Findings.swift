/// The findings of a connection, up to a number that no honest connection has.
struct Findings {
  private static let limit = 1 << 16

  private(set) var all: [Finding] = []
  /// Findings beyond the limit.
  private(set) var dropped: Int64 = 0

  /// Keeps a finding, or counts it when there are too many.
  mutating func add(_ finding: Finding) {
    if all.count < Self.limit { all.append(finding) } else { dropped += 1 }
  }
}
