import NetSim

/// Some of a capture's packets, with all their bytes, as a capture file of its own
/// (draft-ietf-opsawg-pcapng).
///
/// Link types and times in nanoseconds stay, each interface stays one of its own, and secrets for
/// decryption stand before the packets. Names, comments, directions and statistics are left out.
public struct CaptureExtract {
  /// Which packets are taken.
  public struct Selection: Sendable {
    /// A filter in libpcap's language; nil takes every packet.
    public var filter: String?
    /// TCP connections by their indices, as `CaptureAnalysis` numbers them under the same filter; empty
    /// takes every packet, also of other protocols.
    public var connections: [UInt32]
    /// IP addresses, one of which is the packet's source or destination; empty takes every packet.
    public var hosts: [IPAddress]
    /// Nothing that comes sooner after the capture's first packet.
    public var from: SimTime?
    /// Nothing from this on.
    public var to: SimTime?

    /// A selection; everything where nothing is said.
    public init(
      filter: String? = nil, connections: [UInt32] = [], hosts: [IPAddress] = [],
      from: SimTime? = nil, to: SimTime? = nil
    ) {
      self.filter = filter
      self.connections = connections
      self.hosts = hosts
      self.from = from
      self.to = to
    }
  }

  /// The sink gets its bytes in chunks of about this size.
  private static let chunkBytes = 1 << 16

  private let path: String
  private let selection: Selection
  private let secrets: [CaptureSecrets]
  /// The first time that the capture tells; nil where it has none.
  private let startUnixNs: Int64?
  /// The packets of the wanted connections, in order; nil where any will do.
  private let numbers: [UInt32]?
  /// Connections of the capture.
  public let connectionCount: Int

  /// How many packets were taken.
  public private(set) var packets: Int64 = 0
  /// Why the capture could not be read to its end.
  public private(set) var problem: CaptureError?

  /// Prepares an extract of the capture at `path`, which is read twice: `-` cannot be.
  ///
  /// Throws what `CaptureAnalysis.read` throws. Where connections are named, memory grows with the
  /// capture's TCP packets.
  public init(path: String, _ selection: Selection) throws(CaptureError) {
    self.path = path
    self.selection = selection
    let analysis = try CaptureAnalysis.read(
      path: path,
      options: CaptureOptions(
        filter: selection.filter,
        logLevel: selection.connections.isEmpty ? .totals : .everything))
    secrets = analysis.secrets
    startUnixNs = analysis.summary.startUnixNs
    connectionCount = analysis.connections.count
    if selection.connections.isEmpty {
      numbers = nil
      return
    }
    let found = analysis.log.records.filter { record in
      (record.kind == .segmentSent || record.kind == .segmentReceived)
        && selection.connections.contains(record.connection)
    }
    // Packets that were inferred have numbers beyond the file's.
    numbers = found.map(\.item).sorted()
  }

  /// Writes the file piece by piece; ends with the error of `sink` when that throws.
  public mutating func write<Failure>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var writer = CaptureWriter(secrets: secrets)
    var filter: PacketFilter?
    var series: CaptureSeries
    do {
      filter = try selection.filter.map { expression throws(CaptureError) in
        try PacketFilter(expression, file: path)
      }
      series = try CaptureSeries(paths: [path])
    } catch {
      problem = error
      return try sink(writer.takeBytes())
    }
    var hasTime = false
    var taken: Int64 = 0
    try series.forEach { (frame) throws(Failure) in
      hasTime = hasTime || frame.isTimed
      var frame = frame
      // What has no time takes that of the packet before, and where there is none that of the next.
      if !hasTime, let startUnixNs { frame.unixNs = startUnixNs }
      guard takes(frame, since: startUnixNs ?? frame.unixNs, &filter) else { return }
      taken += 1
      writer.append(frame)
      if writer.bytes.count >= Self.chunkBytes { try sink(writer.takeBytes()) }
    }
    packets = taken
    problem = series.problems.first
    try sink(writer.takeBytes())
  }

  private func takes(
    _ frame: CapturedFrame, since startNs: Int64, _ filter: inout PacketFilter?
  ) -> Bool {
    let time = SimTime(nanoseconds: frame.unixNs - startNs)
    if let from = selection.from, time < from { return false }
    if let to = selection.to, time >= to { return false }
    if let numbers {
      let place = numbers.partitionIndex { $0 >= frame.number }
      guard place < numbers.count, numbers[place] == frame.number else { return false }
    }
    if !selection.hosts.isEmpty, !hasHost(frame) { return false }
    // That a filter does not fit a link type was told by the first reading.
    return (try? filter?.accepts(frame, file: path)) ?? true
  }

  /// Whether the outermost IP header has one of the hosts.
  private func hasHost(_ frame: CapturedFrame) -> Bool {
    guard case .ip(let packet)? = frame.linkType?.payload(of: frame.bytes) else { return false }
    let missing = frame.wireLength - frame.bytes.count
    if let version4 = try? IPv4Packet(packet, missing: missing) {
      return selection.hosts.contains(version4.source)
        || selection.hosts.contains(version4.destination)
    }
    guard let version6 = try? IPv6Packet(packet, missing: missing) else { return false }
    return selection.hosts.contains(version6.source)
      || selection.hosts.contains(version6.destination)
  }
}

/// What a file is by its first bytes.
extension CaptureExtract {
  /// Whether the file at `path` begins as a capture does, of a form that can be read or that is known
  /// by name; false where it cannot be opened.
  public static func isCapture(_ path: String) -> Bool {
    guard let file = try? StandardFile(path: path), file.isRegular else { return false }
    return file.peek(FileForm.frontBytes).withUnsafeBytes { bytes in
      let front = ByteReader(bytes)
      if FileForm(front) != nil || FileForm.isGzip(front) { return true }
      if FileForm.strangerError(front, path) != nil { return true }
      // Versions of pcap before 2.4.
      return [0xA1B2_C3D4, 0xD4C3_B2A1].contains(front.uint32(at: 0))
    }
  }
}
