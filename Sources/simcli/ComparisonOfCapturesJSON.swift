import Captures
import NetSim
import Timelines

/// Two captures of one run as `netsim.pcap.compare/1`.
enum ComparisonOfCapturesJSON {
  static func value(_ comparison: CaptureComparison) -> JSONValue {
    .object([
      ("format", .string("netsim.pcap.compare/1")),
      ("a", source(comparison.first)),
      ("b", source(comparison.second)),
      ("conversations", .integer(Int64(comparison.conversations))),
      ("translated_conversations", .integer(Int64(comparison.translated))),
      ("packets_in_both", .integer(comparison.pairs)),
      ("clocks", comparison.clocks.map(clocks) ?? .null),
      (
        "directions",
        .array([way(comparison.forth, "a", "b"), way(comparison.back, "b", "a")])
      ),
      ("problems", .array(comparison.problems.map { .string($0.description) })),
    ])
  }

  private static func source(_ source: CaptureComparison.Source) -> JSONValue {
    .object([
      ("file", .string(source.file)),
      ("packets", .integer(source.packets)),
      ("packets_of_other_conversations", .integer(source.unshared)),
      ("duration_ms", .milliseconds(source.duration.nanoseconds)),
    ])
  }

  /// Skews are told in parts per million with three decimals.
  private static func clocks(_ clocks: ClockEstimate) -> JSONValue {
    .object([
      ("b_ahead_ms", .milliseconds(clocks.offset.nanoseconds)),
      ("uncertainty_ms", .milliseconds(clocks.uncertainty.nanoseconds)),
      ("b_faster_ppm", ppm(clocks.skewPPB)),
      ("b_faster_noise_ppm", ppm(clocks.skewNoisePPB)),
      ("skew_taken_out", .bool(clocks.isSkewTakenOut)),
    ])
  }

  private static func ppm(_ ppb: Int64?) -> JSONValue {
    ppb.map { .millionths($0 * 1_000) } ?? .null
  }

  private static func way(_ way: ComparedWay, _ from: String, _ to: String) -> JSONValue {
    .object([
      ("from", .string(from)),
      ("to", .string(to)),
      ("sent", .integer(way.sent)),
      ("sent_bytes", .integer(way.sentBytes)),
      ("arrived", .integer(way.arrived)),
      ("arrived_in_other_segments", .integer(way.recut)),
      ("lost", .array(way.lost.map(missing))),
      ("outside_the_other_capture", .integer(way.outside)),
      ("duplicated", .integer(way.duplicated)),
      ("reordered", .integer(way.reordered)),
      ("not_seen_sent", .integer(way.unsent)),
      ("delay_ms", spread(way.delay)),
      ("queueing_ms", spread(way.queueing)),
    ])
  }

  private static func missing(_ packet: MissingPacket) -> JSONValue {
    .object([
      ("packet", .integer(Int64(packet.number))),
      ("sent_ms", .milliseconds(packet.sent.nanoseconds)),
      ("transport", .string(packet.isTCP ? "tcp" : "udp")),
      ("source", .string(packet.source.description)),
      ("destination", .string(packet.destination.description)),
      ("sequence", packet.sequence.map { .integer($0) } ?? .null),
      ("payload_bytes", .integer(packet.payloadBytes)),
      ("packet_bytes", .integer(packet.packetBytes)),
    ])
  }

  private static func spread(_ spread: DelaySpread?) -> JSONValue {
    guard let spread else { return .null }
    return .object([
      ("min", .milliseconds(spread.minimum.nanoseconds)),
      ("median", .milliseconds(spread.median.nanoseconds)),
      ("p95", .milliseconds(spread.percentile95.nanoseconds)),
      ("max", .milliseconds(spread.maximum.nanoseconds)),
    ])
  }
}
