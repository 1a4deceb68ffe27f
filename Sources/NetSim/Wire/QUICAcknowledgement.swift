/// An ACK frame that stands in bytes (RFC 9000 §19.3). Its first range is read; the others stay in
/// the bytes, and are walked there.
public struct QUICAcknowledgement: Equatable, Sendable {
  /// The largest packet number that is acknowledged.
  public var largest: UInt64
  /// How long that packet's acknowledgement was held back, in microseconds once it is multiplied by
  /// 2 to the power of the sender's ack_delay_exponent.
  public var delay: UInt64
  /// How many packets before the largest, without a gap, are acknowledged too.
  public var firstRange: UInt64
  /// How many ranges there are beside the first.
  public var rangeCount: Int
  /// Where those stand, in the bytes that the frame was read from.
  public var rangeBytes: Range<Int>
  /// The counts of ECN; nil in a frame without them.
  public var ecn: QUICECNCounts?

  /// An ACK frame.
  @inlinable public init(
    largest: UInt64, delay: UInt64, firstRange: UInt64, rangeCount: Int = 0,
    rangeBytes: Range<Int> = 0..<0, ecn: QUICECNCounts? = nil
  ) {
    self.largest = largest
    self.delay = delay
    self.firstRange = firstRange
    self.rangeCount = rangeCount
    self.rangeBytes = rangeBytes
    self.ecn = ecn
  }

  /// Bytes of the frame.
  var size: Int {
    QUICFrameSize.acknowledgement(
      largest: largest, delay: delay, firstRange: firstRange, rangeCount: rangeCount,
      rangeBytes: rangeBytes.count, ecn: ecn)
  }

  /// The acknowledged packet numbers from the highest down. `reader` has the bytes that the frame was
  /// read from. They end where a range would be below 0, which no frame that was read has.
  public func ranges(in reader: ByteReader) -> QUICAcknowledgedRanges {
    QUICAcknowledgedRanges(self, in: reader)
  }
}

/// The ranges of packet numbers of an ACK frame, from the highest down, read as they are asked for.
public struct QUICAcknowledgedRanges: Sequence, IteratorProtocol {
  private let reader: ByteReader
  private let largest: UInt64
  private let firstRange: UInt64
  private var isFirst = true
  private var smallest: UInt64 = 0
  private var left: Int
  private var offset: Int

  fileprivate init(_ frame: QUICAcknowledgement, in reader: ByteReader) {
    self.reader = reader
    largest = frame.largest
    firstRange = frame.firstRange
    left = frame.rangeCount
    offset = frame.rangeBytes.lowerBound
  }

  /// Where the next range stands in the bytes.
  var end: Int { offset }

  /// Whether all the ranges that there should be were read.
  var isComplete: Bool { !isFirst && left == 0 }

  /// The next range; nil behind the last.
  public mutating func next() -> ClosedRange<UInt64>? {
    if isFirst {
      guard firstRange <= largest else { return nil }
      isFirst = false
      smallest = largest - firstRange
      return smallest...largest
    }
    guard left > 0 else { return nil }
    var place = offset
    guard let gap = reader.quicVarint(at: &place), let length = reader.quicVarint(at: &place),
      // RFC 9000 §19.3.1: the largest is the smallest before, less the gap, less 2.
      gap + 2 <= smallest, length <= smallest - gap - 2
    else { return nil }
    let upper = smallest - gap - 2
    left -= 1
    offset = place
    smallest = upper - length
    return smallest...upper
  }
}
