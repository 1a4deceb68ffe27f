import NetSim

/// What a capture says, from its packets up to its requests.
public struct CaptureAnalysis: Sendable {
  /// The totals.
  public var summary: CaptureSummary
  /// The TCP connections, in the order of their first packets; the same order as in `log`, where that
  /// keeps more than totals.
  public var connections: [CapturedConnection]
  /// The HTTP/1.x requests, in the order of their first bytes; the same order as in `log`, where that
  /// keeps more than totals.
  public var requests: [CapturedRequest]
  /// Everything that happened, in the vocabulary of a simulated run. Times count from the first
  /// packet; the packet numbers are those of the file, and larger ones for packets that the capture
  /// does not have and that were inferred.
  public var log: EventLog
  /// Why captures could not be read to their ends, one for each file at most; what stood before is in
  /// the rest.
  public var problems: [CaptureError]
  /// The QUIC connections, in the order of their first datagrams; in `log` they are not.
  public var quic: [CapturedQUIC] = []
  /// The keys for decryption that the files carry. Nothing is decrypted yet.
  public var secrets: [CaptureSecrets] = []

  /// The first of `problems`.
  public var problem: CaptureError? { problems.first }

  /// Reads the capture at `path` (`-` is standard input).
  ///
  /// Throws when there is nothing to read: no such file, a directory, an empty file, no capture, an
  /// unknown link type, or a filter that does not compile. A fault further on ends the reading and
  /// stands in `problems`. Time grows with the file's size, memory with `options.logLevel`.
  public static func read(
    path: String, options: CaptureOptions = CaptureOptions()
  ) throws(CaptureError) -> CaptureAnalysis {
    try read(paths: [path], options: options)
  }

  /// Reads several captures as one, their packets merged by time; see `read(path:options:)`. A fault
  /// in one of them ends the reading of that one. Packets are numbered through all files. `progress` is
  /// called now and then with how many packets have been read.
  public static func read(
    paths: [String], options: CaptureOptions = CaptureOptions(),
    progress: (Int64) -> Void = { _ in }
  ) throws(CaptureError) -> CaptureAnalysis {
    try read(CaptureSeries(paths: paths), name: paths.first ?? "", options, progress)
  }

  /// Reads a capture that is in memory; see `read(path:options:)`. `asPipe` reads it from front to
  /// back, as if it came through a pipe, to the same result.
  public static func read(
    _ bytes: UnsafeRawBufferPointer, name: String, asPipe: Bool = false,
    options: CaptureOptions = CaptureOptions()
  ) throws(CaptureError) -> CaptureAnalysis {
    let file = try CaptureFile.open(bytes, name: name, asPipe: asPipe)
    return try read(CaptureSeries([file]), name: name, options) { _ in }
  }

  /// `progress` is called each 131,072 packets: some times a second.
  private static let progressMask: UInt32 = 0x1_FFFF

  private static func read(
    _ series: CaptureSeries, name: String, _ options: CaptureOptions,
    _ progress: (Int64) -> Void
  ) throws(CaptureError) -> CaptureAnalysis {
    var filter: PacketFilter?
    if let expression = options.filter { filter = try PacketFilter(expression, file: name) }
    var reading = CaptureReading(options: options)
    var series = series
    try series.forEach { (frame) throws(CaptureError) in
      reading.countNumber(frame)
      if frame.number & Self.progressMask == 0 { progress(Int64(frame.number)) }
      if try filter?.accepts(frame, file: name) == false { return }
      reading.take(frame)
    }
    var analysis = reading.finish(problems: series.problems)
    analysis.secrets = series.secrets
    return analysis
  }
}
