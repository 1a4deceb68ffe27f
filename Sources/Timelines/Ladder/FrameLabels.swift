import NetSim

/// Which HTTP/2 frames begin where in the two byte streams of a connection, in words.
struct FrameLabels {
  /// A frame with its words.
  struct Label {
    let frame: LoggedFrame
    /// What a stream's fields say: the request, or the status.
    var fields = ""
    /// How many frames alike it stands for.
    var count = 1

    /// Its name and its stream, and what else is worth a word.
    var text: String { fields.isEmpty ? brief : brief + " " + fields }

    /// Its name and its stream.
    var brief: String {
      if let injection = frame.injection {
        return "injected " + (count > 1 ? "\(count)x " : "") + InjectedFrames.name(injection)
      }
      switch frame.type {
      case .settings, .ping: return frame.isFlagged ? frame.type.name + " ack" : frame.type.name
      case .goAway:
        let last = frame.number == HTTP2StreamNumbers.highest ? "all" : "\(frame.number)"
        return "GOAWAY \(last)" + (frame.code == .noError ? "" : " " + FrameErrors.name(frame.code))
      case .resetStream:
        return "RST_STREAM \(frame.stream) " + FrameErrors.name(frame.code)
      case .windowUpdate, .data, .headers, .priority, .pushPromise, .continuation,
        .alternativeService, .origin, .priorityUpdate:
        return (frame.stream > 0 ? "\(frame.type.name) \(frame.stream)" : frame.type.name)
          + (frame.type == .data && frame.isFlagged ? " end" : "")
      }
    }
  }

  /// In the order of their starts.
  let up: [Label]
  let down: [Label]

  /// The frames of a connection of `log`.
  init(_ log: EventLog, connection: UInt32) {
    let streams = StreamRequests(log, connection: connection)
    let application = log.connections[Int(connection)].application
    func labels(_ side: Side) -> [Label] {
      (streams.frames + streams.injected).filter { $0.sender == side }.map { frame in
        guard frame.injection == nil, frame.type == .headers || frame.type == .pushPromise,
          let item = streams[frame.stream], Int(item) < log.requests.count
        else { return Label(frame: frame) }
        let request = log.requests[Int(item)]
        if side == .client || frame.type == .pushPromise {
          return Label(frame: frame, fields: MessageLabels.requestText(request))
        }
        let isInterim = !streams.beginsResponse(frame)
        return Label(
          frame: frame,
          fields: isInterim ? "103 hints" : MessageLabels.responseText(request, application))
      }
      .sorted { $0.frame.start < $1.frame.start }
    }
    up = labels(.client)
    down = labels(.server)
  }

  /// Whether there are none.
  var isEmpty: Bool { up.isEmpty && down.isEmpty }

  /// More characters than these are too many for one segment.
  private static let mostCharacters = 28

  /// The frames that begin within a span, in words. Where those have no room, a response's fields stand
  /// for the content behind them, too, or frames of one type that follow each other go under one name
  /// and without their fields.
  func words(
    _ direction: LadderRow.Direction, from start: Int64, to end: Int64
  ) -> [String] {
    let labels = Self.joined(between(direction, start, end))
    let texts = labels.map(\.text)
    if texts.count < 2 || texts.joined(separator: ", ").count <= Self.mostCharacters {
      return texts
    }
    if labels.count == 2 && labels[0].hasContent(labels[1]) { return [texts[0]] }
    return Self.listed(labels)
  }

  /// What of streams' content a span carries; nil where another frame begins or goes on in it.
  func content(
    _ direction: LadderRow.Direction, from start: Int64, to end: Int64
  ) -> LadderRow.Content? {
    let begun = between(direction, start, end)
    guard begun.allSatisfy(\.isContent), let last = begun.last ?? before(direction, start),
      last.isContent
    else { return nil }
    return LadderRow.Content(
      stream: last.frame.stream, isEnd: begun.contains { $0.frame.isFlagged && $0.isOf(last) })
  }

  // MARK: Parts

  private func between(
    _ direction: LadderRow.Direction, _ start: Int64, _ end: Int64
  ) -> ArraySlice<Label> {
    let labels = direction == .toServer ? up : down
    let first = Self.firstIndex(of: start, in: labels)
    return labels[first..<max(first, Self.firstIndex(of: end, in: labels))]
  }

  private func before(_ direction: LadderRow.Direction, _ start: Int64) -> Label? {
    let labels = direction == .toServer ? up : down
    let first = Self.firstIndex(of: start, in: labels)
    return first > 0 ? labels[first - 1] : nil
  }

  /// The first frame that begins at `start` or later.
  private static func firstIndex(of start: Int64, in labels: [Label]) -> Int {
    labels.partitionIndex { $0.frame.start >= start }
  }

  /// Frames with content of one stream that follow each other go under the name of the last, and
  /// injected ones that are alike under one.
  private static func joined(_ labels: ArraySlice<Label>) -> [Label] {
    var joined: [Label] = []
    for var label in labels {
      if let last = joined.last, last.isOf(label), label.isContent || last.isInjectedAs(label) {
        joined.removeLast()
        if !label.isContent { label.count += last.count }
      }
      joined.append(label)
    }
    return joined
  }

  /// "SETTINGS, HEADERS 1, 3, 5".
  private static func listed(_ labels: [Label]) -> [String] {
    var texts: [String] = []
    for (index, label) in labels.enumerated() {
      let name = label.frame.type.name + " "
      func isAlike(_ other: Int) -> Bool {
        labels.indices.contains(other) && labels[other].frame.type == label.frame.type
          && labels[other].frame.injection == nil && label.frame.injection == nil
      }
      if isAlike(index - 1), label.brief.hasPrefix(name) {
        texts.append(String(label.brief.dropFirst(name.count)))
      } else {
        let isOfAll = label.frame.type == .windowUpdate && label.frame.stream == 0
        texts.append(label.brief + (isOfAll && isAlike(index + 1) ? " 0" : ""))
      }
    }
    return texts
  }
}

extension FrameLabels.Label {
  /// Whether both are of one type and one stream.
  fileprivate func isOf(_ other: FrameLabels.Label) -> Bool {
    frame.type == other.frame.type && frame.stream == other.frame.stream
  }

  /// Whether it is a stack's own frame with content.
  fileprivate var isContent: Bool { frame.type == .data && frame.injection == nil }

  /// Whether the scenario injected both, and alike.
  fileprivate func isInjectedAs(_ other: FrameLabels.Label) -> Bool {
    frame.injection != nil && frame.injection == other.frame.injection
  }

  /// Whether the other is the content that the fields of this one announce.
  fileprivate func hasContent(_ other: FrameLabels.Label) -> Bool {
    frame.injection == nil && frame.type == .headers && other.isContent
      && frame.stream == other.frame.stream
      && !other.frame.isFlagged
  }
}
