import Foundation
import NetSim

/// A pcapng file taken apart by nothing but the draft's block structure, to see what other readers
/// hide.
struct PcapngBlocks {
  struct Packet {
    var bytes: [UInt8]
    var number: UInt64
  }

  private(set) var interfaceCount = 0
  private(set) var packets: [Packet] = []

  struct BadBlock: Error { var offset: Int }

  init(path: String) throws {
    try self.init(Array(Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// Takes a little-endian file apart; throws where lengths do not fit.
  init(_ file: [UInt8]) throws {
    var offset = 0
    while offset < file.count {
      guard file.count - offset >= 12 else { throw BadBlock(offset: offset) }
      let length = Int(Self.number(file, offset + 4))
      guard length >= 12, length % 4 == 0, length <= file.count - offset,
        Int(Self.number(file, offset + length - 4)) == length
      else { throw BadBlock(offset: offset) }
      switch Self.number(file, offset) {
      case 1: interfaceCount += 1
      case 6:
        let size = Int(Self.number(file, offset + 20))
        // The packet's number is the last option before the end of the options.
        let number = Self.number(file, offset + length - 16)
        packets.append(
          Packet(
            bytes: Array(file[offset + 28..<offset + 28 + size]), number: UInt64(number)))
      default: break
      }
      offset += length
    }
  }

  private static func number(_ file: [UInt8], _ offset: Int) -> UInt32 {
    file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
