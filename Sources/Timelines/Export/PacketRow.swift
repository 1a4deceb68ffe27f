import NetSim

/// A TCP packet as one end of its connection sees it: a row of a table.
public struct PacketRow: Sendable {
  /// The packet's number, in the capture or in the run.
  public var packet: UInt32
  /// When it was sent, or when it arrived where the other end sent it.
  public var time: SimTime
  /// Its connection's index in the log.
  public var connection: UInt32
  /// Who sent it.
  public var sender: Side
  /// Its position in its direction, the SYN being 0.
  public var sequence: Int64
  /// The next position that its sender expects of the other direction; nil where it says nothing.
  public var acknowledgement: Int64?
  /// Bytes of its payload.
  public var payloadBytes: Int64
  /// The control bits.
  public var flags: TCPFlags
  /// The window that its sender grants, scaled; nil where it says nothing, or where its scale is not
  /// known.
  public var windowBytes: Int64?
  /// What it acknowledges selectively, in the header's order (RFC 2018).
  public var sackBlocks: [Range<Int64>] = []
  /// What it reports to have got twice (RFC 2883).
  public var duplicateSACK: Range<Int64>?
  /// What made its sender repeat bytes; nil where it repeats none.
  public var retransmission: RetransmissionKind?
  /// Whether it repeats what had arrived.
  public var isNeedless = false
  /// Whether the network lost it, as far as the log knows.
  public var isLost = false

  /// The row that a record begins; nil unless that is a segment sent or received.
  init?(_ record: EventRecord) {
    guard record.kind == .segmentSent || record.kind == .segmentReceived else { return nil }
    packet = record.item
    time = record.time
    connection = record.connection
    sender = record.kind == .segmentSent ? record.side : record.side.peer
    sequence = record.offset
    payloadBytes = Int64(record.length)
    flags = TCPFlags(rawValue: record.detail)
  }

  /// The position behind its last byte, SYN and FIN taking one each (RFC 9293 §3.4).
  public var end: Int64 {
    sequence + payloadBytes + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// Takes what a record of the same packet adds.
  mutating func take(_ record: EventRecord) {
    if record.kind == .segmentAcknowledgement {
      acknowledgement = record.offset
      windowBytes = record.detail == 1 ? nil : Int64(record.length)
    } else if record.kind == .segmentSACK {
      let block = record.offset..<max(record.offset, record.offset + Int64(record.length))
      if record.detail == 1 { duplicateSACK = block } else { sackBlocks.append(block) }
    } else if record.kind == .segmentRetransmission {
      retransmission = RetransmissionKind(rawValue: record.detail)
    }
  }
}

/// The packets of a log's TCP connections, each as one end of its connection sees it.
public struct PacketRows: Sendable {
  /// What that end sent and got, in the order of time.
  public private(set) var rows: [PacketRow] = []
  /// What the other end sent and the network lost, by the times at which it was due here, where it is not
  /// seen.
  public private(set) var unseen: [PacketRow] = []

  /// Collects the packets that `selection` wants of a log that was kept at the level `everything`.
  ///
  /// - Parameter vantage: Which end of a connection, by its index, sees its packets.
  public init(
    _ log: EventLog, selection: PacketSelection = PacketSelection(),
    vantage: (UInt32) -> Side
  ) {
    let vantages = log.connections.indices.map { vantage(UInt32($0)) }
    let isWanted = log.connections.map { selection.takes($0) }
    var needless: Set<UInt32> = []
    var due: [UInt32: SimTime] = [:]
    var farther: [PacketRow] = []
    for record in log.records {
      let connection = Int(record.connection)
      if record.kind == .packetDropped {
        due[record.item] = record.time + SimDuration(nanoseconds: record.offset)
      }
      if record.kind == .segmentSpurious { needless.insert(record.item) }
      guard connection < vantages.count, isWanted[connection],
        selection.takes(connection: record.connection, at: record.time)
      else { continue }
      let isHere = record.side == vantages[connection]
      if let row = PacketRow(record) {
        if isHere { rows.append(row) } else if row.sender == record.side { farther.append(row) }
      } else if isHere, let last = rows.last, last.packet == record.item,
        last.connection == record.connection
      {
        rows[rows.count - 1].take(record)
      } else if !isHere, let last = farther.last, last.packet == record.item {
        farther[farther.count - 1].take(record)
      }
    }
    for index in rows.indices {
      rows[index].isLost = due[rows[index].packet] != nil
      rows[index].isNeedless = needless.contains(rows[index].packet)
    }
    for var row in farther {
      guard let time = due[row.packet] else { continue }
      row.time = time
      row.isLost = true
      unseen.append(row)
    }
  }
}
