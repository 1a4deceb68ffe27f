/// What the server has of a response, and what of it is written. Lengths are those of the plain
/// stream: before TLS cuts it into records.
struct ResponseProgress {
  /// What comes before the response: the hints, whole when they are there.
  var hintBytes: Int64 = 0
  var headBytes: Int64 = 0
  /// Everything: hints, head and body with its framing. Unknown until the head is made.
  var total = Int64.max
  /// How much the server has, and how much is written.
  var ready: Int64 = 0
  var written: Int64 = 0
  /// How many of the body's parts the server has.
  var partsReady = 0
  /// Where what was written at once ends, before and after TLS; kept where somebody reads on the way.
  var writes: [(plain: Int64, wire: Int64)] = []

  /// Whether the server has something that is not written.
  var hasMore: Bool { ready > written }
  /// Whether all of it is written.
  var isWritten: Bool { written == total }
}
