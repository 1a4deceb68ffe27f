import NetSim

/// What a reader makes of the bytes of a stream.
struct HTTP3Reading: Equatable {
  var events: [HTTP3FrameEvent] = []
  var error: HTTP3Error?

  var payloads: [HTTP3Payload] { events.map(\.payload) }

  /// Reads bytes in pieces of a size, and then the end of the stream.
  init(_ bytes: [UInt8], pieces size: Int = .max, by reader: HTTP3FrameReader) {
    var reader = reader
    let size = max(1, min(size, bytes.count))
    do throws(HTTP3Error) {
      for start in stride(from: 0, to: bytes.count, by: size) {
        try read(Array(bytes[start...].prefix(size)), &reader)
      }
      try reader.end()
    } catch { self.error = error }
  }

  private mutating func read(
    _ piece: [UInt8], _ reader: inout HTTP3FrameReader
  ) throws(HTTP3Error) {
    var position = 0
    while true {
      var result: Result<HTTP3FrameEvent?, HTTP3Error> = .success(nil)
      piece.withUnsafeBytes { raw in
        do throws(HTTP3Error) {
          result = .success(try reader.next(raw, &position))
        } catch { result = .failure(error) }
      }
      guard let event = try result.get() else { return }
      events.append(event)
    }
  }
}
