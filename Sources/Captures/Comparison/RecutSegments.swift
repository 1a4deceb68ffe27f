import NetSim

/// TCP segments that are cut in one way in the sender's capture and in another in the receiver's,
/// because a network card cuts up what its host sends, or joins what it gets, outside the capture.
///
/// Segments without partners are compared by their bytes: what arrived is what those of the receiver's
/// capture cover.
struct RecutSegments {
  /// A part of a segment that did not arrive.
  struct Gap: Equatable {
    var sequence: UInt32
    var bytes: UInt32
  }

  /// For each segment that was sent, what of it did not arrive; nil where nothing of it did.
  private(set) var gaps: [[Gap]?]
  /// How many of those that arrived have bytes of those that were sent.
  private(set) var arrived: Int64 = 0

  /// Compares the segments of one direction that have no partners.
  init(sent: [PacketSighting], arrived: [PacketSighting]) {
    gaps = Array(repeating: nil, count: sent.count)
    guard let first = sent.first, !arrived.isEmpty else { return }
    let base = SequenceNumber(first.sequence)
    let wanted = Self.spans(sent, base)
    let found = Self.spans(arrived, base)
    let union = Self.union(found)
    for (index, span) in wanted.enumerated() where !span.isEmpty {
      gaps[index] = Self.missing(of: span, in: union, base)
    }
    let sentUnion = Self.union(wanted)
    for span in found where Self.missing(of: span, in: sentUnion, base) != nil {
      self.arrived += 1
    }
  }

  /// Where the bytes of segments lie, counted from `base` and beyond the wrap of sequence numbers.
  private static func spans(
    _ sightings: [PacketSighting], _ base: SequenceNumber
  ) -> [Range<Int64>] {
    var last: Int64 = 0
    return sightings.map { sighting in
      last = SequenceNumber(sighting.sequence).offset(from: base, near: last)
      return last..<last + Int64(sighting.payloadBytes)
    }
  }

  /// The bytes of all spans, in order and without overlaps.
  private static func union(_ spans: [Range<Int64>]) -> [Range<Int64>] {
    var union: [Range<Int64>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) where !span.isEmpty {
      if let last = union.last, last.upperBound >= span.lowerBound {
        union[union.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        union.append(span)
      }
    }
    return union
  }

  /// What of a span is not in a union; nil where nothing of it is.
  private static func missing(
    of span: Range<Int64>, in union: [Range<Int64>], _ base: SequenceNumber
  ) -> [Gap]? {
    var gaps: [Range<Int64>] = []
    var place = span.lowerBound
    let first = union.partitionIndex { $0.upperBound > span.lowerBound }
    for known in union[first...] {
      if known.lowerBound >= span.upperBound { break }
      if known.lowerBound > place { gaps.append(place..<known.lowerBound) }
      place = max(place, known.upperBound)
    }
    if place == span.lowerBound { return nil }
    if place < span.upperBound { gaps.append(place..<span.upperBound) }
    return gaps.map { gap in
      Gap(
        sequence: base.advanced(by: gap.lowerBound).rawValue, bytes: UInt32(clamping: gap.count))
    }
  }
}
