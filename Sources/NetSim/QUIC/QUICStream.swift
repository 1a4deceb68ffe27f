/// One stream of a QUIC connection as one end sees it (RFC 9000 §2, §3).
struct QUICStream: ~Copyable {
  let number: UInt32

  // What it sends.

  /// The position after the last byte that the application wrote, and whether it wrote the end.
  var written: Int64 = 0
  var isEnded = false
  /// The position of the next byte that was never sent, and whether the end was sent.
  var sent: Int64 = 0
  var endWasSent = false
  /// What the peer takes (MAX_STREAM_DATA).
  var limit: Int64 = 0
  var acknowledged = Reassembly()
  var endWasAcknowledged = false
  /// What is to be sent again.
  var lost = RingBuffer<SentPiece>()
  /// Whether it waits for its turn, and whether it waits to send something again.
  var isWaiting = false
  var repeatsWaiting = false
  /// Whether its own window holds what it has.
  var isHeld = false
  /// Whether either end has reset it.
  var isReset = false

  // What it receives.

  var received = Reassembly()
  /// Where it ends; nil while that is not known.
  var finalSize: Int64?
  /// What the peer was granted, and how far the application has been given it.
  var granted: Int64 = 0
  var delivered: Int64 = 0
  /// How much has to be delivered before the application wants to hear of it.
  var awaited: Int64 = 0
  /// The order of what came of it while streams are not told apart.
  var pieces = RingBuffer<SentPiece>()
  /// Whether both ends are done with it.
  var isOver = false

  init(_ number: UInt32) { self.number = number }

  /// Whether something new can be sent but for windows.
  var hasNew: Bool { !isReset && (sent < written || (isEnded && !endWasSent)) }

  /// Takes new bytes, at most `most`, and the end if nothing stands between; nil where the stream's window
  /// or the application leaves neither.
  @inline(__always)
  mutating func takeNew(_ most: Int64) -> QUICItem? {
    let start = sent
    let bytes = min(written - start, most, limit - start)
    let isLast = isEnded && start + bytes == written
    guard bytes > 0 || isLast else { return nil }
    sent += bytes
    if isLast { endWasSent = true }
    return QUICItem(kind: .stream, isLast: isLast, stream: number, offset: start, length: bytes)
  }

  /// Whether everything that was written has been acknowledged, and the end.
  var isSentWhole: Bool {
    isReset || (endWasAcknowledged && acknowledged.front >= written)
  }

  /// Whether everything has been delivered to the application, up to the end.
  var isReadWhole: Bool { isReset || (finalSize.map { delivered >= $0 } ?? false) }

  /// Whether both ends are done with it, which nobody has noticed yet.
  @inline(__always)
  var isJustOver: Bool { !isOver && isReadWhole && (!isBidirectional || isSentWhole) }

  /// Whether bytes flow both ways on it (RFC 9000 §2.1).
  var isBidirectional: Bool { number & 2 == 0 }
}

/// The streams of one end, found by their numbers.
struct QUICStreams: ~Copyable {
  private var all = Pool<QUICStream>()
  /// Where those of each kind stand, by the two lowest bits of their numbers (RFC 9000 §2.1).
  private var places: InlineArray<4, [UInt32]> = [[], [], [], []]

  /// Where a stream stands; nil where it was not opened.
  func place(of number: UInt32) -> Int? {
    let kind = Int(number & 3)
    let index = Int(number >> 2)
    return index < places[kind].count ? Int(places[kind][index]) : nil
  }

  /// Where a stream stands, which is opened if need be, with all lower ones of its kind.
  mutating func open(_ number: UInt32, _ make: (UInt32) -> QUICStream) -> Int {
    let kind = Int(number & 3)
    while places[kind].count <= Int(number >> 2) {
      let next = UInt32(places[kind].count) << 2 | UInt32(kind)
      places[kind].append(UInt32(all.count))
      all.append(make(next))
    }
    return Int(places[kind][Int(number >> 2)])
  }

  /// How many of a kind were opened.
  func count(kind: UInt32) -> Int { places[Int(kind)].count }

  /// The stream at a place.
  subscript(place: Int) -> QUICStream {
    @inline(__always) unsafeAddress { UnsafePointer(all.address(of: place)) }
    @inline(__always) unsafeMutableAddress { all.address(of: place) }
  }

  var indices: Range<Int> { all.indices }
}
