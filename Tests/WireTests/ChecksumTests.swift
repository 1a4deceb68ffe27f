import NetSim
import Testing

@Suite struct ChecksumTests {
  @Test("The example of RFC 1071 §3 sums to ddf2")
  func example() {
    var sum = InternetChecksum()
    sum.add([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7])
    #expect(sum.folded == 0xDDF2)
    #expect(sum.value == 0x220D)
  }

  @Test("An odd last byte counts as the high half of a word")
  func oddLength() {
    var sum = InternetChecksum()
    sum.add([0x12, 0x34, 0x56])
    #expect(sum.folded == 0x1234 + 0x5600)
  }

  @Test("The checksum of an IPv4 header from the field is the one it carries")
  func header() throws {
    // A header whose checksum, b861, is worked out in many textbooks.
    let bytes: [UInt8] = [
      0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xB8, 0x61, 0xC0, 0xA8, 0x00,
      0x01, 0xC0, 0xA8, 0x00, 0xC7,
    ]
    try bytes.withUnsafeBytes { raw in
      let packet = try IPv4Packet(ByteReader(raw))
      #expect(packet.hasValidChecksum)
    }
  }
}
