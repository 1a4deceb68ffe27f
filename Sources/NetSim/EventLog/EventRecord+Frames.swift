/// What the record of an HTTP/2 frame says in its `detail`, for the kinds `frameSent` and
/// `frameReceived`.
extension EventRecord {
  /// The frame's type.
  public var frameType: HTTP2FrameType? { HTTP2FrameType(rawValue: detail & 0x7F) }

  /// Whether the frame is its sender's last of the stream, or acknowledges (RFC 9113 §6).
  public var frameIsFlagged: Bool { detail & 0x80 != 0 }

  /// The `detail` of a frame.
  static func detail(of type: HTTP2FrameType, isFlagged: Bool) -> UInt8 {
    type.rawValue | (isFlagged ? 0x80 : 0)
  }
}
