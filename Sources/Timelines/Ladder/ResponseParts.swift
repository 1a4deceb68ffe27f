import NetSim

/// What a server hands to a connection beside the beginnings of responses, in words.
struct ResponseParts {
  /// A part that comes sooner after the one before goes without a word.
  private let pause: SimDuration
  /// When something of a response was last written, and of which.
  private var last: (time: SimTime, request: UInt32)?

  /// For a connection of `log`: a pause is a quarter of its round trip, as where bursts are folded.
  init(_ log: EventLog, connection: UInt32) {
    let roundTrip = log.records.lazy
      .filter { $0.connection == connection && $0.kind == .roundTripSample }
      .map { SimDuration(nanoseconds: $0.offset) }.min()
    pause = (roundTrip ?? .zero) / 4
  }

  /// What begins with a `responseSent`; nil where that needs no word. Takes them in order.
  mutating func label(_ record: EventRecord, _ request: RequestDescription) -> String? {
    let before = last
    last = (record.time, record.item)
    switch ResponseWrite(rawValue: record.detail) {
    case .tooEarly: return "HTTP 425"
    case .hints: return "103 hints"
    case .continuation:
      guard let before, before.request == record.item, record.time - before.time > pause
      else { return nil }
      return "more of HTTP \(request.status)"
    case .beginning, nil: return nil
    }
  }
}
