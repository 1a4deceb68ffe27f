import NetSim

/// The rate, what was under way and the round trips of a connection's life, a line of small bars each.
struct SequenceSparks {
  private let rate: Sparkline
  private let flight: Sparkline
  private let roundTrip: Sparkline
  private let isFlightEstimated: Bool
  /// Whose round trips they are; nil where there are none.
  private let measurer: Side?
  private let sender: Side

  init(
    _ rows: [PacketRow], _ log: EventLog, _ connection: UInt32, sender: Side, vantage: Side,
    _ scale: LaneScale
  ) {
    self.sender = sender
    let samples = Self.samples(log, connection, preferring: sender)
    measurer = samples.first?.side
    rate = Sparkline(values: Self.rates(rows, sender, scale))
    let least = samples.map(\.nanoseconds).min().map { SimDuration(nanoseconds: $0) }
    flight = Sparkline(
      values: FlightEstimate(rows, of: sender, seenBy: vantage, roundTrip: least).most(scale))
    isFlightEstimated = vantage != sender
    roundTrip = Sparkline(values: Self.greatest(samples, scale))
  }

  /// A measured round trip.
  private struct Sample {
    var time: SimTime
    var side: Side
    var nanoseconds: Int64
  }

  /// The sender's samples, or the other end's where the log has none of the sender's.
  private static func samples(
    _ log: EventLog, _ connection: UInt32, preferring sender: Side
  ) -> [Sample] {
    let all = log.records.filter { $0.connection == connection && $0.kind == .roundTripSample }
      .map { Sample(time: $0.time, side: $0.side, nanoseconds: $0.offset) }
    let own = all.filter { $0.side == sender }
    return own.isEmpty ? all : own
  }

  /// Bits of payload per second in each column.
  private static func rates(
    _ rows: [PacketRow], _ sender: Side, _ scale: LaneScale
  ) -> [Int64?] {
    var bytes = [Int64](repeating: 0, count: scale.columns)
    for row in rows where row.sender == sender {
      bytes[scale.column(of: row.time)] += row.payloadBytes
    }
    let spanNs = Int128(max(1, (scale.to - scale.from).nanoseconds))
    return bytes.map { bytes in
      let rate = Int128(bytes) * 8_000_000_000 * Int128(scale.columns) / spanNs
      // All at one instant: no rate that anybody could read.
      return Int64(min(rate, Int128(1) << 60))
    }
  }

  /// The greatest sample of each column, kept until the next one.
  private static func greatest(_ samples: [Sample], _ scale: LaneScale) -> [Int64?] {
    var values = [Int64?](repeating: nil, count: scale.columns)
    for sample in samples {
      let column = scale.column(of: sample.time)
      values[column] = max(values[column] ?? 0, sample.nanoseconds)
    }
    for column in values.indices.dropFirst() where values[column] == nil {
      values[column] = values[column - 1]
    }
    return values
  }

  /// The lines, each at most as wide as the style says, with a final newline.
  func render(_ style: TextStyle) -> String {
    var text = row("rate", rate, from: 0, style)
    text += row("in flight", flight, from: 0, style)
    // Noise is not to look like a queue: the highest bar is a quarter above the least at least.
    let least = roundTrip.range?.lowerBound ?? 0
    if measurer != nil {
      text += row("RTT", roundTrip, from: least, ceiling: least + least / 4, style)
    }
    return text
      + DisplayWidth.wrapped(words, indent: SequencePlot.left, width: style.width)
      .map { $0 + "\n" }.joined()
  }

  private func row(
    _ name: String, _ line: Sparkline, from floor: Int64, ceiling: Int64 = 0, _ style: TextStyle
  ) -> String {
    Numbers.padded(name, to: SequencePlot.left - 1) + " "
      + line.line(from: floor, ceiling: ceiling, style) + "\n"
  }

  private var words: String {
    var parts: [String] = []
    if let range = rate.range {
      parts.append("rate up to \(Numbers.rate(bitsPerSecond: range.upperBound)) of payload")
    }
    if let range = flight.range {
      parts.append(
        "in flight up to \(Numbers.bytes(range.upperBound))"
          + (isFlightEstimated ? " (what arrives within a round trip)" : ""))
    }
    if let range = roundTrip.range, let measurer {
      let whose = measurer == sender ? "" : ", measured by the receiver's own packets"
      parts.append(
        "RTT \(Numbers.milliseconds(range.lowerBound, digits: 1)) to "
          + "\(Numbers.milliseconds(range.upperBound, digits: 1)) ms\(whose)")
    }
    return parts.joined(separator: "; ")
  }
}
