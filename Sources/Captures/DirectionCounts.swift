import NetSim

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
