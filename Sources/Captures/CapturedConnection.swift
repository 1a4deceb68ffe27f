import NetSim

/// An address and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The TCP port.
  public var port: UInt16

  /// As printed: `10.8.0.2:80`, `[::1]:80`.
  public var description: String { String(decoding: address.text(port: port), as: UTF8.self) }
}

/// A count for each direction: "up" is from the client to the server.
public struct DirectionCounts: Equatable, Sendable {
  /// From the client to the server.
  public var up: Int64 = 0
  /// From the server to the client.
  public var down: Int64 = 0

  /// Counts of both directions.
  public init(up: Int64 = 0, down: Int64 = 0) {
    self.up = up
    self.down = down
  }

  /// The count of the direction in which `side` sends.
  public subscript(sentBy side: Side) -> Int64 {
    get { side == .client ? up : down }
    set { if side == .client { up = newValue } else { down = newValue } }
  }

  /// Both together.
  public var total: Int64 { up + down }
}

/// What runs over a connection, as its first bytes tell.
public enum ConnectionProtocol: UInt8, CaseIterable, Sendable {
  /// HTTP/1.0 or HTTP/1.1 in the clear.
  case http1
  /// HTTP/2 in the clear, by its preface (RFC 9113 §3.4).
  case http2
  /// It begins with a TLS record.
  case tls
  /// Anything else, or nothing.
  case tcp

  /// The name in a report.
  public var name: String {
    switch self {
    case .http1: "http/1.1"
    case .http2: "h2"
    case .tls: "tls"
    case .tcp: "tcp"
    }
  }
}

/// A packet judged lost: one entry for each packet, never one for each gap.
public struct LostPacket: Equatable, Sendable {
  /// The number in the file of the packet that repeats it, from 1.
  public var retransmissionNumber: UInt32
  /// The number in the file of the lost packet, where the capture has it: at its sender's side.
  public var originalNumber: UInt32?
  /// The end that sent it.
  public var sender: Side
  /// The relative sequence number of its first byte.
  public var sequence: Int64
  /// Bytes of its payload.
  public var length: Int64
  /// What made the sender repeat it.
  public var kind: RetransmissionKind
  /// When the lost packet was sent: as captured, or estimated where the capture does not have it.
  public var sent: SimTime
  /// When the packet that repeats it was captured.
  public var repaired: SimTime
}

/// A TCP connection of a capture, summed up.
public struct CapturedConnection: Sendable {
  /// Its index, the same as in `EventLog.connections`.
  public var index: UInt32
  /// The end that opened it; in captures that begin later, the one with the higher port.
  public var client: Endpoint
  /// The other end.
  public var server: Endpoint
  /// What runs over it.
  public var protocolKind: ConnectionProtocol
  /// The end at which, or nearer to which, the capture was made.
  public var vantage: Side
  /// Whether the capture has its SYN.
  public var hasHandshake: Bool
  /// When its first packet was captured.
  public var first: SimTime
  /// When its last packet was captured.
  public var last: SimTime
  /// When the handshake was complete at `vantage`; nil when that was not captured.
  public var established: SimTime?
  /// When both ends' FINs were acknowledged.
  public var closed: SimTime?
  /// When it was reset.
  public var reset: SimTime?

  /// SYN to SYN-ACK at the client, SYN-ACK to its acknowledgement at the server; nil when it was not
  /// captured or the SYN was repeated.
  public var handshakeRTT: SimDuration?
  /// The least round-trip time measured at `vantage`.
  public var minimumRTT: SimDuration?

  /// Packets captured.
  public var packets = DirectionCounts()
  /// Bytes of IP packets.
  public var bytes = DirectionCounts()
  /// Bytes of payload, repeated ones included.
  public var payloadBytes = DirectionCounts()
  /// Largest payload of a packet in bytes.
  public var segmentSize = DirectionCounts()
  /// Segments sent again.
  public var retransmissions = DirectionCounts()
  /// Segments sent again although they had arrived.
  public var spuriousRetransmissions = DirectionCounts()
  /// Segments that fill a hole or repeat bytes, beyond those that could be kept for a verdict.
  public var unjudgedRepeats = DirectionCounts()
  /// Segments that the network delivered behind later ones.
  public var outOfOrder = DirectionCounts()
  /// Packets that were captured twice.
  public var duplicates = DirectionCounts()
  /// Bytes that were acknowledged and that the capture does not have.
  public var uncapturedBytes = DirectionCounts()
  /// Packets judged lost, in the order of their repetition.
  public var lost: [LostPacket] = []
  /// Packets that may have been lost; the evidence does not suffice.
  public var possiblyLost: [LostPacket] = []

  /// The client's first flight of data.
  public var initialWindowUp: InitialWindow?
  /// The server's first flight of data.
  public var initialWindowDown: InitialWindow?
  /// The bottleneck's estimated rate from client to server, in IP bits per second; nil when too few
  /// packets came back to back.
  public var bottleneckUp: Bitrate?
  /// The bottleneck's estimated rate from server to client.
  public var bottleneckDown: Bitrate?
  /// Why the rest of its HTTP messages could not be read, where that was so.
  public var applicationProblem: String?
}
