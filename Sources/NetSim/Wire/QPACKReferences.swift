/// What an encoder remembers of sections that refer to the dynamic table, until the decoder has
/// acknowledged them or given up their streams (RFC 9204 §2.1.1, §2.1.2).
///
/// Entries leave in the order of their numbers, so that of each section the lowest is all that holds
/// entries in the table.
struct QPACKReferences: Sendable {
  private struct Section {
    var streamID: UInt64
    var lowest: Int64
    var requiredInsertCount: Int64
  }

  private struct Risk {
    var streamID: UInt64
    var requiredInsertCount: Int64
  }

  /// The sections in the order in which they were written.
  private var outstanding: [Section] = []
  /// The streams that may have to wait, with the count that all of their sections need.
  private var risks: [Risk] = []

  /// How many sections are not acknowledged.
  var sections: Int { outstanding.count }

  /// How many streams may have to wait.
  var streamsAtRisk: Int { risks.count }

  /// The lowest entry that is referred to.
  var lowest: Int64 { outstanding.reduce(.max) { min($0, $1.lowest) } }

  /// Whether a stream may have to wait.
  func isAtRisk(_ streamID: UInt64) -> Bool { risks.contains { $0.streamID == streamID } }

  /// Remembers a section. One at risk needs entries that are not acknowledged.
  mutating func add(streamID: UInt64, lowest: Int64, requiredInsertCount: Int64, isAtRisk: Bool) {
    outstanding.append(
      Section(streamID: streamID, lowest: lowest, requiredInsertCount: requiredInsertCount))
    guard isAtRisk else { return }
    if let place = risks.firstIndex(where: { $0.streamID == streamID }) {
      risks[place].requiredInsertCount = max(risks[place].requiredInsertCount, requiredInsertCount)
    } else {
      risks.append(Risk(streamID: streamID, requiredInsertCount: requiredInsertCount))
    }
  }

  /// Forgets the oldest section of a stream; gives its required insert count, or nil where there is
  /// none (RFC 9204 §4.4.1).
  mutating func acknowledge(streamID: UInt64) -> Int64? {
    guard let place = outstanding.firstIndex(where: { $0.streamID == streamID }) else {
      return nil
    }
    return outstanding.remove(at: place).requiredInsertCount
  }

  /// Forgets all sections of a stream (RFC 9204 §4.4.2).
  mutating func cancel(streamID: UInt64) {
    outstanding.removeAll { $0.streamID == streamID }
    risks.removeAll { $0.streamID == streamID }
  }

  /// No stream has to wait for the first `count` entries any more.
  mutating func acknowledgeInserts(_ count: Int64) {
    risks.removeAll { $0.requiredInsertCount <= count }
  }
}
