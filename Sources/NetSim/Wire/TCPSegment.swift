/// A view of any bytes as a TCP segment (RFC 9293 §3.1).
public struct TCPSegment {
  /// All bytes, from the header's first.
  public let reader: ByteReader
  /// Bytes of the header, options included: 20…60.
  public let headerLength: Int

  /// A view of `reader`'s bytes. The fixed header must be there; options and payload may be cut.
  @inlinable @inline(__always) public init(_ reader: ByteReader) throws(WireError) {
    try reader.require(20)
    headerLength = Int(reader.bytes[12] >> 4) * 4
    guard headerLength >= 20 else {
      throw .headerLength(UInt32(truncatingIfNeeded: headerLength))
    }
    self.reader = reader
  }

  /// The sender's port.
  @inlinable @inline(__always) public var sourcePort: UInt16 { reader.uint16(at: 0) ?? 0 }
  /// The receiver's port.
  @inlinable @inline(__always) public var destinationPort: UInt16 { reader.uint16(at: 2) ?? 0 }
  /// The sequence number of the first byte (or of the SYN).
  @inlinable @inline(__always) public var sequence: SequenceNumber {
    SequenceNumber(reader.uint32(at: 4) ?? 0)
  }
  /// The next sequence number expected; counts when `flags` has `ack`.
  @inlinable @inline(__always) public var acknowledgement: SequenceNumber {
    SequenceNumber(reader.uint32(at: 8) ?? 0)
  }
  /// The control bits.
  @inlinable @inline(__always) public var flags: TCPFlags { TCPFlags(rawValue: reader.bytes[13]) }
  /// The window as it stands, not scaled.
  @inlinable @inline(__always) public var window: UInt16 { reader.uint16(at: 14) ?? 0 }
  /// The payload that is there.
  @inlinable @inline(__always) public var payload: ByteReader { reader.slice(from: headerLength) }

  /// The timestamps, where they stand as RFC 7323 appendix A lays them out, two paddings and the
  /// option, and nothing else does: so in nearly every segment of a connection with timestamps.
  @inlinable @inline(__always)
  public var onlyTimestamps: TCPTimestamps? {
    guard headerLength == 32, reader.count >= 32, reader.uint32(at: 20) == 0x0101_080A,
      let value = reader.uint32(at: 24), let echo = reader.uint32(at: 28)
    else { return nil }
    return TCPTimestamps(value: value, echo: echo)
  }

  /// The options, as far as they are there and well-formed; `isMalformed` tells whether an option
  /// lied or was cut.
  public func options(isMalformed: inout Bool) -> TCPOptions {
    var options = TCPOptions()
    if let timestamps = onlyTimestamps {
      options.timestamps = timestamps
      isMalformed = false
      return options
    }
    let bytes = reader.slice(from: 20, length: headerLength - 20)
    isMalformed = bytes.count < headerLength - 20
    do { try TCPOptions.read(bytes, into: &options) } catch { isMalformed = true }
    return options
  }

  /// Whether the checksum over pseudo-header, header and payload is right; only to be asked of a
  /// segment that is whole.
  public func hasValidChecksum(source: IPAddress, destination: IPAddress) -> Bool {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      source: source, destination: destination, transport: IPProtocol.tcp,
      length: UInt32(truncatingIfNeeded: reader.count))
    sum.add(reader.bytes)
    return sum.value == 0
  }
}

/// A TCP header, only what is legal.
public struct TCPHeader: Equatable, Sendable {
  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// The sequence number of the first byte (or of the SYN).
  public var sequence: SequenceNumber
  /// The next sequence number expected.
  public var acknowledgement: SequenceNumber
  /// The control bits.
  public var flags: TCPFlags
  /// The window as it stands, not scaled.
  public var window: UInt16
  /// The options.
  public var options: TCPOptions

  /// A header.
  public init(
    sourcePort: UInt16, destinationPort: UInt16, sequence: SequenceNumber,
    acknowledgement: SequenceNumber = SequenceNumber(0), flags: TCPFlags, window: UInt16 = 0xFFFF,
    options: TCPOptions = TCPOptions()
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.acknowledgement = acknowledgement
    self.flags = flags
    self.window = window
    self.options = options
  }

  /// Appends header and payload with the checksum that belongs to the two addresses.
  public func write(
    payload: [UInt8] = [], source: IPAddress, destination: IPAddress, to bytes: inout [UInt8]
  ) throws(WireError) {
    let optionBytes = try options.written()
    var segment: [UInt8] = []
    segment.append(bigEndian: sourcePort)
    segment.append(bigEndian: destinationPort)
    segment.append(bigEndian: sequence.rawValue)
    segment.append(bigEndian: acknowledgement.rawValue)
    segment += [UInt8(truncatingIfNeeded: (20 + optionBytes.count) / 4) << 4, flags.rawValue]
    segment.append(bigEndian: window)
    segment += [0, 0, 0, 0]
    segment += optionBytes
    segment += payload
    guard let length = UInt32(exactly: segment.count), length <= 65_535 else { throw .doesNotFit }
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      source: source, destination: destination, transport: IPProtocol.tcp, length: length)
    sum.add(segment)
    segment[16] = UInt8(truncatingIfNeeded: sum.value >> 8)
    segment[17] = UInt8(truncatingIfNeeded: sum.value)
    bytes += segment
  }
}
