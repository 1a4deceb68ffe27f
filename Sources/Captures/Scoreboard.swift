/// One sending of a span of bytes, as the capture has it.
struct Transmission: BitwiseCopyable {
  var timeNs: Int64
  var number: UInt32
  /// The TSval of RFC 7323, where there was one.
  var timestamp: UInt32?
  /// The IPv4 identification, where there was one.
  var identification: UInt16?
}

extension Transmission {
  /// The sending that a segment is.
  @inline(__always)
  init(_ segment: borrowing CapturedSegment) {
    self.init(
      timeNs: segment.timeNs, number: segment.number,
      timestamp: segment.timestamps?.value, identification: segment.identification)
  }
}

/// A stretch of sequence space in which bytes sent later were seen before the bytes themselves.
struct Hole {
  /// The packet behind the hole, which showed that there is one.
  var opener: Transmission
  /// When the last data before the hole had been seen.
  var previousNs: Int64
  /// The span of the whole hole.
  var start: Int64
  var end: Int64
}

/// Which sequence numbers of one direction have been seen, by which packets: sorted, without
/// overlaps, from the oldest unacknowledged byte (and a little before it) to the highest.
struct Scoreboard: ~Copyable {
  struct Entry: BitwiseCopyable {
    var start: Int64
    var end: Int64
    var last: Transmission
    /// How often it was seen; 0 for a hole.
    var sightings: UInt8
    /// For holes: when the data before it was seen.
    var previousNs: Int64
  }

  /// What a newly seen span is.
  struct Placement {
    /// Whether it has bytes above all seen so far.
    var hasNewBytes = false
    /// Whether bytes below it are missing that were not known to be missing.
    var opensHole = false
    /// The hole that it fills, wholly or in part.
    var hole: Hole?
    /// The bytes that it fills of holes.
    var filledBytes: Int64 = 0
    /// The latest earlier sending of bytes that it repeats.
    var original: Transmission?
    /// How often the bytes that it repeats had been seen, at most.
    var sightings: UInt8 = 0
    /// The bytes that were seen before.
    var repeatedBytes: Int64 = 0
  }

  /// Entries kept at most; with more in flight the oldest are forgotten.
  private static let entryLimit = 8_192
  /// Entries kept below the acknowledgement, to tell what a late repetition repeats.
  private static let history = 32
  /// The same for a direction that has ended.
  private static let closedHistory = 4
  /// Entries of one span looked at when it is seen again.
  private static let overlapLimit = 64

  private var entries = Deque<Entry>()
  private(set) var highest: Int64
  private var lastSeenNs: Int64 = 0
  /// Entries of which it is known that they end below the last acknowledgement; −1 where it must be looked
  /// for.
  private var settled = 0
  /// Bytes that were acknowledged and never seen.
  private(set) var uncapturedBytes: Int64 = 0

  init(startingAt offset: Int64) { highest = offset }

  /// Takes note of bytes that come behind all seen so far, as nearly all do.
  @inline(__always)
  mutating func extend(to end: Int64, _ sent: Transmission) {
    append(Entry(start: highest, end: end, last: sent, sightings: 1, previousNs: 0))
    highest = end
    lastSeenNs = sent.timeNs
  }

  /// Takes note of any span.
  mutating func place(_ start: Int64, _ end: Int64, _ sent: Transmission) -> Placement {
    var placement = Placement()
    if start < highest { overlap(start, min(end, highest), sent, &placement) }
    if start > highest {
      open(upTo: start, sent)
      placement.opensHole = true
    }
    if end > highest {
      append(
        Entry(start: max(start, highest), end: end, last: sent, sightings: 1, previousNs: 0))
      highest = end
      placement.hasNewBytes = true
    }
    lastSeenNs = sent.timeNs
    return placement
  }

  /// Takes note that all below `end` was sent before a packet, of which nothing is known.
  mutating func open(upTo end: Int64, _ sent: Transmission) {
    append(
      Entry(start: highest, end: end, last: sent, sightings: 0, previousNs: lastSeenNs))
    highest = end
  }

  @inline(__always)
  private mutating func append(_ entry: Entry) {
    if entries.count >= Self.entryLimit { removeFirst() }
    entries.append(entry)
  }

  /// Goes over the entries that a repeated span meets.
  private mutating func overlap(
    _ start: Int64, _ end: Int64, _ sent: Transmission, _ placement: inout Placement
  ) {
    var index = indexOfEntry(endingAfter: start)
    var looked = 0
    settled = -1
    if index < entries.count, entries[index].start > start {
      placement.repeatedBytes += min(end, entries[index].start) - start
    } else if index == entries.count {
      placement.repeatedBytes += end - start
    }
    while index < entries.count, entries[index].start < end, looked < Self.overlapLimit {
      looked += 1
      let entry = entries[index]
      let from = max(start, entry.start)
      let to = min(end, entry.end)
      if entry.sightings > 0 {
        placement.repeatedBytes += to - from
        if (placement.original?.timeNs ?? .min) < entry.last.timeNs {
          placement.original = entry.last
        }
        placement.sightings = max(placement.sightings, entry.sightings)
        entries[index].last = sent
        entries[index].sightings = min(entry.sightings, 254) + 1
        index += 1
      } else {
        placement.filledBytes += to - from
        if placement.hole == nil {
          placement.hole = Hole(
            opener: entry.last, previousNs: entry.previousNs, start: entry.start, end: entry.end)
        }
        index = fill(index, from, to, sent)
      }
    }
  }

  /// Replaces the part of a hole that was seen now; gives the index behind it.
  private mutating func fill(
    _ index: Int, _ from: Int64, _ to: Int64, _ sent: Transmission
  ) -> Int {
    // Under a flood of fragments of holes nothing is split further.
    if entries.count >= Self.entryLimit { return index + 1 }
    let hole = entries[index]
    var index = index
    if hole.start < from {
      entries[index].end = from
      index += 1
      entries.insert(hole, at: index)
    }
    entries[index] = Entry(start: from, end: to, last: sent, sightings: 1, previousNs: 0)
    if to < hole.end {
      var right = hole
      right.start = to
      entries.insert(right, at: index + 1)
      return index + 2
    }
    return index + 1
  }

  /// The index of the first entry that ends after `offset`.
  private func indexOfEntry(endingAfter offset: Int64) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].end > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Takes an acknowledgement, and forgets what lies below it but for a little history. What it
  /// acknowledges and nobody saw is a hole. Gives when the span that ends there was sent, if it was seen
  /// just once: what a round-trip sample may be taken from (Karn's algorithm, RFC 6298 §3).
  mutating func acknowledge(upTo offset: Int64, by packet: Transmission) -> Transmission? {
    if settled < 0 { settled = indexOfEntry(endingAfter: offset - 1) }
    while settled < entries.count, entries[settled].end < offset { settled += 1 }
    var sent: Transmission?
    if settled < entries.count, entries[settled].end == offset, entries[settled].sightings == 1 {
      sent = entries[settled].last
    }
    if offset > highest { open(upTo: offset, packet) }
    forget(below: offset, keeping: Self.history)
    return sent
  }

  private mutating func forget(below offset: Int64, keeping history: Int) {
    while entries.count > history, entries[history].end <= offset {
      if entries[0].sightings == 0 { uncapturedBytes += entries[0].end - entries[0].start }
      removeFirst()
    }
  }

  private mutating func removeFirst() {
    entries.removeFirst(1)
    settled = max(settled - 1, -1)
  }

  /// Gives memory back once all is acknowledged: what may still be repeated are the last segments.
  mutating func shrink() {
    forget(below: highest, keeping: Self.closedHistory)
    entries.shrink()
  }

  /// Counts the holes that remain below an acknowledgement; for the end of a connection.
  func unseenBytes(below offset: Int64) -> Int64 {
    var sum = uncapturedBytes
    for index in 0..<entries.count where entries[index].sightings == 0 {
      sum += max(0, min(entries[index].end, offset) - entries[index].start)
    }
    return sum
  }
}
