import NetSim

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
  /// Whether the lost packet passed the capture and was lost behind it; else it was lost before.
  public var isBehindCapture: Bool
  /// How sure it is.
  public var sureness: Sureness
  /// What tells it.
  public var evidence: Evidence
}
