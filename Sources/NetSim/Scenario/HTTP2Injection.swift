/// A frame that an end sends although its stack would not: what a broken program or an attacker does.
///
/// The bytes are as given, right or wrong, and the peer reads them by the rules of RFC 9113.
public struct HTTP2Injection: Equatable, Sendable {
  /// The end that sends it.
  public var sender: Side
  /// How long after the beginning of the connection, when its preface is handed over.
  public var after: SimDuration
  /// Its header; `length` may be more than there is of the payload, and zeros fill it up.
  public var header: HTTP2FrameHeader
  /// Its payload.
  public var payload: [UInt8]
  /// How many there are, and how long after each other.
  public var count = 1
  /// See `count`.
  public var interval = SimDuration.zero

  /// A frame of so many bytes, or as many as the payload has.
  public init(
    from sender: Side, after: SimDuration, typeNumber: UInt8, flags: HTTP2Flags = [],
    stream: UInt32 = 0, payload: [UInt8] = [], length: UInt32? = nil
  ) {
    self.sender = sender
    self.after = after
    self.payload = payload
    header = HTTP2FrameHeader(
      length: length ?? UInt32(payload.count), typeNumber: typeNumber, flags: flags,
      streamID: stream)
  }

  /// The payload as it is sent, zeros included.
  public var filledPayload: [UInt8] {
    payload + [UInt8](repeating: 0, count: max(Int(header.length) - payload.count, 0))
  }

  /// The number in so many bytes of the payload, at most four, the highest first; what the payload does
  /// not have is zero.
  public func number(at start: Int, bytes: Int = 4) -> UInt32 {
    (start..<start + bytes).reduce(0) { $0 << 8 | UInt32($1 < payload.count ? payload[$1] : 0) }
  }
}

/// How often a peer may do what costs it nothing: so often at once, and so often a second after that.
public struct FloodLimit: Equatable, Sendable {
  /// How often at once.
  public var burst: Int
  /// How often a second in the long run.
  public var perSecond: Int

  /// A limit.
  public init(burst: Int, perSecond: Int) {
    self.burst = burst
    self.perSecond = perSecond
  }
}
