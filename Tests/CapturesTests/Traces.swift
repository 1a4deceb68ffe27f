import Captures
import Foundation
import NetSim

/// The captures of `traces/` and what is known of them.
enum Traces {
  /// What `captures.json` says of one capture.
  struct Truth: Decodable {
    struct Lost: Decodable {
      var direction: String
      var payload: Int64
    }
    var file: String
    var lostPackets: [Lost]
    /// curl's own figures by object: URL, version, seconds until connected, until TLS was done, until
    /// the first byte, in all, and bytes.
    var client: [String]?
  }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("traces").path

  static func path(_ name: String) -> String { folder + "/" + name + ".pcap" }

  static func read(_ name: String) throws -> CaptureAnalysis {
    try CaptureAnalysis.read(path: path(name))
  }

  static func truth() throws -> [Truth] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/captures.json"))
    return try decoder.decode([Truth].self, from: data)
  }

  /// A time in milliseconds.
  static func ms(_ duration: SimDuration?) -> Double {
    duration.map { Double($0.nanoseconds) / 1e6 } ?? .nan
  }
}

/// A file of `traces/`, record by record, so that tests can leave some out or change them.
struct ClassicCapture {
  private let header: [UInt8]
  /// Each with its header of 16 bytes.
  private var records: [[UInt8]] = []

  init(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Traces.path(name))))
    header = Array(bytes[..<24])
    var place = 24
    while place < bytes.count {
      let length = Int(Self.length(bytes[(place + 8)...]))
      records.append(Array(bytes[place..<place + 16 + length]))
      place += 16 + length
    }
  }

  private static func length(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The file from its `first` packet on, from 0, with what each of its records becomes.
  func bytes(from first: Int = 0, _ change: ([UInt8]) -> [[UInt8]] = { [$0] }) -> [UInt8] {
    header
      + records[first...].flatMap(change).flatMap { record in
        // The captured length is what is left.
        let captured = UInt32(record.count - 16).littleEndian
        return record[..<8] + withUnsafeBytes(of: captured, Array.init) + record[12...]
      }
  }
}
