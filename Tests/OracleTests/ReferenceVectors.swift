import Foundation

/// The published figures in `Vectors/reference_vectors.json`.
struct ReferenceVectors: Decodable {
  /// RFC 6937 §3.1: what happens on each acknowledgement.
  struct RateReduction: Decodable {
    struct Trace: Decodable {
      var pipe: [UInt32]
      /// `N` for a new segment, `R` for a repeated one, `2R` for two, `-` for none.
      var sent: String
    }

    struct OneLoss: Decodable {
      var ack: [Int]
      var prr: Trace
    }

    struct ManyLosses: Decodable {
      var ack: [Int]
      var conservative: Trace
      var slowStart: Trace

      private enum CodingKeys: String, CodingKey {
        case ack
        case conservative = "prr_crb"
        case slowStart = "prr_ssrb"
      }
    }

    var oneLoss: OneLoss
    var manyLosses: ManyLosses

    private enum CodingKeys: String, CodingKey {
      case oneLoss = "case_loss_0"
      case manyLosses = "case_loss_0_to_14"
    }
  }

  /// RFC 9438 §5.1: windows in segments; a row is p, Reno, HSTCP, and CUBIC with C = 0.04, 0.4, 4.
  struct CUBICTables: Decodable {
    var slow: [[Double]]
    var fast: [[Double]]

    private enum CodingKeys: String, CodingKey {
      case slow = "rtt_0.1s"
      case fast = "rtt_0.01s"
    }
  }

  var rateReduction: RateReduction
  var cubic: CUBICTables

  private enum CodingKeys: String, CodingKey {
    case rateReduction = "prr_rfc6937_s3.1"
    case cubic = "cubic_rfc9438"
  }

  static func load() throws -> ReferenceVectors {
    try JSONDecoder().decode(
      ReferenceVectors.self, from: Data(contentsOf: file("reference_vectors.json")))
  }

  static func file(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(name)")
  }

  /// The windows of s2n-quic's scenario, in packets, by round.
  static func rounds(of scenario: String) throws -> [UInt32] {
    let text = try String(contentsOf: file("s2n_cubic_vectors.tsv"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t")
      return fields[0] == scenario ? UInt32(fields[2]) : nil
    }
  }
}
