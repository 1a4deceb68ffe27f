import NetSim

/// What reading a stream of frames gives.
struct HTTP2Reading: Equatable {
  var events: [HTTP2FrameEvent] = []
  /// Errors of streams in their order, and the connection's as the last.
  var errors: [HTTP2Error] = []
  var end: Int64 = 0

  var payloads: [HTTP2Payload] { events.map(\.payload) }

  /// Reads bytes that come in pieces of `size`.
  init(_ bytes: [UInt8], pieces size: Int = .max, by reader: HTTP2FrameReader) {
    var reader = reader
    var start = 0
    while start < bytes.count, errors.last?.scope != .connection {
      let end = size < bytes.count - start ? start + size : bytes.count
      bytes[start..<end].withUnsafeBytes { raw in
        var position = 0
        while errors.last?.scope != .connection {
          do throws(HTTP2Error) {
            guard let event = try reader.next(raw, &position) else { return }
            events.append(event)
          } catch { errors.append(error) }
        }
      }
      start = end
    }
    self.end = reader.offset
  }
}
