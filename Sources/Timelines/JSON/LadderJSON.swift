import NetSim

/// Ladders as `netsim.pcap.timeline/1`: the rows that the text draws, as data.
public enum LadderJSON {
  /// One object for all the ladders given, in the list `timeline`.
  public static func value(_ ladders: [LadderTimeline]) -> JSONValue {
    .object([
      ("format", .string("netsim.pcap.timeline/1")),
      ("timeline", .array(ladders.map(timeline))),
    ])
  }

  private static func timeline(_ ladder: LadderTimeline) -> JSONValue {
    .object([
      ("connection", .integer(Int64(ladder.connection))),
      ("seen_from", .string(ladder.vantage == .client ? "client" : "server")),
      ("rows", .array(ladder.rows.map(row))),
    ])
  }

  private static func row(_ row: LadderRow) -> JSONValue {
    let entries: [(String, JSONValue)] = [
      ("time_ms", .milliseconds(row.time.nanoseconds)),
      ("until_ms", RunJSON.time(row.lastTime)),
      (
        "to",
        row.kind == .remark ? .null : .string(row.direction == .toServer ? "server" : "client")
      ),
      ("kind", .string(kind(row.kind))),
      ("segments", .integer(row.kind == .remark ? 0 : Int64(row.count))),
      ("sequence", .integer(row.start)),
      ("payload", .integer(row.payload)),
      ("label", .string(row.label)),
      ("note", .string(row.note)),
    ]
    return .object(row.isDatagram ? entries + [("stream", stream(row))] : entries)
  }

  /// The stream whose positions `sequence` and `payload` are, where a datagram carries one alone.
  private static func stream(_ row: LadderRow) -> JSONValue {
    row.content.map { .integer(Int64($0.stream)) } ?? .null
  }

  private static func kind(_ kind: LadderRow.Kind) -> String {
    switch kind {
    case .segment: "segment"
    case .lost: "lost"
    case .held: "held"
    case .retransmission: "retransmission"
    case .remark: "remark"
    }
  }
}
