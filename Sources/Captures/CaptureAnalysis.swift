import NetSim

/// What a capture says, from its packets up to its requests.
public struct CaptureAnalysis: Sendable {
  /// The totals.
  public var summary: CaptureSummary
  /// The TCP connections, in the order of their first packets; the same order as in `log`.
  public var connections: [CapturedConnection]
  /// The HTTP/1.x requests, in the order of their first bytes; the same order as in `log`.
  public var requests: [CapturedRequest]
  /// Everything that happened, in the vocabulary of a simulated run. Times count from the first
  /// packet; the packet numbers are those of the file, and larger ones for packets that the capture
  /// does not have and that were inferred.
  public var log: EventLog
  /// Why the capture could not be read to its end; what stood before is in the rest.
  public var problem: CaptureError?

  /// Reads the capture at `path`.
  ///
  /// Throws when there is nothing to read: no such file, a directory, an empty file, no capture, an
  /// unknown link type, or a filter that does not compile. A fault further on ends the reading and
  /// stands in `problem`. Time grows with the file's size, memory with `options.logLevel`.
  public static func read(
    path: String, options: CaptureOptions = CaptureOptions()
  ) throws(CaptureError) -> CaptureAnalysis {
    let file = try CaptureFile.open(path)
    var filter: PacketFilter?
    if let expression = options.filter {
      filter = try PacketFilter(expression, linkNumber: file.linkNumber, file: path)
    }
    var reading = CaptureReading(linkType: file.linkType, options: options)
    var problem: CaptureError?
    do {
      while let frame = try file.next() {
        reading.countNumber(frame)
        if let filter, !filter.accepts(frame) { continue }
        reading.take(frame)
      }
    } catch {
      problem = error
    }
    return reading.finish(problem: problem)
  }
}
