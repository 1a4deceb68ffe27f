/// What a sender sent in its first flight.
public struct InitialWindow: Equatable, Sendable {
  /// Segments with data.
  public var segments: Int64
  /// Bytes of data.
  public var bytes: Int64
  /// Whether the sender stopped there because it had to: false when it had no more to send then,
  /// so that its window may be larger.
  public var isLimit: Bool
}
