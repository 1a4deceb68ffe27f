import NetSim

/// Which HTTP/3 messages begin where in the streams of a connection, in words.
struct StreamMessages {
  /// The message at a position of a stream.
  private struct Message {
    let sender: Side
    let stream: UInt32
    let start: Int64
    let text: String
  }

  private var messages: [Message] = []
  /// The request of each stream.
  private(set) var requests: [UInt32: UInt32] = [:]

  /// The messages of a connection of `log`.
  init(_ log: EventLog, connection: UInt32) {
    let own = log.records.filter { $0.connection == connection }
    noteRequests(own)
    let finals = own.filter { $0.kind == .responseSent }
    for record in own where record.kind == .http3FrameSent {
      guard let text = text(record, log, finals) else { continue }
      messages.append(
        Message(
          sender: record.side, stream: record.item, start: record.offset, text: text))
    }
  }

  /// A request's own record follows that of its fields.
  private mutating func noteRequests(_ own: [EventRecord]) {
    var last: UInt32?
    for record in own {
      if record.kind == .http3FrameSent && record.side == .client
        && record.detail == Self.headers
      {
        last = record.item
      } else if record.kind == .requestSent, let stream = last {
        requests[stream] = record.item
      }
    }
  }

  private static let headers: UInt8 = 1

  private func text(_ record: EventRecord, _ log: EventLog, _ finals: [EventRecord]) -> String? {
    switch record.detail {
    case 4: return "SETTINGS"
    case 7: return "GOAWAY"
    case 16: return "PRIORITY_UPDATE"
    case Self.headers:
      guard let item = requests[record.item], Int(item) < log.requests.count else {
        return "HEADERS"
      }
      let request = log.requests[Int(item)]
      if record.side == .client { return MessageLabels.requestText(request) }
      let isFinal = finals.contains { $0.item == item && $0.offset == record.offset }
      return isFinal ? MessageLabels.responseText(request, .http3) : "103 hints"
    default: return nil
    }
  }

  /// The messages that begin in a datagram, in the order of its frames.
  func words(_ datagram: LoggedDatagram) -> [String] {
    datagram.streamFrames.flatMap { frame in
      messages.filter {
        $0.sender == datagram.sender && $0.stream == frame.stream
          && (frame.start..<frame.end).contains($0.start)
      }.map(\.text)
    }
  }
}
