import NetSim

/// The blocks of a pcapng file, written one behind the other, in little-endian order
/// (draft-ietf-opsawg-pcapng §3.1: block type, total length, body, total length again).
struct PcapngWriter {
  /// What was written and not yet taken.
  private(set) var bytes: [UInt8] = []

  /// LINKTYPE_RAW (tcpdump.org's registry): the packets begin with their IP header.
  private static let linkType: UInt16 = 101
  /// More than any IPv4 packet has; what capture programs write.
  private static let snapLength: UInt32 = 262_144

  /// An option of a block (§3.5).
  private enum Option {
    case comment(String)
    case text(code: UInt16, String)
    case bytes(code: UInt16, [UInt8])
  }

  /// Takes the bytes away, for whoever writes them out.
  mutating func takeBytes() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Begins the file (§4.1, Section Header Block).
  mutating func section(application: String, comment: String) {
    block(0x0A0D_0D0A) { writer in
      writer.append(UInt32(0x1A2B_3C4D))  // tells the byte order
      writer.append(UInt16(1))
      writer.append(UInt16(0))
      writer.append(UInt64.max)  // the section's length is not known before its end
      writer.options([.comment(comment), .text(code: 4, application)])  // shb_userappl
    }
  }

  /// Describes the interface that the packets were seen at (§4.2, Interface Description Block).
  mutating func interface(name: String, addresses: [IPAddress]) {
    var options: [Option] = [.text(code: 2, name)]  // if_name
    for address in addresses {
      // if_IPv4addr: the address and its mask, both in network order; every simulated network is a
      // /16 of 10.0.0.0/8.
      let bits = UInt32(truncatingIfNeeded: address.low).bigEndian
      options.append(
        .bytes(code: 4, withUnsafeBytes(of: bits) { Array($0) } + [255, 255, 0, 0]))
    }
    options.append(.bytes(code: 9, [9]))  // if_tsresol: nanoseconds
    block(1) { writer in
      writer.append(Self.linkType)
      writer.append(UInt16(0))
      writer.append(Self.snapLength)
      writer.options(options)
    }
  }

  /// Appends a packet (§4.3, Enhanced Packet Block).
  mutating func packet(_ packet: PcapngPacket) {
    block(6) { writer in
      writer.append(UInt32(0))  // the interface's index
      writer.append(UInt32(truncatingIfNeeded: packet.timestamp >> 32))
      writer.append(UInt32(truncatingIfNeeded: packet.timestamp))
      writer.append(UInt32(packet.bytes.count))
      writer.append(UInt32(packet.bytes.count))
      writer.bytes += packet.bytes
      writer.pad()
      var options: [Option] = packet.comment.isEmpty ? [] : [.comment(packet.comment)]
      // epb_flags (§4.3.1): the two lowest bits tell the direction.
      options.append(.bytes(code: 2, [packet.isOutbound ? 2 : 1, 0, 0, 0]))
      options.append(
        .bytes(code: 5, withUnsafeBytes(of: packet.number.littleEndian) { Array($0) }))
      writer.options(options)
    }
  }

  // MARK: Parts of a block

  private mutating func block(_ type: UInt32, body: (inout PcapngWriter) -> Void) {
    let start = bytes.count
    append(type)
    append(UInt32(0))
    body(&self)
    let length = UInt32(bytes.count - start + 4)
    withUnsafeBytes(of: length.littleEndian) { field in
      for index in 0..<4 { bytes[start + 4 + index] = field[index] }
    }
    append(length)
  }

  private mutating func options(_ options: [Option]) {
    for option in options {
      switch option {
      case .comment(let text): self.option(1, Array(text.utf8))
      case .text(let code, let text): self.option(code, Array(text.utf8))
      case .bytes(let code, let value): self.option(code, value)
      }
    }
    self.option(0, [])  // opt_endofopt
  }

  private mutating func option(_ code: UInt16, _ value: [UInt8]) {
    append(code)
    append(UInt16(value.count))
    bytes += value
    pad()
  }

  /// Fills up to a whole word of 32 bits (§3.1); blocks begin on one.
  private mutating func pad() {
    while bytes.count & 3 != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}

/// A packet of a pcapng file.
struct PcapngPacket {
  /// Nanoseconds since 1970.
  var timestamp: UInt64
  var bytes: [UInt8]
  /// Whether the interface's host sent it.
  var isOutbound: Bool
  /// Its number in the run: `epb_packetid`, which is the same wherever the packet is seen.
  var number: UInt64
  /// What a reader is told of it; empty for nothing.
  var comment: String
}
