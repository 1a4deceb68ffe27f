import Captures
import NetSim
import Timelines

/// Two captures of one run as text.
enum ComparisonOfCapturesText {
  /// Lost packets that are listed of each direction.
  private static let mostListed = 40

  static func render(_ comparison: CaptureComparison, _ style: TextStyle) -> String {
    let text =
      sources(comparison) + "\n" + clocks(comparison, style) + "\n" + table(comparison) + "\n"
      + losses(comparison.forth, "A to B", comparison, style)
      + losses(comparison.back, "B to A", comparison, style)
    return style.isASCII
      ? text.replacing("→", with: "->").replacing("…", with: "..").replacing("±", with: "+-")
      : text
  }

  private static func sources(_ comparison: CaptureComparison) -> String {
    var text = ""
    for (name, source) in [("A", comparison.first), ("B", comparison.second)] {
      let others =
        source.unshared > 0
        ? ", \(Numbers.grouped(source.unshared)) of them of conversations that the other has not"
        : ""
      text +=
        "\(name)  \(source.file)\n   \(Numbers.count(source.packets, "packet")) in "
        + "\(Numbers.milliseconds(source.duration)) ms\(others)\n"
    }
    let translated =
      comparison.translated > 0
      ? " (\(comparison.translated) with other addresses or ports)" : ""
    return text
      + "   in both: \(Numbers.count(comparison.conversations, "conversation"))\(translated), "
      + "\(Numbers.count(comparison.pairs, "packet"))\n"
  }

  private static func clocks(_ comparison: CaptureComparison, _ style: TextStyle) -> String {
    guard let clocks = comparison.clocks else {
      return wrapped(
        "Packets of one direction alone are in both captures: the clocks' offset is not known, and "
          + "delays are told from the least one on.", style)
    }
    let ahead = clocks.offset.nanoseconds
    var words =
      "B's clock is \(Numbers.milliseconds(abs(ahead))) ms \(ahead < 0 ? "behind" : "ahead of") A's, "
      + "if the least delays of both directions are alike; known to "
      + "± \(Numbers.milliseconds(clocks.uncertainty)) ms, wrong by half of what they differ in."
    if let skew = clocks.skewPPB, let noise = clocks.skewNoisePPB {
      let rate = "\(Numbers.decimal(abs(skew), places: 3)) ppm \(skew < 0 ? "slower" : "faster")"
      words +=
        clocks.isSkewTakenOut
        ? " It runs \(rate) (± \(Numbers.decimal(noise, places: 3))), which is taken out."
        : " Neither clock is seen to run faster (\(rate), ± \(Numbers.decimal(noise, places: 3)))."
    }
    return wrapped(words, style)
  }

  private static func table(_ comparison: CaptureComparison) -> String {
    let ways = [comparison.forth, comparison.back]
    var text = row("", ["A to B", "B to A"])
    text += row("packets sent", ways.map { Numbers.grouped($0.sent) })
    text += row("bytes sent", ways.map { Numbers.grouped($0.sentBytes) })
    text += row("arrived", ways.map { Numbers.grouped($0.arrived) })
    text += row("lost", ways.map { Numbers.grouped(Int64($0.lost.count)) })
    for (name, counts) in [
      ("arrived in other segments", ways.map(\.recut)),
      ("sent while the other did not run", ways.map(\.outside)),
      ("arrived, not seen to be sent", ways.map(\.unsent)),
    ] where counts.contains(where: { $0 > 0 }) {
      text += row(name, counts.map(Numbers.grouped))
    }
    text += row("duplicated on the way", ways.map { Numbers.grouped($0.duplicated) })
    text += row("reordered on the way", ways.map { Numbers.grouped($0.reordered) })
    text += spread("one-way delay, ms", ways.map(\.delay))
    return text + spread("queueing, ms: what is above the least", ways.map(\.queueing))
  }

  private static func spread(_ name: String, _ spreads: [DelaySpread?]) -> String {
    func figures(_ figure: (DelaySpread) -> SimDuration) -> [String] {
      spreads.map { $0.map { Numbers.milliseconds(figure($0)) } ?? "-" }
    }
    return name + "\n" + row("  least", figures { $0.minimum })
      + row("  median", figures { $0.median }) + row("  95 % within", figures { $0.percentile95 })
      + row("  greatest", figures { $0.maximum })
  }

  private static func row(_ name: String, _ values: [String]) -> String {
    Numbers.filled(name, to: 34) + values.map { Numbers.padded($0, to: 12) }.joined() + "\n"
  }

  /// Where there are several conversations, a lost packet names its own, if there is room.
  private static func losses(
    _ way: ComparedWay, _ name: String, _ comparison: CaptureComparison, _ style: TextStyle
  ) -> String {
    if way.lost.isEmpty { return "" }
    var text = "lost from \(name), by the sender's capture\n"
    for packet in way.lost.prefix(mostListed) {
      let line =
        "  packet " + Numbers.filled("\(packet.number)", to: 8)
        + Numbers.padded(Numbers.milliseconds(packet.sent), to: 12) + " ms  " + span(packet)
      let client =
        packet.source.port >= packet.destination.port ? packet.source : packet.destination
      let whole = line + ", \(client)"
      let isNamed = comparison.conversations > 1 && whole.count < style.width
      text += (isNamed ? whole : line) + "\n"
    }
    let left = way.lost.count - mostListed
    if left > 0 { text += "  and \(left) more; --format json lists them all\n" }
    return text
  }

  private static func span(_ packet: MissingPacket) -> String {
    guard let start = packet.sequence, packet.payloadBytes > 0 else {
      return packet.sequence.map { "at \($0), no data" }
        ?? "UDP, \(Numbers.bytes(packet.payloadBytes))"
    }
    return "\(start)…\(start + packet.payloadBytes - 1) (\(Numbers.bytes(packet.payloadBytes)))"
  }

  private static func wrapped(_ words: String, _ style: TextStyle) -> String {
    Paragraph.wrapped(words, indent: 0, width: style.width - (style.isASCII ? 1 : 0))
  }
}
