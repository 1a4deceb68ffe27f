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
