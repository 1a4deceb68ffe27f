/// Something that somebody waits for when nothing is left to happen.
public struct StandingWait: Equatable, Sendable {
  /// The request that is not answered, by its index in the log.
  public var request: UInt32
  /// Who waits.
  public var party: Party
  /// The connection on which it waits; nil while it has none.
  public var connection: UInt32?
  /// What it waits for.
  public var awaited: Awaited

  /// A wait with its fields.
  public init(request: UInt32, party: Party, connection: UInt32?, awaited: Awaited) {
    self.request = request
    self.party = party
    self.connection = connection
    self.awaited = awaited
  }

  /// Who has a part in a request.
  public enum Party: Equatable, Sendable {
    case client
    /// The proxy of that number, 1 next to the client.
    case proxy(Int)
    case server
  }

  /// What somebody waits for.
  public enum Awaited: Equatable, Sendable {
    /// A connection to be free.
    case connection
    /// The other end of a connection that is being opened.
    case handshake
    /// The answer to the request before it on its connection.
    case turn
    /// The beginning of the answer.
    case answer
    /// So many more bytes of the answer.
    case rest(Int64)
    /// A request.
    case request
    /// The end of the connection: until then it reads nothing from the one before.
    case end
  }
}
