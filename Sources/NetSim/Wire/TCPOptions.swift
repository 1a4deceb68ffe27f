/// A block of selectively acknowledged bytes (RFC 2018 §3): from `start`, up to before `end`.
public struct SACKBlock: Equatable, Sendable {
  /// The first sequence number of the block.
  public var start: SequenceNumber
  /// The sequence number after its last.
  public var end: SequenceNumber

  /// A block.
  @inlinable public init(start: SequenceNumber, end: SequenceNumber) {
    self.start = start
    self.end = end
  }
}

/// The timestamps option (RFC 7323 §3.2).
public struct TCPTimestamps: Equatable, Sendable {
  /// The sender's clock.
  public var value: UInt32
  /// The peer's clock as it was heard last.
  public var echo: UInt32

  /// Timestamps of the two clocks.
  @inlinable public init(value: UInt32, echo: UInt32) {
    self.value = value
    self.echo = echo
  }
}

/// The options of a TCP header that this package understands. No allocation: a header has room for
/// four SACK blocks at most.
public struct TCPOptions: Equatable, Sendable {
  /// The largest segment the sender of a SYN takes, in bytes of payload and options
  /// (RFC 9293 §3.7.1).
  public var maximumSegmentSize: UInt16?
  /// The shift of the window that the sender of a SYN will announce (RFC 7323 §2.2): at most 14.
  public var windowScale: UInt8?
  /// Whether selective acknowledgements may be sent (RFC 2018 §2).
  public var permitsSACK = false
  /// The timestamps.
  public var timestamps: TCPTimestamps?
  /// The cookie of a connection that opens fast, where it has eight bytes (RFC 7413 §4.1.1).
  public var fastOpenCookie: UInt64?
  /// How many of `sackBlock` count: 0…4.
  public private(set) var sackCount: UInt8 = 0
  /// How many options of other kinds were skipped.
  public var skippedCount: UInt8 = 0

  private var sack0 = SACKBlock(start: SequenceNumber(0), end: SequenceNumber(0))
  private var sack1 = SACKBlock(start: SequenceNumber(0), end: SequenceNumber(0))
  private var sack2 = SACKBlock(start: SequenceNumber(0), end: SequenceNumber(0))
  private var sack3 = SACKBlock(start: SequenceNumber(0), end: SequenceNumber(0))

  /// No options.
  public init() {}

  /// The SACK block at `index`, in the header's order, or nil past `sackCount`.
  public func sackBlock(_ index: Int) -> SACKBlock? {
    guard index >= 0, index < Int(sackCount) else { return nil }
    switch index {
    case 0: return sack0
    case 1: return sack1
    case 2: return sack2
    default: return sack3
    }
  }

  /// Adds a SACK block; a fifth has no room in a header and is ignored.
  public mutating func addSACK(_ block: SACKBlock) {
    switch sackCount {
    case 0: sack0 = block
    case 1: sack1 = block
    case 2: sack2 = block
    case 3: sack3 = block
    default: return
    }
    sackCount += 1
  }

  /// Reads the options of a header.
  ///
  /// An option whose length lies ends the reading with an error, because nothing behind it can be
  /// found (RFC 9293 §3.1). `partial` keeps what stood before.
  public static func read(
    _ reader: ByteReader, into partial: inout TCPOptions
  ) throws(WireError) {
    var offset = 0
    while let kind = reader.byte(at: offset) {
      if kind == 0 { return }
      if kind == 1 {
        offset += 1
        continue
      }
      guard let length = reader.byte(at: offset + 1), length >= 2,
        offset + Int(length) <= reader.count
      else { throw .optionLength(UInt32(reader.byte(at: offset + 1) ?? 0)) }
      partial.take(kind, reader.slice(from: offset + 2, length: Int(length) - 2))
      offset += Int(length)
    }
  }

  /// Takes one option's content. A known option of a wrong length counts as skipped.
  private mutating func take(_ kind: UInt8, _ content: ByteReader) {
    switch (kind, content.count) {
    case (2, 2): maximumSegmentSize = content.uint16(at: 0)
    // RFC 7323 §2.3: a shift above 14 is taken as 14.
    case (3, 1): windowScale = min(content.bytes[0], 14)
    case (4, 0): permitsSACK = true
    case (5, 8), (5, 16), (5, 24), (5, 32):
      var offset = 0
      while let start = content.uint32(at: offset), let end = content.uint32(at: offset + 4) {
        addSACK(SACKBlock(start: SequenceNumber(start), end: SequenceNumber(end)))
        offset += 8
      }
    case (8, 8):
      if let value = content.uint32(at: 0), let echo = content.uint32(at: 4) {
        timestamps = TCPTimestamps(value: value, echo: echo)
      }
    case (34, 8):
      if let high = content.uint32(at: 0), let low = content.uint32(at: 4) {
        fastOpenCookie = UInt64(high) << 32 | UInt64(low)
      }
    default: skippedCount &+= 1
    }
  }

  /// The options as bytes, padded to a multiple of four; throws when they exceed the 40 bytes that
  /// a header has for them.
  public func written() throws(WireError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let maximumSegmentSize {
      bytes += [2, 4]
      bytes.append(bigEndian: maximumSegmentSize)
    }
    if permitsSACK { bytes += [4, 2] }
    if let timestamps {
      while bytes.count & 3 != 2 { bytes.append(1) }
      bytes += [8, 10]
      bytes.append(bigEndian: timestamps.value)
      bytes.append(bigEndian: timestamps.echo)
    }
    if let windowScale { bytes += [1, 3, 3, min(windowScale, 14)] }
    if let fastOpenCookie {
      bytes += [1, 1, 34, 10]
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: fastOpenCookie >> 32))
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: fastOpenCookie))
    }
    if sackCount > 0 {
      while bytes.count & 3 != 2 { bytes.append(1) }
      bytes += [5, 2 + 8 * sackCount]
      for index in 0..<Int(sackCount) {
        guard let block = sackBlock(index) else { break }
        bytes.append(bigEndian: block.start.rawValue)
        bytes.append(bigEndian: block.end.rawValue)
      }
    }
    while bytes.count & 3 != 0 { bytes.append(1) }
    guard bytes.count <= 40 else { throw .doesNotFit }
    return bytes
  }
}
