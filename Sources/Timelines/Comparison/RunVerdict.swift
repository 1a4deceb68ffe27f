import NetSim

/// Which of several runs was fastest, by how much, and from what the difference comes.
struct RunVerdict {
  /// So many causes are named at most.
  private static let mostCauses = 3

  private let runs: [ComparedRun]

  init(_ runs: [ComparedRun]) { self.runs = runs }

  func render(_ style: TextStyle) -> String {
    var isFirst = hasFastest
    return sentences.map { sentence in
      let lines = DisplayWidth.wrapped(sentence, indent: 1, hanging: 1, width: style.width)
      defer { isFirst = false }
      return lines.map { (isFirst ? style.paint($0, isGood: true) : $0) + "\n" }.joined()
    }.joined()
  }

  /// Whether the first sentence names one.
  private var hasFastest: Bool { runs.count > 1 && runs.contains { $0.complete != nil } }

  private var sentences: [String] {
    let ended = runs.compactMap { run in run.complete.map { (run: run, complete: $0) } }
    let failures = runs.filter { $0.complete == nil }.map { run in
      "\(run.name) did not complete: \(run.completeRequests) of "
        + "\(Numbers.count(run.requests.count, "request")) did"
        + (run.wasStopped ? "; it was stopped at the limit of simulated time." : ".")
    }
    guard let best = ended.min(by: { $0.complete < $1.complete }) else { return failures }
    let time = "complete after \(Numbers.milliseconds(best.complete)) ms"
    if runs.count == 1 { return ["\(best.run.name) was \(time)."] }
    let others = ended.filter { $0.run.name != best.run.name }
    let first =
      others.isEmpty
      ? "Only \(best.run.name) was complete, after \(Numbers.milliseconds(best.complete)) ms."
      : "\(best.run.name) was fastest: \(time)."
    return [first] + others.map { Self.difference(best.run, $0.run) } + failures
  }

  /// How much longer `other` took than `best`, which both have ended, and why.
  private static func difference(_ best: ComparedRun, _ other: ComparedRun) -> String {
    let (from, to) = (best.complete! - .zero, other.complete! - .zero)
    if from == to { return "\(other.name) took just as long." }
    let percent = PairedLanes.percent(from, to)
    let text = "\(other.name) took \(Numbers.milliseconds(to - from)) ms longer (\(percent))"
    let causes = causes(best.criticalPath, other.criticalPath, of: to - from)
    return causes.isEmpty ? text + "." : text + ", on the critical path mostly " + causes + "."
  }

  /// The causes that make up half of a difference between two paths, the greatest first.
  private static func causes(
    _ best: CriticalPath, _ other: CriticalPath, of difference: SimDuration
  ) -> String {
    let greatest = Cause.allCases.map { (cause: $0, time: other.time($0) - best.time($0)) }
      .filter { $0.time > .zero }.sorted { $0.time > $1.time }
    var named: [String] = []
    var sum = SimDuration.zero
    for (cause, time) in greatest.prefix(mostCauses) where sum * 2 < difference {
      named.append("\(cause.name) (\(PairedLanes.signed(time)))")
      sum += time
    }
    return Numbers.list(named)
  }
}
