import NetSim

/// One direction of a connection put back in order: what the receiving application would read.
///
/// Bytes behind a hole are kept, up to a limit, when somebody wants to read them; otherwise just
/// their spans are.
struct ByteStream {
  /// A run of bytes that waits behind a hole.
  private struct Waiting {
    var start: Int64
    var end: Int64
    /// The bytes captured; fewer than the span when the snapshot length cut them, or none when
    /// nobody wants them.
    var bytes: [UInt8]
  }

  /// What became readable: the bytes of a piece, and how many behind them are missing from the
  /// capture.
  typealias Sink = (_ offset: Int64, _ bytes: UnsafeRawBufferPointer, _ missing: Int64) -> Void

  /// Pieces that wait, at most; more mean that the stream cannot be followed.
  private static let pieceLimit = 4_096

  /// The next byte to be delivered, as a relative sequence number.
  private(set) var next: Int64
  /// Whether bytes are kept for a reader.
  var keepsBytes = true
  private var waiting: [Waiting] = []
  private var waitingBytes = 0
  private let byteLimit: Int

  init(startingAt offset: Int64, byteLimit: Int) {
    next = offset
    self.byteLimit = byteLimit
  }

  /// Whether bytes wait behind a hole.
  var hasHole: Bool { !waiting.isEmpty }

  /// Counts bytes as delivered that came in order, with nothing waiting.
  @inline(__always)
  mutating func pass(to offset: Int64) { next = offset }

  /// Takes a segment's payload of `length` bytes, of which `bytes` were captured.
  mutating func receive(
    _ start: Int64, length: Int64, bytes: UnsafeRawBufferPointer, to sink: Sink
  ) {
    let end = start + length
    if end <= next { return }
    if start > next {
      hold(start, end, bytes)
    } else {
      deliver(start, end, bytes, to: sink)
      release(to: sink)
    }
  }

  /// Gives up a hole that the receiver has acknowledged and the capture does not have.
  mutating func skip(to offset: Int64, to sink: Sink) {
    guard let front = waiting.first, front.start <= offset, front.start > next else { return }
    sink(next, UnsafeRawBufferPointer(start: nil, count: 0), front.start - next)
    next = front.start
    release(to: sink)
  }

  /// Hands over the part of a piece that is new.
  private mutating func deliver(
    _ start: Int64, _ end: Int64, _ bytes: UnsafeRawBufferPointer, to sink: Sink
  ) {
    let known = Int(min(next - start, Int64(bytes.count)))
    let fresh = UnsafeRawBufferPointer(rebasing: bytes[known...])
    sink(next, fresh, end - next - Int64(fresh.count))
    next = end
  }

  /// Hands over what waited for the bytes delivered last.
  private mutating func release(to sink: Sink) {
    var count = 0
    while count < waiting.count, waiting[count].start <= next {
      let piece = waiting[count]
      waitingBytes -= piece.bytes.count
      if piece.end > next {
        piece.bytes.withUnsafeBytes { deliver(piece.start, piece.end, $0, to: sink) }
      }
      count += 1
    }
    if count > 0 { waiting.removeFirst(count) }
  }

  private mutating func hold(_ start: Int64, _ end: Int64, _ bytes: UnsafeRawBufferPointer) {
    var index = waiting.count
    while index > 0, waiting[index - 1].start > start { index -= 1 }
    // The same bytes again: the first copy stands, as it does at most receivers.
    if index > 0, waiting[index - 1].end >= end { return }
    guard waiting.count < Self.pieceLimit else { return }
    let fits = keepsBytes && waitingBytes + bytes.count <= byteLimit
    let kept = fits ? [UInt8](bytes) : []
    waitingBytes += kept.count
    waiting.insert(Waiting(start: start, end: end, bytes: kept), at: index)
  }
}
