import NetSim

/// The letter and the words for each cause.
enum CauseMark {
  /// The letter in a lane: no two causes have the same.
  static func letter(_ cause: Cause) -> Character {
    switch cause {
    case .pool: "p"
    case .handshake: "c"
    case .tls: "t"
    case .request: ">"
    case .propagation: "r"
    case .serialization: "#"
    case .queue: "q"
    case .server: "."
    case .client: ","
    case .congestionWindow: "W"
    case .pacing: "P"
    case .receiveWindow: "R"
    case .streamWindow: "S"
    case .connectionWindow: "C"
    case .turn: "-"
    case .responseOrder: "O"
    case .transportGap: "G"
    case .timeout: "T"
    case .streamGap: "g"
    case .record: "e"
    case .headerTable: "h"
    case .unknown: "?"
    }
  }

  /// What a legend says.
  static func words(_ cause: Cause) -> String {
    switch cause {
    case .pool: "waiting for a connection"
    case .handshake: "connect"
    case .tls: "TLS"
    case .request: "sending the request"
    case .propagation: "round trip"
    case .serialization: "delivering"
    case .queue: "queue"
    case .server: "server"
    case .client: "client"
    case .congestionWindow: "congestion window"
    case .pacing: "pacing"
    case .receiveWindow: "receive window"
    case .streamWindow: "stream window"
    case .connectionWindow: "connection window"
    case .turn: "another stream's turn"
    case .responseOrder: "an earlier response first"
    case .transportGap: "held by a gap"
    case .timeout: "gap until a time-out"
    case .streamGap: "held by a gap of its own"
    case .record: "TLS record not whole"
    case .headerTable: "header table"
    case .unknown: "unknown"
    }
  }

  /// What the sentence at the end calls it.
  static func phrase(_ cause: Cause) -> String {
    switch cause {
    case .pool: "Waiting for a connection"
    case .handshake: "The handshake"
    case .tls: "The TLS handshake"
    case .request: "Sending the request"
    case .propagation: "Propagation"
    case .serialization: "Serialisation"
    case .queue: "The queue"
    case .server: "The server"
    case .client: "The client"
    case .congestionWindow: "The congestion window"
    case .pacing: "Pacing"
    case .receiveWindow: "The receive window"
    case .streamWindow: "The stream's window"
    case .connectionWindow: "The connection's window"
    case .turn: "Other streams' turns"
    case .responseOrder: "The order of responses"
    case .transportGap: "A gap in the byte stream"
    case .timeout: "Waiting for a retransmission time-out"
    case .streamGap: "A gap in its own stream"
    case .record: "TLS records that were not whole"
    case .headerTable: "The header table"
    case .unknown: "What the capture cannot tell"
    }
  }

  /// Whether it must stay visible even where it is short: something went wrong.
  static func isSurprise(_ cause: Cause) -> Bool {
    switch cause {
    case .transportGap, .timeout, .streamGap: true
    case .pool, .handshake, .tls, .request, .propagation, .serialization, .queue, .server, .client,
      .congestionWindow, .pacing, .receiveWindow, .streamWindow, .connectionWindow, .turn,
      .responseOrder, .record, .headerTable, .unknown:
      false
    }
  }
}
