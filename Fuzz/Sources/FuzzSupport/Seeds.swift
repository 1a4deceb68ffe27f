import Foundation
import NetSim

/// Inputs to begin with: made from the captures of `traces/`, of which they have the first bytes of each
/// direction of the TCP connections, or given as they are.
public enum Seeds {
  /// Bytes of a seed, at most: short inputs are quick, and what matters stands at the front.
  private static let length = 700

  /// Writes them, where the environment asks for that: `FUZZ_TRACES` names the folder of the captures,
  /// `FUZZ_SEEDS` the one to write to. `seeds` gives what a stream is good for.
  public static func write(_ seeds: (_ stream: [UInt8], _ isClient: Bool) -> [[UInt8]]) {
    let environment = ProcessInfo.processInfo.environment
    guard let traces = environment["FUZZ_TRACES"], let folder = environment["FUZZ_SEEDS"] else {
      return
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: traces)) ?? []
    var count = 0
    for name in names.sorted() where name.hasSuffix(".pcap") {
      guard let file = FileManager.default.contents(atPath: traces + "/" + name) else { continue }
      for stream in streams([UInt8](file)) {
        for seed in seeds(stream.bytes, stream.isClient) {
          let path = folder + "/seed-\(count)"
          require(
            FileManager.default.createFile(atPath: path, contents: Data(seed)),
            "cannot write \(path)")
          count += 1
        }
      }
    }
    require(count > 0, "no seeds in \(traces)")
  }

  /// Writes inputs that are given in hexadecimal digits, where the environment asks for that.
  public static func write(hex seeds: [String]) {
    guard let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] else { return }
    for (count, seed) in seeds.enumerated() {
      let digits = seed.filter { $0 != " " }
      let bytes = stride(from: 0, to: digits.count, by: 2).map { place in
        let start = digits.index(digits.startIndex, offsetBy: place)
        return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0
      }
      let path = folder + "/seed-\(count)"
      require(
        FileManager.default.createFile(atPath: path, contents: Data(bytes)), "cannot write \(path)")
    }
  }

  private struct Stream {
    var ports: [UInt16]
    var isClient: Bool
    var next: SequenceNumber
    var bytes: [UInt8] = []
  }

  /// The streams of a classic capture of raw IP, little-endian, as those of `traces/` are. What comes
  /// out of order is left out.
  private static func streams(_ file: [UInt8]) -> [Stream] {
    var streams: [Stream] = []
    var place = 24
    while place + 16 <= file.count {
      let length = file[place + 8..<place + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
      let end = min(place + 16 + length, file.count)
      file[place + 16..<end].withUnsafeBytes { take(ByteReader($0), &streams) }
      place = end
    }
    return streams
  }

  private static func take(_ reader: ByteReader, _ streams: inout [Stream]) {
    guard let packet = try? IPv4Packet(reader), packet.transport == 6,
      let segment = try? TCPSegment(packet.payload)
    else { return }
    let ports = [segment.sourcePort, segment.destinationPort]
    if segment.flags.contains(.syn) {
      streams.append(
        Stream(
          ports: ports, isClient: !segment.flags.contains(.ack),
          next: segment.sequence.advanced(by: 1)))
    }
    guard let index = streams.lastIndex(where: { $0.ports == ports }),
      streams[index].next == segment.sequence, streams[index].bytes.count < length
    else { return }
    let payload = segment.payload.bytes
    streams[index].next = segment.sequence.advanced(by: Int64(payload.count))
    streams[index].bytes += payload.prefix(length - streams[index].bytes.count)
  }
}
