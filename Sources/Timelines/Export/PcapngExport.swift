import NetSim

/// A simulated run as a capture file: what a capture program at one of the hosts would have written
/// (draft-ietf-opsawg-pcapng).
///
/// A packet that a host at the vantage point sends stands there with its time of sending, whether or
/// not the network lost it later; a packet for such a host stands there with its time of arrival,
/// and not at all when it was lost. The bytes are those of real packets: IPv4 and TCP headers with
/// their options and checksums, and the streams' content made up again from the position in them; or
/// UDP and QUIC's headers, as far as they can be read on the way.
/// Simulated time 0 is the first second of 2026, which the HTTP heads' dates say, too.
///
/// Packets carry their number in the run as `epb_packetid`, the same at both vantage points, and a
/// comment where the simulator knows more than a capture can show: that the packet was lost and why,
/// or that it repeats another and what for.
public struct PcapngExport {
  /// 2026-01-01T00:00:00Z in nanoseconds since 1970.
  static let epochNs: UInt64 = 1_767_225_600_000_000_000
  /// The sink gets its bytes in chunks of about this size.
  private static let chunkBytes = 1 << 16

  private let log: EventLog
  private let vantage: Side
  private let selection: PacketSelection
  private let ends: [ConnectionEnds]
  private let notes: PacketNotes

  /// An export of what the client hosts, or the server hosts, of a run see, as far as `selection` takes
  /// it.
  ///
  /// Throws when the log has not got what packets are made of: it was kept at a lower level than
  /// `everything`, it comes from a capture, or its hosts have no IPv4 addresses.
  public init(
    _ log: EventLog, vantage: Side, selection: PacketSelection = PacketSelection()
  ) throws(PcapngExportError) {
    guard log.level == .everything else { throw .incompleteLog }
    var ends: [ConnectionEnds] = []
    for (index, connection) in log.connections.enumerated() {
      guard let parsed = ConnectionEnds(connection) else {
        throw .noAddress(connection: UInt32(index))
      }
      ends.append(parsed)
    }
    self.log = log
    self.vantage = vantage
    self.selection = selection
    self.ends = ends
    notes = try PacketNotes(log)
  }

  /// The whole file.
  public var bytes: [UInt8] {
    var all: [UInt8] = []
    write { (chunk: [UInt8]) in all += chunk }
    return all
  }

  /// Writes the file piece by piece, so that a long run needs no memory for all its bytes.
  ///
  /// Ends with the error of `sink` when that throws.
  public func write<Failure>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var writer = PcapngWriter()
    writeHeader(to: &writer)
    var maker = PacketMaker(log, ends: ends)
    let isSelected = log.connections.map { selection.takes($0) }
    for (index, record) in log.records.enumerated() {
      maker.take(record)
      guard let isOutbound = maker.isOutbound(record, at: index, seenBy: vantage),
        isSelected[Int(record.connection)],
        selection.takes(connection: record.connection, at: record.time)
      else { continue }
      writer.packet(
        PcapngPacket(
          timestamp: Self.epochNs + UInt64(record.time.nanoseconds),
          bytes: maker.packet(record), isOutbound: isOutbound,
          number: UInt64(record.item),
          comment: notes.comment(on: record.item)))
      if writer.bytes.count >= Self.chunkBytes { try sink(writer.takeBytes()) }
    }
    try sink(writer.takeBytes())
  }

  /// Writes the section's header and the one interface that all hosts at the vantage point share:
  /// libpcap 1.10 refuses files with a second interface of raw IP.
  private func writeHeader(to writer: inout PcapngWriter) {
    let side = vantage == .client ? "client" : "server"
    writer.section(
      application: "NetSim",
      comment: "A simulated run as its \(side) saw it, fingerprint "
        + RunJSON.hexadecimal(log.fingerprint))
    var seen: Set<IPAddress> = []
    let addresses = ends.map { $0[vantage].address }.filter { seen.insert($0).inserted }
    writer.interface(name: side, addresses: addresses)
  }
}

/// Why a log cannot be written as packets.
public enum PcapngExportError: Error, Equatable, Sendable {
  /// The log lacks packets or their headers: a lower level, or a captured log.
  case incompleteLog
  /// An end of the connection has no IPv4 address and port.
  case noAddress(connection: UInt32)
  /// The packet with its headers is longer than an IPv4 packet can be (RFC 791 §3.1).
  case packetTooLong(number: UInt32)

  /// What is wrong and what would be right, in one line.
  public var message: String {
    switch self {
    case .incompleteLog: "the log lacks packets' headers: export needs a simulated run's full log"
    case .noAddress(let connection):
      "connection \(connection) has no IPv4 addresses and ports, which its packets need"
    case .packetTooLong(let number):
      "packet \(number) is longer than the 65,535 bytes of an IPv4 packet; use a smaller MSS"
    }
  }
}
