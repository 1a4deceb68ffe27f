import NetSim

/// Reads pcapng files (draft-ietf-opsawg-pcapng) without copies: sections of either byte order,
/// their interfaces, and packets in all three kinds of blocks. Secrets are kept; names, statistics
/// and what else stands there is passed over.
final class PcapngReader {
  /// The largest block that is looked into: libpcap's own limit.
  private static let blockLimit = 1 << 24
  /// The most interfaces of a section.
  private static let interfaceLimit = 1 << 16
  /// The first block of a file, which reads alike in both byte orders.
  static let magic: UInt32 = 0x0A0D_0D0A

  private let source: ByteSource
  private var offset = 0
  /// Where in the file the block begins that is being read.
  private var blockPlace: Int64 = 0
  private var number: UInt32 = 0
  private var isSwapped = false
  private var interfaces: [PcapngInterface] = []
  /// Interfaces of the sections before this one.
  private var earlierInterfaces: UInt32 = 0
  private var lastNs: Int64 = 0
  private var secretBytes = 0

  /// The secrets met so far.
  private(set) var secrets: [CaptureSecrets] = []

  /// A block within the window.
  private struct Block {
    /// Where it begins.
    var start: Int
    /// Where its body ends: before the second length.
    var end: Int
  }

  /// The types of blocks that are read (§4, §11.1).
  private enum BlockType {
    static let interface: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6
    static let secrets: UInt32 = 10
  }

  /// A reader of a file that begins with `magic`. Throws when its first block is none.
  init(_ source: ByteSource) throws(CaptureError) {
    self.source = source
    guard try available(12) else {
      throw source.fault
        ?? CaptureError(
          .truncated, file: source.name, byteOffset: Int64(source.bytes.count),
          "the file ends within its header; a pcapng header has 28 bytes")
    }
    try setByteOrder()
  }

  /// The next packet, or nil at the end. After an error there is nothing more to read.
  func next() throws(CaptureError) -> CapturedFrame? {
    while try available(12) {
      let type = field(offset)
      if type == Self.magic { try setByteOrder() }
      let length = try blockLength()
      switch type {
      case BlockType.enhancedPacket:
        return try packet(try block(length), isObsolete: false)
      case BlockType.obsoletePacket:
        return try packet(try block(length), isObsolete: true)
      case BlockType.simplePacket: return try simplePacket(try block(length))
      case BlockType.interface: try addInterface(try block(length))
      case BlockType.secrets: try addSecrets(try block(length))
      case Self.magic: try beginSection(try block(length))
      default: try pass(length)
      }
    }
    return nil
  }

  // MARK: Blocks

  /// Whether the window has `count` bytes from here on; false at the file's end.
  private func available(_ count: Int) throws(CaptureError) -> Bool {
    if source.bytes.count - offset < count { offset = source.slide(to: offset, for: count) }
    let left = source.bytes.count - offset
    blockPlace = source.start + Int64(offset)
    if left >= count { return true }
    if let fault = source.fault { throw stop(fault.at(packet: number &+ 1)) }
    if left == 0 { return false }
    throw fault(.truncated, "the file ends within the head of a block; the capture was cut")
  }

  /// A section's byte order stands behind its first block's length (§4.1).
  private func setByteOrder() throws(CaptureError) {
    switch ByteReader(source.bytes).uint32(at: offset + 8) {
    case 0x1A2B_3C4D: isSwapped = false
    case 0x4D3C_2B1A: isSwapped = true
    default:
      throw fault(
        .notACapture, at: 8, "a section's byte order is not told as pcapng does (1A2B3C4D)")
    }
  }

  private func blockLength() throws(CaptureError) -> UInt32 {
    let length = field(offset + 4)
    guard length >= 12, length & 3 == 0 else {
      throw fault(
        .impossibleLength, at: 4,
        "a block says it has \(length) bytes; 12 or more in steps of 4 are possible")
    }
    return length
  }

  /// The whole block of `length` bytes in the window, stepped over.
  private func block(_ length: UInt32) throws(CaptureError) -> Block {
    guard length <= Self.blockLimit else {
      throw fault(
        .impossibleLength, at: 4,
        "a block says it has \(length) bytes; at most \(Self.blockLimit) are possible here")
    }
    let count = Int(length)
    if source.bytes.count - offset < count { offset = source.slide(to: offset, for: count) }
    guard source.bytes.count - offset >= count else { throw cut(length) }
    let block = Block(start: offset, end: offset + count - 4)
    try check(field(block.end), length)
    offset += count
    return block
  }

  /// Passes over a block of `length` bytes, however large.
  private func pass(_ length: UInt32) throws(CaptureError) {
    guard let end = source.skip(from: offset, Int64(length) - 4) else { throw cut(length) }
    offset = end
    if source.bytes.count - offset < 4 { offset = source.slide(to: offset, for: 4) }
    guard source.bytes.count - offset >= 4 else { throw cut(length) }
    try check(field(offset), length)
    offset += 4
  }

  private func check(_ second: UInt32, _ length: UInt32) throws(CaptureError) {
    guard second == length else {
      throw fault(
        .impossibleLength,
        "a block says it has \(length) bytes at its beginning and \(second) at its end")
    }
  }

  // MARK: Sections, interfaces, secrets

  private func beginSection(_ block: Block) throws(CaptureError) {
    guard block.end - block.start >= 24 else { throw tooShort(block, "section header") }
    let major = field16(block.start + 12)
    guard major == 1 else {
      throw fault(.notACapture, "the section is of version \(major); 1 is known")
    }
    earlierInterfaces &+= UInt32(interfaces.count)
    interfaces.removeAll(keepingCapacity: true)
  }

  private func addInterface(_ block: Block) throws(CaptureError) {
    guard block.end - block.start >= 16 else { throw tooShort(block, "interface") }
    guard interfaces.count < Self.interfaceLimit else {
      throw fault(.impossibleLength, "a section has more than \(Self.interfaceLimit) interfaces")
    }
    let linkNumber = UInt32(field16(block.start + 8))
    var interface = PcapngInterface(
      linkNumber: linkNumber, linkType: LinkType(number: linkNumber),
      snapshotLength: field(block.start + 12))
    try readOptions(block, from: block.start + 16, into: &interface)
    interfaces.append(interface)
  }

  private func readOptions(
    _ block: Block, from start: Int, into interface: inout PcapngInterface
  ) throws(CaptureError) {
    var place = start
    while block.end - place >= 4 {
      let code = field16(place)
      let length = Int(field16(place + 2))
      if code == 0 { return }
      place += 4
      guard length <= block.end - place else {
        throw fault(.impossibleLength, "an interface's option \(code) is longer than its block")
      }
      switch (code, length) {
      case (9, 1): interface.resolution = PcapngResolution(code: source.bytes[place])
      case (14, 8): interface.offsetSeconds = Int64(bitPattern: field64(place))
      default: break
      }
      place += (length + 3) & ~3
    }
  }

  private func addSecrets(_ block: Block) throws(CaptureError) {
    guard block.end - block.start >= 16 else { throw tooShort(block, "secrets") }
    let length = Int(field(block.start + 12))
    guard length <= block.end - block.start - 16 else {
      throw fault(.impossibleLength, "secrets of \(length) bytes are longer than their block")
    }
    secretBytes += length
    guard secretBytes <= CaptureSecrets.byteLimit else { return }
    let start = block.start + 16
    secrets.append(
      CaptureSecrets(
        kind: field(block.start + 8), bytes: [UInt8](source.bytes[start..<start + length])))
  }

  // MARK: Packets

  /// An Enhanced Packet Block (§4.3), or the obsolete one, whose interface has half the bits
  /// (appendix A).
  private func packet(
    _ block: Block, isObsolete: Bool
  ) throws(CaptureError) -> CapturedFrame {
    let header = 20
    let start = block.start + 8
    guard block.end - start >= header else { throw tooShort(block, "packet") }
    let interface = isObsolete ? UInt32(field16(start)) : field(start)
    let captured = Int(field(start + 12))
    guard captured <= block.end - start - header else {
      throw fault(
        .impossibleLength, "a packet says it has \(captured) bytes; its block has fewer")
    }
    number &+= 1
    var frame = CapturedFrame(
      number: number, unixNs: lastNs, wireLength: max(Int(field(start + 16)), captured),
      linkNumber: .max, linkType: nil, bytes: bytes(start + header, captured))
    frame.interface = earlierInterfaces &+ interface
    if interface < interfaces.count {
      let known = interfaces[Int(interface)]
      let ticks = UInt64(field(start + 4)) << 32 | UInt64(field(start + 8))
      lastNs = known.unixNs(ticks)
      frame.unixNs = lastNs
      frame.linkNumber = known.linkNumber
      frame.linkType = known.linkType
    } else {
      frame.isTimed = false
    }
    return frame
  }

  /// A Simple Packet Block (§4.4): of the section's first interface, and without a time.
  private func simplePacket(_ block: Block) throws(CaptureError) -> CapturedFrame {
    let start = block.start + 8
    guard block.end - start >= 4 else { throw tooShort(block, "packet") }
    let original = Int(field(start))
    let first = interfaces.first
    var captured = min(original, block.end - start - 4)
    if let limit = first?.snapshotLength, limit > 0 { captured = min(captured, Int(limit)) }
    number &+= 1
    return CapturedFrame(
      number: number, unixNs: lastNs, wireLength: original,
      linkNumber: first?.linkNumber ?? .max, linkType: first?.linkType, isTimed: false,
      interface: earlierInterfaces, bytes: bytes(start + 4, captured))
  }

  private func bytes(_ start: Int, _ count: Int) -> ByteReader {
    ByteReader(UnsafeRawBufferPointer(rebasing: source.bytes[start..<start + count]))
  }

  // MARK: Fields

  /// The number at a place that is known to be in the window.
  private func field(_ offset: Int) -> UInt32 {
    source.bytes.integer(at: offset, isSwapped: isSwapped)
  }

  private func field16(_ offset: Int) -> UInt16 {
    source.bytes.integer(at: offset, isSwapped: isSwapped)
  }

  private func field64(_ offset: Int) -> UInt64 {
    source.bytes.integer(at: offset, isSwapped: isSwapped)
  }

  // MARK: Ends

  private func cut(_ length: UInt32) -> CaptureError {
    if let fault = source.fault { return stop(fault.at(packet: number &+ 1)) }
    return fault(
      .truncated,
      "the file ends within a block of \(length) bytes; the capture was cut")
  }

  private func tooShort(_ block: Block, _ what: String) -> CaptureError {
    fault(
      .impossibleLength,
      "a block for a \(what) has only \(block.end - block.start + 4) bytes")
  }

  /// A fault at `distance` bytes from the block's beginning.
  private func fault(
    _ kind: CaptureError.Kind, at distance: Int = 0, _ explanation: String
  ) -> CaptureError {
    stop(
      CaptureError(
        kind, file: source.name, packet: number &+ 1,
        byteOffset: blockPlace + Int64(distance), explanation))
  }

  /// Ends the reading.
  private func stop(_ error: CaptureError) -> CaptureError {
    offset = source.bytes.count
    return error
  }
}
