/// Bytes of packets, without any bytes being made (RFC 9000 §17).
public enum QUICPacketSize {
  /// The tag behind a packet's frames: that of each cipher that QUIC has (RFC 9001 §5.3).
  public static var tag: Int { 16 }

  /// The tag behind a Retry's token (RFC 9001 §5.8).
  public static var retryTag: Int { 16 }

  /// The UDP payload of a datagram with a client's Initial packet, or an ack-eliciting one of a
  /// server, at least (RFC 9000 §14.1).
  public static var leastInitialDatagram: Int { 1_200 }

  /// Packet number and frames together, at least, so that the protection of the header finds its
  /// sample: four bytes, and behind them 16 of frames and tag (RFC 9001 §5.4.2).
  public static var leastNumberAndFrames: Int { 4 }

  /// First byte, version, and both connection IDs behind their lengths (RFC 9000 §17.2).
  @inlinable public static func longHeaderStart(destination: Int, source: Int) -> Int {
    7 + destination + source
  }

  /// The header with the packet number of a packet that has frames (RFC 9000 §17.2, §17.3).
  ///
  /// `destination` and `source` are the lengths of the connection IDs; a short header has no
  /// `source`. `token` counts in Initial packets only. `lengthSize` is how many bytes the Length field
  /// has: senders take 2 whatever the packet's length, so that frames can be added until it is full.
  @inlinable public static func header(
    _ type: QUICPacketType, destination: Int, source: Int = 0, token: Int = 0, numberSize: Int,
    lengthSize: Int = 2
  ) -> Int {
    precondition(type.hasFrames, "a packet without frames has no packet number")
    if type == .oneRTT { return 1 + destination + numberSize }
    let tokenSize = type == .initial ? QUICVarint.size(token) + token : 0
    return longHeaderStart(destination: destination, source: source) + tokenSize + lengthSize
      + numberSize
  }

  /// A Retry packet (RFC 9000 §17.2.5).
  @inlinable public static func retry(destination: Int, source: Int, token: Int) -> Int {
    longHeaderStart(destination: destination, source: source) + token + retryTag
  }

  /// A Version Negotiation packet with so many versions (RFC 9000 §17.2.1).
  @inlinable public static func versionNegotiation(
    destination: Int, source: Int, versions: Int
  ) -> Int {
    longHeaderStart(destination: destination, source: source) + 4 * versions
  }
}
