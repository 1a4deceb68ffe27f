/// How many packets came with each mark of ECN, over the whole life of a packet number space
/// (RFC 9000 §19.3.2).
public struct QUICECNCounts: Equatable, Sendable {
  /// Packets with ECT(0).
  public var ect0: UInt64
  /// Packets with ECT(1).
  public var ect1: UInt64
  /// Packets with CE: somebody on the way had too much to do.
  public var ce: UInt64

  /// Counts.
  @inlinable public init(ect0: UInt64, ect1: UInt64, ce: UInt64) {
    self.ect0 = ect0
    self.ect1 = ect1
    self.ce = ce
  }

  /// Their bytes in an ACK frame.
  @inlinable public var size: Int {
    QUICVarint.size(ect0) + QUICVarint.size(ect1) + QUICVarint.size(ce)
  }
}
