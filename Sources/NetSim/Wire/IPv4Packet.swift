/// A view of any bytes as an IPv4 packet (RFC 791 §3.1).
///
/// It accepts what a capture may hold: a packet cut short by the snapshot length, a total length
/// of 0 (written by hosts that leave segmentation to the network card), padding behind its end.
public struct IPv4Packet {
  /// All bytes, from the header's first.
  public let reader: ByteReader
  /// Bytes of the header, options included: 20…60.
  public let headerLength: Int
  /// Bytes of the packet as its header tells, or as there are when the header says 0.
  public let totalLength: Int

  /// A view of `reader`'s bytes, behind which the capture left out `missing` bytes.
  @inlinable @inline(__always)
  public init(_ reader: ByteReader, missing: Int = 0) throws(WireError) {
    try reader.require(20)
    let first = reader.bytes[0]
    guard first >> 4 == 4 else { throw .version(first >> 4) }
    headerLength = Int(first & 15) * 4
    guard headerLength >= 20 else { throw .headerLength(UInt32(headerLength)) }
    try reader.require(headerLength)
    let total = Int(reader.uint16(at: 2) ?? 0)
    totalLength = total == 0 ? reader.count + missing : total
    guard totalLength >= headerLength else {
      throw .totalLength(UInt32(truncatingIfNeeded: total))
    }
    self.reader = reader
  }

  /// What the payload is: see `IPProtocol`.
  @inlinable @inline(__always) public var transport: UInt8 { reader.bytes[9] }
  /// The identification that fragments of one packet share; most senders count it up.
  @inlinable @inline(__always) public var identification: UInt16 { reader.uint16(at: 4) ?? 0 }
  /// The time to live in hops.
  @inlinable public var hopLimit: UInt8 { reader.bytes[8] }
  /// The explicit congestion notification bits (RFC 3168 §5).
  @inlinable public var congestionBits: UInt8 { reader.bytes[1] & 3 }
  /// Where the payload stands in the packet that was fragmented, in bytes.
  @inlinable public var fragmentOffset: Int { Int((reader.uint16(at: 6) ?? 0) & 0x1FFF) * 8 }
  /// Whether fragments follow.
  @inlinable public var hasMoreFragments: Bool { reader.bytes[6] & 0x20 != 0 }
  /// Whether it is a part of a packet that was fragmented.
  @inlinable @inline(__always) public var isFragment: Bool {
    (reader.uint16(at: 6) ?? 0) & 0x3FFF != 0
  }
  /// The sender's address.
  @inlinable @inline(__always) public var source: IPAddress {
    IPAddress(version4: reader.uint32(at: 12) ?? 0)
  }
  /// The receiver's address.
  @inlinable @inline(__always) public var destination: IPAddress {
    IPAddress(version4: reader.uint32(at: 16) ?? 0)
  }
  /// The payload that is there; `payloadLength` tells how long it was on the wire.
  @inlinable @inline(__always) public var payload: ByteReader {
    reader.slice(from: headerLength, length: totalLength - headerLength)
  }
  /// Bytes of the payload as the header tells.
  @inlinable @inline(__always) public var payloadLength: Int { totalLength - headerLength }

  /// Whether the header's checksum is right.
  public var hasValidChecksum: Bool {
    var sum = InternetChecksum()
    sum.add(reader.slice(from: 0, length: headerLength).bytes)
    return sum.value == 0
  }
}

/// An IPv4 header without options, only what is legal.
public struct IPv4Header: Equatable, Sendable {
  /// The sender's address.
  public var source: IPAddress
  /// The receiver's address.
  public var destination: IPAddress
  /// What the payload is: see `IPProtocol`.
  public var transport: UInt8
  /// The identification.
  public var identification: UInt16
  /// The time to live in hops.
  public var hopLimit: UInt8
  /// Explicit congestion notification (RFC 3168 §5).
  public var codepoint: CongestionCodepoint

  /// A header of a packet that must not be fragmented.
  public init(
    source: IPAddress, destination: IPAddress, transport: UInt8 = IPProtocol.tcp,
    identification: UInt16 = 0, hopLimit: UInt8 = 64,
    codepoint: CongestionCodepoint = .notCapable
  ) {
    self.source = source
    self.destination = destination
    self.transport = transport
    self.identification = identification
    self.hopLimit = hopLimit
    self.codepoint = codepoint
  }

  /// Appends the 20 bytes of the header for a payload of `payloadLength` bytes, which may be at
  /// most 65,515 (RFC 791 §3.1).
  public func write(payloadLength: Int, to bytes: inout [UInt8]) throws(WireError) {
    guard !source.isVersion6, !destination.isVersion6, payloadLength >= 0,
      let total = UInt16(exactly: payloadLength + 20)
    else { throw .doesNotFit }
    var header: [UInt8] = [0x45, codepoint.rawValue]
    header.append(bigEndian: total)
    header.append(bigEndian: identification)
    header.append(bigEndian: UInt16(0x4000))
    header += [hopLimit, transport, 0, 0]
    header.append(bigEndian: UInt32(truncatingIfNeeded: source.low))
    header.append(bigEndian: UInt32(truncatingIfNeeded: destination.low))
    var sum = InternetChecksum()
    sum.add(header)
    header[10] = UInt8(truncatingIfNeeded: sum.value >> 8)
    header[11] = UInt8(truncatingIfNeeded: sum.value)
    bytes += header
  }
}
