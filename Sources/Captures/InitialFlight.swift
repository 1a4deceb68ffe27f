/// How much a sender sent before the first acknowledgement of its data could move it on: its
/// initial window, when it had more to send (RFC 6928).
struct InitialFlight {
  private struct Tally {
    var segments: Int64 = 0
    var bytes: Int64 = 0
    var lastLength: Int64 = 0
    var continued = false
  }

  /// Whether more data may be a part of it.
  private(set) var isOpen = true
  private var firstNs: Int64?
  private var isAcknowledged = false
  private var bySender = Tally()
  private var byReceiver = Tally()

  /// Takes new data, in a connection whose handshake took `rttNs`.
  mutating func sent(length: Int64, segments: Int64, atNs now: Int64, rttNs: Int64) {
    let first = firstNs ?? now
    firstNs = first
    let isSoon = now - first < rttNs + rttNs / 2
    isOpen = isSoon || !isAcknowledged
    func add(_ tally: inout Tally, isInFlight: Bool) {
      if isInFlight {
        tally.segments += segments
        tally.bytes += length
        tally.lastLength = length
      } else if isSoon {
        tally.continued = true
      }
    }
    add(&bySender, isInFlight: !isAcknowledged)
    // The first acknowledgement left here when the first data came: what it let out is a round
    // trip behind; a twentieth is left for the clock and the handshake's own delays.
    add(&byReceiver, isInFlight: now - first < rttNs - rttNs / 20)
  }

  /// Takes the first acknowledgement of data.
  mutating func acknowledged() { isAcknowledged = firstNs != nil }

  /// What was in flight, as seen at the sender or at the receiver; nil without data.
  func result(isAtSender: Bool, segmentSize: Int64) -> InitialWindow? {
    guard firstNs != nil else { return nil }
    let tally = isAtSender ? bySender : byReceiver
    return InitialWindow(
      segments: tally.segments, bytes: tally.bytes,
      // A last segment that is not full shows that the sender had no more.
      isLimit: tally.continued && segmentSize >= 536 && tally.lastLength >= segmentSize)
  }
}
