import NetSim

/// What streams of HTTP/2 measure, and what their connections do to them.
extension Probes {
  /// The names of what connections with streams measure.
  static let streamNames = [
    "most_streams", "stalls", "refused", "parked_bytes", "most_ahead_bytes", "client_held_bytes",
    "wasted_bytes",
  ]
  /// The names of what a request has in its stream, and of what a loss does to windows.
  static let streamIndexedNames = [
    "request[i].stream", "request[i].frame[j].position", "request[i].frame[j].bytes",
    "request[i].frames", "request[i].closing_frame", "request[i].fields_bytes",
    "reduction[i].before_segments", "reduction[i].after_segments",
  ]

  func streams(_ name: String) -> Double? {
    switch name {
    case "most_streams": return mostStreams
    case "stalls":
      return Double(log.records.lazy.filter { $0.kind == .streamLimited && $0.detail > 0 }.count)
    case "refused": return refused
    case "parked_bytes":
      let parked = log.records.lazy.filter {
        ($0.kind == .bytesBuffered || $0.kind == .streamBuffered) && $0.side == .client
      }
      return parked.reduce(0) { $0 + Double($1.length) }
    case "most_ahead_bytes": return Double(mostAhead)
    case "client_held_bytes": return clientHeld
    case "wasted_bytes": return wasted
    default: return nil
    }
  }

  /// How many streams servers refused.
  private var refused: Double {
    let resets = log.records.lazy.filter {
      $0.kind == .frameSent && $0.side == .server && $0.frameType == .resetStream
    }
    return Double(resets.filter { $0.length == HTTP2ErrorCode.refusedStream.rawValue }.count)
  }

  /// The most bytes of DATA that the first connection's server had sent beyond what it knew to be
  /// given back (RFC 9113 §5.2.1): what the client may have had to hold if it read nothing.
  private var mostAhead: Int64 {
    var (ahead, most) = (Int64(0), Int64(0))
    for record in log.records where record.connection == 0 && record.side == .server {
      switch (record.kind, record.frameType) {
      case (.frameSent, .data):
        ahead += Int64(record.length) - Int64(HTTP2FrameHeader.byteCount)
        most = max(most, ahead)
      // Before anything was sent it widens the window and gives nothing back.
      case (.frameReceived, .windowUpdate) where record.item == 0:
        ahead = max(0, ahead - Int64(record.length))
      default: break
      }
    }
    return most
  }

  /// Bytes of DATA that servers sent of promises that their clients had no use for.
  private var wasted: Double {
    let streams = Set(log.requests.lazy.filter { $0.purpose == .push }.compactMap(\.stream))
    return log.records.reduce(0) { sum, record in
      guard record.kind == .frameSent && record.side == .server && streams.contains(record.item),
        record.frameType == .data
      else { return sum }
      return sum + Double(Int(record.length) - HTTP2FrameHeader.byteCount)
    }
  }

  /// The most bytes that the first client may have to hold on one connection.
  private var clientHeld: Double? {
    let client = scenario.clients[0]
    guard client.application == .http2 else { return nil }
    return Double(
      client.http2.client.mostHeldBytes(streams: client.http2.server.maxConcurrentStreams))
  }

  /// The most streams that were open at the same time, as the client sees it.
  private var mostStreams: Double {
    var (open, most) = (0, 0)
    for record in log.records where log.requests.indices.contains(Int(record.item)) {
      switch record.kind {
      case .requestSent where log.requests[Int(record.item)].stream != nil: open += 1
      case .responseComplete where log.requests[Int(record.item)].stream != nil: open -= 1
      default: break
      }
      most = max(most, open)
    }
    return Double(most)
  }

  /// What a request has in its stream.
  func stream(of request: RequestReport, _ field: String) -> Double? {
    let description = log.requests[Int(request.request)]
    guard let stream = description.stream, let connection = request.connection else { return nil }
    switch field {
    case "stream": return Double(stream)
    case "fields_bytes":
      return Double(description.requestBytes - Int64(HTTP2FrameHeader.byteCount))
    case "closing_frame": return closingFrame(of: stream, on: connection)
    case "frames":
      return Double(frames(.frameSent, of: stream, on: connection, at: .server).count)
    default: return frame(of: stream, on: connection, field)
    }
  }

  /// The records of a stream's frames, as one side sent or received them.
  private func frames(
    _ kind: EventKind, of stream: UInt32, on connection: UInt32, at side: Side
  ) -> [EventRecord] {
    log.records.filter {
      $0.kind == kind && $0.item == stream && $0.connection == connection && $0.side == side
    }
  }

  /// `frame[j].position` and `frame[j].bytes`: where the server's j-th frame of a stream begins in all
  /// that it sends on the connection, and how long the frame is.
  private func frame(of stream: UInt32, on connection: UInt32, _ field: String) -> Double? {
    guard field.hasPrefix("frame["), let close = field.firstIndex(of: "]"),
      let index = Int(field[..<close].dropFirst("frame[".count))
    else { return nil }
    let frames = frames(.frameSent, of: stream, on: connection, at: .server)
    guard frames.indices.contains(index) else { return nil }
    switch field[close...].dropFirst(2) {
    case "position": return Double(frames[index].offset)
    case "bytes": return Double(frames[index].length)
    default: return nil
    }
  }

  /// The type of the frame with which a stream was closed as its client sees it: the states of
  /// RFC 9113 §5.1 go through the frames that the client sent and read.
  private func closingFrame(of stream: UInt32, on connection: UInt32) -> Double? {
    var state = HTTP2StreamState.idle
    for record in log.records
    where record.item == stream && record.connection == connection && record.side == .client
      && (record.kind == .frameSent || record.kind == .frameReceived)
    {
      guard let type = record.frameType,
        let frame = HTTP2StreamFrame(type, isLast: record.frameIsFlagged)
      else { continue }
      let step = state.step(frame, isSent: record.kind == .frameSent, isClient: true)
      if case .to(let next) = step { state = next }
      if state == .closed { return Double(type.rawValue) }
    }
    return nil
  }

  /// What a loss took: the congestion windows of all servers together just before and just after one
  /// of them set its slow-start threshold, in segments.
  func reduction(_ index: Int, _ field: Substring) -> Double? {
    var windows: [UInt32: Double] = [:]
    var count = 0
    for record in log.records where record.side == .server {
      let segment =
        record.connection == EventRecord.noConnection
        ? 1 : Double(log.connections[Int(record.connection)].maximumSegmentSize)
      switch record.kind {
      case .congestionWindow: windows[record.connection] = Double(record.offset) / segment
      case .slowStartThreshold:
        if count == index {
          let before = windows.values.reduce(0, +)
          if field == "before_segments" { return before.rounded() }
          if field == "after_segments" {
            let own = windows[record.connection] ?? 0
            return (before - own + Double(record.offset) / segment).rounded()
          }
          return nil
        }
        count += 1
      default: break
      }
    }
    return nil
  }
}
