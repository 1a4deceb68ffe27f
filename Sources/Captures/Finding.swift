import NetSim

/// Something about a packet of a TCP connection that is worth telling, with what it was told by and how
/// sure that is.
public struct Finding: Equatable, Sendable {
  /// What was found.
  public enum Kind: UInt8, CaseIterable, Sendable {
    /// A segment sent again, because the first sending was lost or may have been.
    case retransmission
    /// A segment sent again although the first sending had arrived, or was about to.
    case needlessRetransmission
    /// A packet that the network delivered behind later ones.
    case outOfOrder
    /// A packet that stands in the capture twice.
    case duplicate
    /// An end announces that it has no room (RFC 9293 §3.8.6).
    case zeroWindow
    /// Data fill the room that the other end has announced.
    case windowFull
    /// One byte, or none, that asks whether there is room again (RFC 9293 §3.8.6.1).
    case windowProbe
    /// A segment that asks whether the other end is still there (RFC 9293 §3.8.4).
    case keepAlive

    /// The name in a report.
    public var name: String {
      switch self {
      case .retransmission: "retransmission"
      case .needlessRetransmission: "spurious_retransmission"
      case .outOfOrder: "out_of_order"
      case .duplicate: "duplicate"
      case .zeroWindow: "zero_window"
      case .windowFull: "window_full"
      case .windowProbe: "window_probe"
      case .keepAlive: "keep_alive"
      }
    }
  }

  /// What it is.
  public var kind: Kind
  /// What made the sender send again, for retransmissions.
  public var trigger: RetransmissionKind?
  /// The end that sent the packet.
  public var sender: Side
  /// The packet's number in the file, from 1.
  public var packet: UInt32
  /// The number of the packet that it repeats, or behind which it belongs, where the capture has it.
  public var earlier: UInt32?
  /// When it was captured.
  public var time: SimTime
  /// The relative sequence number of its first byte.
  public var sequence: Int64
  /// Bytes of its payload.
  public var length: Int64
  /// How sure it is.
  public var sureness: Sureness
  /// What tells it.
  public var evidence: Evidence
}

/// How sure a finding is.
public enum Sureness: UInt8, CaseIterable, Comparable, Sendable {
  /// It may as well be otherwise.
  case possible
  /// Times agree with it and with no other usual explanation.
  case likely
  /// The headers of the packets say so.
  case certain

  /// The name in a report.
  public var name: String {
    switch self {
    case .possible: "possible"
    case .likely: "likely"
    case .certain: "certain"
    }
  }

  /// A lesser sureness comes first.
  public static func < (left: Sureness, right: Sureness) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// What a finding rests on.
public enum Evidence: UInt8, CaseIterable, Sendable {
  /// The packet itself says it.
  case header
  /// The other end reported the bytes as a duplicate (D-SACK, RFC 2883).
  case duplicateSACK
  /// The acknowledgement echoes the time of one of the two sendings (Eifel, RFC 3522).
  case timestampEcho
  /// The bytes had been acknowledged before.
  case acknowledgedBefore
  /// The acknowledgement came sooner than it could have answered the second sending.
  case earlyAcknowledgement
  /// The other end acknowledged later bytes, and not these (RFC 2018).
  case selectiveAcknowledgement
  /// The other end repeated its acknowledgement (RFC 5681 §2).
  case duplicateAcknowledgements
  /// The order of the IPv4 identifications.
  case identification
  /// The order of the timestamps.
  case timestampOrder
  /// How long it took, against the round trip.
  case time
  /// Nothing but that it was sent again.
  case repetition

  /// The name in a report.
  public var name: String {
    switch self {
    case .header: "header"
    case .duplicateSACK: "dsack"
    case .timestampEcho: "timestamp_echo"
    case .acknowledgedBefore: "acknowledged_before"
    case .earlyAcknowledgement: "early_ack"
    case .selectiveAcknowledgement: "sack"
    case .duplicateAcknowledgements: "duplicate_acks"
    case .identification: "ip_id"
    case .timestampOrder: "timestamps"
    case .time: "time"
    case .repetition: "repetition"
    }
  }
}
