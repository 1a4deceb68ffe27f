/// A view of any bytes as an IPv6 packet (RFC 8200 §3), past its extension headers; those of a
/// fragment end with its fragment header.
public struct IPv6Packet {
  /// All bytes, from the header's first.
  public let reader: ByteReader
  /// Bytes of the fixed header and of all extension headers.
  public let headerLength: Int
  /// What the payload behind the extension headers is: see `IPProtocol`.
  public let transport: UInt8
  /// Bytes of the packet as its header tells, or as there are when the header says 0.
  public let totalLength: Int
  /// Where the payload stands in the packet that was fragmented, in bytes.
  public let fragmentOffset: Int
  /// Whether fragments follow.
  public let hasMoreFragments: Bool
  /// Where the last fragment header stands; nil without one.
  private let fragmentHeaderOffset: Int?

  /// More extension headers than this are an attack, not a packet.
  private static var extensionLimit: Int { 16 }

  /// A view of `reader`'s bytes, behind which the capture left out `missing` bytes.
  public init(_ reader: ByteReader, missing: Int = 0) throws(WireError) {
    try reader.require(40)
    let version = reader.bytes[0] >> 4
    guard version == 6 else { throw .version(version) }
    let declared = Int(reader.uint16(at: 4) ?? 0)
    totalLength = declared == 0 ? reader.count + missing : declared + 40
    self.reader = reader
    var chain = ExtensionChain(next: reader.bytes[6])
    var count = 0
    while try chain.skipOne(in: reader, end: totalLength) {
      count += 1
      guard count <= Self.extensionLimit else { throw .tooManyExtensions }
    }
    headerLength = chain.offset
    transport = chain.next
    fragmentOffset = chain.fragmentOffset
    hasMoreFragments = chain.hasMoreFragments
    fragmentHeaderOffset = chain.fragmentHeaderOffset
  }

  /// Whether it is a part of a packet that was fragmented.
  public var isFragment: Bool { fragmentOffset > 0 || hasMoreFragments }
  /// The identification that fragments of one packet share (RFC 8200 §4.5); nil without a fragment
  /// header.
  public var identification: UInt32? { fragmentHeaderOffset.flatMap { reader.uint32(at: $0 + 4) } }
  /// The hops left.
  public var hopLimit: UInt8 { reader.bytes[7] }
  /// The explicit congestion notification bits (RFC 3168 §5).
  public var congestionBits: UInt8 { reader.bytes[1] >> 4 & 3 }
  /// The sender's address.
  public var source: IPAddress { address(at: 8) }
  /// The receiver's address.
  public var destination: IPAddress { address(at: 24) }
  /// The payload that is there; `payloadLength` tells how long it was on the wire.
  public var payload: ByteReader {
    reader.slice(from: headerLength, length: totalLength - headerLength)
  }
  /// Bytes of the payload as the headers tell.
  public var payloadLength: Int { max(0, totalLength - headerLength) }

  private func address(at offset: Int) -> IPAddress {
    func half(_ offset: Int) -> UInt64 {
      UInt64(reader.uint32(at: offset) ?? 0) << 32 | UInt64(reader.uint32(at: offset + 4) ?? 0)
    }
    return IPAddress(version6: half(offset), half(offset + 8))
  }
}

/// The walk along the extension headers (RFC 8200 §4).
private struct ExtensionChain {
  var next: UInt8
  var offset = 40
  var fragmentOffset = 0
  var hasMoreFragments = false
  var fragmentHeaderOffset: Int?

  init(next: UInt8) { self.next = next }

  /// Steps over the header at `offset`; false when it is not an extension header.
  mutating func skipOne(in reader: ByteReader, end: Int) throws(WireError) -> Bool {
    let length: Int
    switch next {
    case IPProtocol.hopByHopOptions, IPProtocol.routing, IPProtocol.destinationOptions,
      IPProtocol.mobility:
      length = (Int(reader.byte(at: offset + 1) ?? 0) + 1) * 8
    case IPProtocol.authentication:
      length = (Int(reader.byte(at: offset + 1) ?? 0) + 2) * 4
    case IPProtocol.fragment:
      length = 8
      fragmentHeaderOffset = offset
      let field = reader.uint16(at: offset + 2) ?? 0
      fragmentOffset = Int(field & 0xFFF8)
      hasMoreFragments = field & 1 != 0
    default:
      return false
    }
    try reader.require(offset + 2)
    guard offset + length <= end else { throw .optionLength(UInt32(length)) }
    try reader.require(offset + length)
    next = reader.bytes[offset]
    offset += length
    // Behind a fragment's header only part of the payload follows, perhaps from its middle.
    return fragmentOffset == 0 && !hasMoreFragments
  }
}

/// An IPv6 header without extension headers, only what is legal.
public struct IPv6Header: Equatable, Sendable {
  /// The sender's address.
  public var source: IPAddress
  /// The receiver's address.
  public var destination: IPAddress
  /// What the payload is: see `IPProtocol`.
  public var transport: UInt8
  /// The hops left.
  public var hopLimit: UInt8

  /// A header.
  public init(
    source: IPAddress, destination: IPAddress, transport: UInt8 = IPProtocol.tcp,
    hopLimit: UInt8 = 64
  ) {
    self.source = source
    self.destination = destination
    self.transport = transport
    self.hopLimit = hopLimit
  }

  /// Appends the 40 bytes of the header for a payload of `payloadLength` bytes, at most 65,535.
  public func write(payloadLength: Int, to bytes: inout [UInt8]) throws(WireError) {
    guard source.isVersion6, destination.isVersion6, let length = UInt16(exactly: payloadLength)
    else { throw .doesNotFit }
    bytes += [0x60, 0, 0, 0]
    bytes.append(bigEndian: length)
    bytes += [transport, hopLimit]
    for half in [source.high, source.low, destination.high, destination.low] {
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: half >> 32))
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: half))
    }
  }
}
