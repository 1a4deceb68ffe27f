/// Writes pcapng files for tests, block by block (draft-ietf-opsawg-pcapng §3.1).
struct PcapngBuilder {
  var isLittle = true
  private(set) var bytes: [UInt8] = []

  init(isLittle: Bool = true) {
    self.isLittle = isLittle
    section()
  }

  func field(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: isLittle ? value.littleEndian : value.bigEndian) { Array($0) }
  }

  /// Appends a block, whose two lengths may be made to lie.
  mutating func block(
    _ type: UInt32, _ body: [UInt8], length: UInt32? = nil, secondLength: UInt32? = nil
  ) {
    let padded = body + [UInt8](repeating: 0, count: -body.count & 3)
    let whole = UInt32(padded.count + 12)
    bytes += field(type) + field(length ?? whole) + padded
    bytes += field(secondLength ?? length ?? whole)
  }

  mutating func section() {
    block(
      0x0A0D_0D0A,
      field(UInt32(0x1A2B_3C4D)) + field(UInt16(1)) + field(UInt16(0)) + field(UInt64.max))
  }

  mutating func interface(
    _ linkType: UInt16, snapshot: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil
  ) {
    var body = field(linkType) + field(UInt16(0)) + field(snapshot)
    if let resolution { body += option(9, [resolution]) }
    if let offset { body += option(14, field(offset)) }
    if resolution != nil || offset != nil { body += option(0, []) }
    block(1, body)
  }

  func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    field(code) + field(UInt16(value.count)) + value
      + [UInt8](repeating: 0, count: -value.count & 3)
  }

  mutating func enhanced(
    _ packet: [UInt8], ticks: UInt64, interface: UInt32 = 0, captured: UInt32? = nil
  ) {
    block(
      6,
      field(interface) + time(ticks) + field(captured ?? UInt32(packet.count))
        + field(UInt32(packet.count)) + packet)
  }

  mutating func obsolete(_ packet: [UInt8], ticks: UInt64, interface: UInt16 = 0) {
    block(
      2,
      field(interface) + field(UInt16(7)) + time(ticks) + field(UInt32(packet.count))
        + field(UInt32(packet.count)) + packet)
  }

  mutating func simple(_ packet: [UInt8], original: UInt32? = nil) {
    block(3, field(original ?? UInt32(packet.count)) + packet)
  }

  private func time(_ ticks: UInt64) -> [UInt8] {
    field(UInt32(truncatingIfNeeded: ticks >> 32)) + field(UInt32(truncatingIfNeeded: ticks))
  }
}
