import NetSim

/// Packets as a table for other programs: comma-separated values, or `netsim.packets/1`.
public struct PacketTable: Sendable {
  private let rows: [PacketRow]

  /// The names of the columns, in their order.
  public static let columns = [
    "packet", "time_ms", "connection", "direction", "sequence", "acknowledgement",
    "payload_bytes", "flags", "window_bytes", "sack", "duplicate_sack", "retransmission",
    "needless", "lost",
  ]

  /// A table of rows.
  public init(_ rows: [PacketRow]) { self.rows = rows }

  /// A header, and a line for each packet (RFC 4180, with plain newlines). What is not known is empty;
  /// what is true or false is 1 or 0; of several SACK blocks each stands behind a blank.
  public var csv: String {
    var text = Self.columns.joined(separator: ",") + "\n"
    for row in rows { text += Self.fields(row).joined(separator: ",") + "\n" }
    return text
  }

  /// The same as JSON, with nulls, booleans and lists.
  public var json: JSONValue {
    .object([
      ("format", .string("netsim.packets/1")), ("packets", .array(objects.map { .object($0) })),
    ])
  }

  private static func fields(_ row: PacketRow) -> [String] {
    [
      "\(row.packet)", Numbers.milliseconds(row.time, digits: 6), "\(row.connection)",
      direction(row), "\(row.sequence)", row.acknowledgement.map { "\($0)" } ?? "",
      "\(row.payloadBytes)", flagNames(row.flags).joined(separator: " "),
      row.windowBytes.map { "\($0)" } ?? "",
      row.sackBlocks.map(text).joined(separator: " "), row.duplicateSACK.map(text) ?? "",
      row.retransmission.map(word) ?? "", row.isNeedless ? "1" : "0", row.isLost ? "1" : "0",
    ]
  }

  /// The fields of each row, with nulls, booleans and lists.
  public var objects: [[(String, JSONValue)]] { rows.map(Self.object) }

  private static func object(_ row: PacketRow) -> [(String, JSONValue)] {
    [
      ("packet", .integer(Int64(row.packet))),
      ("time_ms", .milliseconds(row.time.nanoseconds)),
      ("connection", .integer(Int64(row.connection))),
      ("direction", .string(direction(row))),
      ("sequence", .integer(row.sequence)),
      ("acknowledgement", row.acknowledgement.map { .integer($0) } ?? .null),
      ("payload_bytes", .integer(row.payloadBytes)),
      ("flags", .array(flagNames(row.flags).map { .string($0) })),
      ("window_bytes", row.windowBytes.map { .integer($0) } ?? .null),
      ("sack", .array(row.sackBlocks.map { .string(text($0)) })),
      ("duplicate_sack", row.duplicateSACK.map { .string(text($0)) } ?? .null),
      ("retransmission", row.retransmission.map { .string(word($0)) } ?? .null),
      ("needless", .bool(row.isNeedless)),
      ("lost", .bool(row.isLost)),
    ]
  }

  private static func direction(_ row: PacketRow) -> String {
    row.sender == .client ? "up" : "down"
  }

  /// The first position of a block, and the one after its last.
  private static func text(_ block: Range<Int64>) -> String {
    "\(block.lowerBound)-\(block.upperBound)"
  }

  /// What made the sender repeat it, as the views of captures call it.
  private static func word(_ kind: RetransmissionKind) -> String {
    switch kind {
    case .fast: "fast"
    case .timeout: "timeout"
    case .tailLossProbe: "tail_probe"
    case .handshake: "handshake"
    }
  }

  /// The names of control bits.
  public static func flagNames(_ flags: TCPFlags) -> [String] {
    let names: [(TCPFlags, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"),
      (.ece, "ECE"), (.cwr, "CWR"),
    ]
    return names.filter { flags.contains($0.0) }.map(\.1)
  }
}
