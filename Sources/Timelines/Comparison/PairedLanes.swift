import NetSim

/// The lanes of two runs of the same requests, each request's two lanes under each other on one
/// scale, then how long each took and where the difference comes from.
public struct PairedLanes: Sendable {
  /// One request in both runs.
  public struct Pair: Sendable {
    /// What it is called.
    public var name: String
    /// In the first run, on the second one's clock.
    public var first: RequestReport
    /// In the second run.
    public var second: RequestReport

    /// A request with its reports.
    public init(name: String, first: RequestReport, second: RequestReport) {
      self.name = name
      self.first = first
      self.second = second
    }

    /// How much longer it took in the second run.
    public var difference: SimDuration { second.duration - first.duration }

    /// The cause whose time differs most, with the difference; nil where no cause differs by a
    /// tenth of a millisecond.
    public var mainDifference: (cause: Cause, time: SimDuration)? {
      let differences = Cause.allCases.map { (cause: $0, time: second.time($0) - first.time($0)) }
      guard
        let main = differences.max(by: {
          $0.time.nanoseconds.magnitude < $1.time.nanoseconds.magnitude
        }), main.time.nanoseconds.magnitude >= 100_000
      else { return nil }
      return main
    }
  }

  /// From how many requests on the middle ones are left out.
  private static let mostPairs = 16

  private let pairs: [Pair]
  private let names: (first: String, second: String)

  /// The lanes of `pairs`, of runs with these names.
  public init(_ pairs: [Pair], first: String, second: String) {
    self.pairs = pairs
    names = (first, second)
  }

  /// The lanes and the table as text, each line at most as wide as the style says.
  public func render(_ style: TextStyle) -> String {
    guard !pairs.isEmpty else { return "" }
    return chart(style) + "\n" + table(style)
  }

  // MARK: Lanes

  private func chart(_ style: TextStyle) -> String {
    let left = 24
    let lanes = pairs.map { pair in
      (
        first: Lane(pair.first, name: Numbers.clipped(pair.name, to: 13, style.marks)),
        second: Lane(pair.second, name: "")
      )
    }
    let all = lanes.flatMap { [$0.first, $0.second] }
    let scale = LaneScale(
      from: all.map(\.start).min() ?? .zero, to: all.map(\.end).max() ?? .zero,
      columns: style.width - left - 11)
    func line(_ lane: Lane, _ run: String) -> String {
      Numbers.filled(Numbers.filled(lane.name, to: 14) + run, to: left)
        + Numbers.filled(lane.cells(scale), to: scale.columns)
        + Numbers.padded(Numbers.milliseconds(lane.end), to: 11) + "\n"
    }
    let text = MiddleCut(lanes.count, most: Self.mostPairs).lines(style.marks, of: "request") {
      line(lanes[$0].first, names.first) + line(lanes[$0].second, names.second)
    }
    return scale.axis(String(repeating: " ", count: left), width: style.width) + text
      + LaneLegend.text(all, width: style.width)
  }

  // MARK: Differences

  private func table(_ style: TextStyle) -> String {
    let head =
      Numbers.filled(" how long each took, ms", to: 24) + Numbers.padded(names.first, to: 11)
      + Numbers.padded(names.second, to: 11) + Numbers.padded("difference", to: 12)
      + (style.width < 72 ? "" : "  mostly in") + "\n"
    return head
      + MiddleCut(pairs.count, most: Self.mostPairs).lines(style.marks, of: "request", indent: " ")
    {
      let pair = pairs[$0]
      return row(
        pair.name, pair.first.duration, pair.second.duration, style,
        pair.mainDifference.map { "\($0.cause.name) \(Self.signed($0.time))" } ?? "")
    }
  }

  private func row(
    _ name: String, _ first: SimDuration, _ second: SimDuration, _ style: TextStyle, _ note: String
  ) -> String {
    let line =
      Numbers.filled(" " + Numbers.clipped(name, to: 22, style.marks), to: 24)
      + Numbers.padded(Numbers.milliseconds(first), to: 11)
      + Numbers.padded(Numbers.milliseconds(second), to: 11)
      + Numbers.padded(Self.signed(second - first), to: 12)
    if note.isEmpty { return line + "\n" }
    // What does not fit stands below.
    let fits = line.count + 2 + note.count <= style.width
    return line + (fits ? "  " : "\n   mostly in ") + note + "\n"
  }

  /// Milliseconds with their sign.
  public static func signed(_ span: SimDuration) -> String {
    let magnitude = SimDuration(nanoseconds: abs(span.nanoseconds))
    return (span < .zero ? "-" : "+") + Numbers.milliseconds(magnitude)
  }

  /// How much `second` is above `first`, in percent with a sign: `+1.8%`.
  public static func percent(_ first: SimDuration, _ second: SimDuration) -> String {
    guard first > .zero else { return "" }
    let tenths = (second - first).nanoseconds * 1_000 / first.nanoseconds
    return (tenths < 0 ? "-" : "+") + "\(abs(tenths) / 10).\(abs(tenths) % 10)%"
  }
}
