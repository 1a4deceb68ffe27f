/// The receiver's byte stream: what arrived in order, and the islands that wait behind holes.
///
/// Positions are relative sequence numbers (the SYN is 0). The islands are few, sorted and apart;
/// operations are linear in their number.
struct Reassembly {
  /// A span from `start` up to, not including, `end`.
  struct Span: Equatable {
    var start: Int64
    var end: Int64
  }

  /// What became of an arrived span.
  enum Arrival {
    /// Nothing in it was new.
    case duplicate
    /// It waits behind a hole.
    case buffered
    /// It moved the front, by itself or together with islands that it reached.
    case delivered
  }

  /// The next position expected: everything before it was delivered.
  private(set) var front: Int64 = 0
  /// Spans beyond the front, sorted, neither touching nor overlapping.
  private(set) var islands: [Span] = [] { didSet { hasGap = !islands.isEmpty } }
  /// Whether bytes wait behind a hole; known without a look at the islands themselves.
  private(set) var hasGap = false
  /// The starts of the islands that changed last, the most recent first: what RFC 2018 §4 reports.
  private var recent: [Int64] = []
  /// A span that arrived twice and was not reported yet (RFC 2883).
  private(set) var duplicate: Span?

  /// Takes the span of an arrived segment, which must not be empty.
  @inline(__always)
  mutating func receive(_ span: Span) -> Arrival {
    if span.end <= front {
      duplicate = span
      return .duplicate
    }
    if span.start > front { return buffer(span) }
    if span.start < front {
      duplicate = Span(start: span.start, end: front)
    } else if hasGap, let first = islands.first {
      noteOverlap(of: span, with: first)
    }
    front = span.end
    absorbReachedIslands()
    return .delivered
  }

  @inline(__always)
  private mutating func absorbReachedIslands() {
    while hasGap, let first = islands.first, first.start <= front {
      front = max(front, first.end)
      islands.removeFirst()
      recent.removeAll { $0 == first.start }
    }
  }

  private mutating func buffer(_ span: Span) -> Arrival {
    if islands.capacity == 0 {
      islands.reserveCapacity(16)
      recent.reserveCapacity(16)
    }
    var index = 0
    while index < islands.count && islands[index].end < span.start { index += 1 }
    var merged = span
    var last = index
    while last < islands.count && islands[last].start <= span.end {
      let island = islands[last]
      if island.start <= span.start && span.end <= island.end {
        duplicate = span
        touch(island.start)
        return .duplicate
      }
      if duplicate == nil { noteOverlap(of: span, with: island) }
      merged.start = min(merged.start, island.start)
      merged.end = max(merged.end, island.end)
      recent.removeAll { $0 == island.start }
      last += 1
    }
    islands.replaceSubrange(index..<last, with: CollectionOfOne(merged))
    touch(merged.start)
    return .buffered
  }

  /// Of what arrived only in part twice, the first part is reported (RFC 2883 §4.2).
  private mutating func noteOverlap(of span: Span, with island: Span) {
    let overlap = Span(start: max(span.start, island.start), end: min(span.end, island.end))
    if overlap.start < overlap.end { duplicate = overlap }
  }

  private mutating func touch(_ start: Int64) {
    recent.removeAll { $0 == start }
    recent.insert(start, at: 0)
  }

  /// The `rank`-th island to report, the most recent first; nil beyond the last.
  func island(rank: Int) -> Span? {
    guard rank < recent.count else { return nil }
    let start = recent[rank]
    for island in islands where island.start == start { return island }
    return nil
  }

  /// Takes the span to report as a duplicate, once.
  mutating func takeDuplicate() -> Span? {
    defer { duplicate = nil }
    return duplicate
  }
}
