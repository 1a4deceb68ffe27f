import Foundation

/// A large capture out of small ones: copies of their packets, each with a client address of its own, as
/// if many clients had done the same a few milliseconds after each other.
struct LargeCapture {
  private struct Packet {
    var timeNs: Int64
    var bytes: [UInt8]
  }

  /// The traces that are copied: raw IPv4, times in nanoseconds.
  private static let traces = [
    "h1-keepalive-clean", "h1-keepalive-drops", "h2-drops", "h1-tls13-clean", "h1-six-clean",
  ]
  /// A copy begins so long after the one before it.
  private static let spacingNs: Int64 = 3_000_000
  private static let clients: [[UInt8]] = [[10, 8, 0, 1], [10, 9, 0, 1]]

  private let sources: [[Packet]]

  /// Reads the traces of `folder`; nil where one is not there.
  init?(folder: String) {
    var all: [[Packet]] = []
    for name in Self.traces {
      guard let file = FileManager.default.contents(atPath: "\(folder)/\(name).pcap") else {
        return nil
      }
      all.append(Self.packets([UInt8](file)))
    }
    sources = all
  }

  private static func packets(_ file: [UInt8]) -> [Packet] {
    func number(_ place: Int) -> Int64 {
      (0..<4).reduce(0) { $0 | Int64(file[place + $1]) << Int64($1 * 8) }
    }
    var packets: [Packet] = []
    var place = 24
    while place + 16 <= file.count {
      let end = place + 16 + Int(number(place + 8))
      packets.append(
        Packet(
          timeNs: number(place) * 1_000_000_000 + number(place + 4),
          bytes: Array(file[place + 16..<end])))
      place = end
    }
    let start = packets.first?.timeNs ?? 0
    return packets.map { Packet(timeNs: $0.timeNs - start, bytes: $0.bytes) }
  }

  /// A pcap file of `copies` copies.
  func bytes(copies: Int) -> [UInt8] {
    var order: [(timeNs: Int64, copy: Int, index: Int)] = []
    for copy in 0..<copies {
      let source = sources[copy % sources.count]
      for index in source.indices {
        order.append((source[index].timeNs + Int64(copy) * Self.spacingNs, copy, index))
      }
    }
    order.sort { $0 < $1 }
    var file: [UInt8] = []
    func append(_ value: Int64) {
      for shift in [0, 8, 16, 24] as [Int64] {
        file.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    append(0xA1B2_3C4D)
    append(0x0004_0002)
    for value in [0, 0, 65_535, 101] as [Int64] { append(value) }
    for (timeNs, copy, index) in order {
      let packet = renamed(sources[copy % sources.count][index].bytes, copy)
      append(1_700_000_000 + timeNs / 1_000_000_000)
      append(timeNs % 1_000_000_000)
      append(Int64(packet.count))
      append(Int64(packet.count))
      file += packet
    }
    return file
  }

  /// The packet with the client's address replaced by one of the copy's own.
  private func renamed(_ packet: [UInt8], _ copy: Int) -> [UInt8] {
    var packet = packet
    let own: [UInt8] = [
      10, 16 + UInt8(copy >> 16 & 15), UInt8(copy >> 8 & 255), UInt8(copy & 255),
    ]
    let place = Self.clients.contains(Array(packet[12..<16])) ? 12 : 16
    packet.replaceSubrange(place..<place + 4, with: own)
    return packet
  }
}
