/// Which streams of a connection have been used: a client's are odd, a server's even, and each end's
/// grow (RFC 9113 §5.1.1).
public struct HTTP2StreamNumbers: Equatable, Sendable {
  /// The highest number of a stream: it has 31 bits. As the last stream of GOAWAY it takes whatever is
  /// under way (RFC 9113 §5.1.1, §6.8).
  public static var highest: UInt32 { 0x7FFF_FFFF }

  /// The highest stream that the client has opened; 0 for none.
  public private(set) var highestOfClient: UInt32 = 0
  /// The highest stream that the server has promised; 0 for none.
  public private(set) var highestOfServer: UInt32 = 0

  /// Those of a new connection.
  public init() {}

  /// Whether a stream is the client's to open.
  public static func isOfClient(_ streamID: UInt32) -> Bool { streamID % 2 == 1 }

  /// The state of a stream of which nothing is kept: idle above the highest of its kind, and closed
  /// below it, whether it was used or skipped.
  public func stateOfUnknown(_ streamID: UInt32) -> HTTP2StreamState {
    streamID > highest(likeThat: streamID) ? .idle : .closed
  }

  /// Takes the opening of a stream by HEADERS, or its being promised. It closes the idle ones below.
  public mutating func open(_ streamID: UInt32, byClient: Bool) throws(HTTP2Error) {
    guard streamID > 0, Self.isOfClient(streamID) == byClient,
      streamID > highest(likeThat: streamID)
    else { throw HTTP2Error(.streamIdentifier) }
    if byClient { highestOfClient = streamID } else { highestOfServer = streamID }
  }

  /// The next stream that an end may open; nil when it has used them all, so that a new connection is
  /// needed.
  public func next(forClient: Bool) -> UInt32? {
    let next: UInt32
    if forClient {
      next = highestOfClient == 0 ? 1 : highestOfClient + 2
    } else {
      next = highestOfServer + 2
    }
    return next <= Self.highest ? next : nil
  }

  private func highest(likeThat streamID: UInt32) -> UInt32 {
    Self.isOfClient(streamID) ? highestOfClient : highestOfServer
  }
}
