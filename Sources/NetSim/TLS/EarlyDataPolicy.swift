/// What the ends do with early data, and what somebody on the path does with it (RFC 8446 §8).
public struct EarlyDataPolicy: Equatable, Sendable {
  /// Whether a client sends any request as early data, and not only safe ones as RFC 8470 §4 asks.
  public var sendsAnything = false
  /// After how long an attacker on the path opens a connection of its own and repeats the ClientHello
  /// and the early data of a client's first connection that had any; nil where there is none.
  public var replayAfter: SimDuration?
  /// Whether the server takes the early data of each ticket once (RFC 8446 §8.1).
  public var refusesReplays = false

  /// What RFC 8470 asks of clients, without an attacker.
  public init() {}
}
