import NetSim

/// A UDP header (RFC 768).
struct UDPHeader: Equatable, Sendable {
  /// Bytes of the header.
  static let bytes = 8

  /// The sender's port.
  var sourcePort: UInt16
  /// The receiver's port.
  var destinationPort: UInt16

  /// Appends the header and `payload`, with the checksum over both and the addresses. One that comes to
  /// 0 stands there as all ones, because 0 means that there is none.
  ///
  /// Throws `doesNotFit` where the length has no room in its 16 bits.
  func write(
    payload: [UInt8], source: IPAddress, destination: IPAddress, to bytes: inout [UInt8]
  ) throws(WireError) {
    guard let length = UInt16(exactly: Self.bytes + payload.count) else { throw .doesNotFit }
    var datagram = [sourcePort, destinationPort, length, 0].flatMap {
      [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
    }
    datagram += payload
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      source: source, destination: destination, transport: IPProtocol.udp,
      length: UInt32(length))
    sum.add(datagram)
    let checksum = sum.value == 0 ? UInt16.max : sum.value
    datagram[6] = UInt8(truncatingIfNeeded: checksum >> 8)
    datagram[7] = UInt8(truncatingIfNeeded: checksum)
    bytes += datagram
  }
}
