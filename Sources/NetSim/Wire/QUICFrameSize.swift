/// Bytes of frames with their type, without any bytes being made (RFC 9000 §19). Integers are in
/// their shortest encoding.
public enum QUICFrameSize {
  /// PING (RFC 9000 §19.2).
  @inlinable public static var ping: Int { 1 }

  /// HANDSHAKE_DONE (RFC 9000 §19.20).
  @inlinable public static var handshakeDone: Int { 1 }

  /// PATH_CHALLENGE or PATH_RESPONSE (RFC 9000 §19.17, §19.18).
  @inlinable public static var path: Int { 9 }

  /// IMMEDIATE_ACK (draft-ietf-quic-ack-frequency).
  @inlinable public static var immediateAcknowledgement: Int { 1 }

  // MARK: ACK (RFC 9000 §19.3)

  /// ACK with its first range; `rangeBytes` is the sum of `acknowledgedRange` over the `rangeCount`
  /// others. `delay` is as on the wire: scaled by the sender's exponent.
  @inlinable public static func acknowledgement(
    largest: UInt64, delay: UInt64, firstRange: UInt64, rangeCount: Int = 0, rangeBytes: Int = 0,
    ecn: QUICECNCounts? = nil
  ) -> Int {
    1 + QUICVarint.size(largest) + QUICVarint.size(delay) + QUICVarint.size(rangeCount)
      + QUICVarint.size(firstRange) + rangeBytes + (ecn?.size ?? 0)
  }

  /// One more range in ACK: `gap` and `length` as on the wire, each one less than the numbers that
  /// it stands for (RFC 9000 §19.3.1).
  @inlinable public static func acknowledgedRange(gap: UInt64, length: UInt64) -> Int {
    QUICVarint.size(gap) + QUICVarint.size(length)
  }

  /// ACK of ranges of packet numbers from the highest down, at least one, with a number missing
  /// between each two.
  @inlinable public static func acknowledgement(
    ranges: some Sequence<ClosedRange<UInt64>>, delay: UInt64, ecn: QUICECNCounts? = nil
  ) -> Int {
    var first: ClosedRange<UInt64>?
    var smallest: UInt64 = 0
    var count = 0
    var bytes = 0
    for range in ranges {
      if first == nil {
        first = range
      } else {
        count += 1
        bytes += acknowledgedRange(
          gap: smallest - range.upperBound - 2, length: range.upperBound - range.lowerBound)
      }
      smallest = range.lowerBound
    }
    guard let first else { preconditionFailure("an ACK of nothing") }
    return acknowledgement(
      largest: first.upperBound, delay: delay, firstRange: first.upperBound - first.lowerBound,
      rangeCount: count, rangeBytes: bytes, ecn: ecn)
  }

  // MARK: Content

  /// CRYPTO (RFC 9000 §19.6).
  @inlinable public static func crypto(offset: UInt64, length: Int) -> Int {
    1 + QUICVarint.size(offset) + QUICVarint.size(length) + length
  }

  /// The longest content of a CRYPTO frame of at most `room` bytes; nil where none fits at all.
  @inlinable public static func cryptoBytes(in room: Int, offset: UInt64) -> Int? {
    QUICVarint.countedBytes(in: room - 1 - QUICVarint.size(offset))
  }

  /// STREAM (RFC 9000 §19.8). An offset of 0 is left out. Without its length it is a packet's last.
  @inlinable public static func stream(
    id: UInt64, offset: UInt64, length: Int, hasLength: Bool
  ) -> Int {
    streamStart(id: id, offset: offset) + (hasLength ? QUICVarint.size(length) : 0) + length
  }

  /// The longest content of a STREAM frame of at most `room` bytes; nil where not even an empty one
  /// fits.
  @inlinable public static func streamBytes(
    in room: Int, id: UInt64, offset: UInt64, hasLength: Bool
  ) -> Int? {
    let left = room - streamStart(id: id, offset: offset)
    if hasLength { return QUICVarint.countedBytes(in: left) }
    return left >= 0 ? left : nil
  }

  @inlinable static func streamStart(id: UInt64, offset: UInt64) -> Int {
    1 + QUICVarint.size(id) + (offset > 0 ? QUICVarint.size(offset) : 0)
  }

  /// DATAGRAM (RFC 9221 §4). Without its length it is a packet's last.
  @inlinable public static func datagram(length: Int, hasLength: Bool) -> Int {
    1 + (hasLength ? QUICVarint.size(length) : 0) + length
  }

  /// NEW_TOKEN (RFC 9000 §19.7).
  @inlinable public static func newToken(length: Int) -> Int {
    1 + QUICVarint.size(length) + length
  }

  // MARK: Streams and their flow control

  /// RESET_STREAM (RFC 9000 §19.4).
  @inlinable public static func resetStream(id: UInt64, code: UInt64, finalSize: UInt64) -> Int {
    1 + QUICVarint.size(id) + QUICVarint.size(code) + QUICVarint.size(finalSize)
  }

  /// STOP_SENDING (RFC 9000 §19.5).
  @inlinable public static func stopSending(id: UInt64, code: UInt64) -> Int {
    1 + QUICVarint.size(id) + QUICVarint.size(code)
  }

  /// MAX_DATA (RFC 9000 §19.9).
  @inlinable public static func maxData(_ limit: UInt64) -> Int { 1 + QUICVarint.size(limit) }

  /// MAX_STREAM_DATA (RFC 9000 §19.10).
  @inlinable public static func maxStreamData(id: UInt64, limit: UInt64) -> Int {
    1 + QUICVarint.size(id) + QUICVarint.size(limit)
  }

  /// MAX_STREAMS of either direction (RFC 9000 §19.11).
  @inlinable public static func maxStreams(_ count: UInt64) -> Int { 1 + QUICVarint.size(count) }

  /// DATA_BLOCKED (RFC 9000 §19.12).
  @inlinable public static func dataBlocked(_ limit: UInt64) -> Int { 1 + QUICVarint.size(limit) }

  /// STREAM_DATA_BLOCKED (RFC 9000 §19.13).
  @inlinable public static func streamDataBlocked(id: UInt64, limit: UInt64) -> Int {
    1 + QUICVarint.size(id) + QUICVarint.size(limit)
  }

  /// STREAMS_BLOCKED of either direction (RFC 9000 §19.14).
  @inlinable public static func streamsBlocked(_ count: UInt64) -> Int {
    1 + QUICVarint.size(count)
  }

  // MARK: The connection

  /// NEW_CONNECTION_ID: with the reset token's 16 bytes (RFC 9000 §19.15).
  @inlinable public static func newConnectionID(
    sequence: UInt64, retirePriorTo: UInt64, length: Int
  ) -> Int {
    1 + QUICVarint.size(sequence) + QUICVarint.size(retirePriorTo) + 1 + length + 16
  }

  /// RETIRE_CONNECTION_ID (RFC 9000 §19.16).
  @inlinable public static func retireConnectionID(sequence: UInt64) -> Int {
    1 + QUICVarint.size(sequence)
  }

  /// CONNECTION_CLOSE of the transport: `frameType` is 0 where no frame is to blame
  /// (RFC 9000 §19.19).
  @inlinable public static func connectionClose(
    code: UInt64, frameType: UInt64, reason: Int
  ) -> Int {
    1 + QUICVarint.size(code) + QUICVarint.size(frameType) + QUICVarint.size(reason) + reason
  }

  /// CONNECTION_CLOSE of the application (RFC 9000 §19.19).
  @inlinable public static func applicationClose(code: UInt64, reason: Int) -> Int {
    1 + QUICVarint.size(code) + QUICVarint.size(reason) + reason
  }

  /// ACK_FREQUENCY, whose type takes two bytes (draft-ietf-quic-ack-frequency).
  @inlinable public static func acknowledgementFrequency(
    sequence: UInt64, threshold: UInt64, delay: UInt64, reordering: UInt64
  ) -> Int {
    2 + QUICVarint.size(sequence) + QUICVarint.size(threshold) + QUICVarint.size(delay)
      + QUICVarint.size(reordering)
  }
}
