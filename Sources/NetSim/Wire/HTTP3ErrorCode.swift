/// Why a stream was reset or a connection ended, as RESET_STREAM, STOP_SENDING and CONNECTION_CLOSE
/// carry it (RFC 9114 §8.1, RFC 9204 §6). Codes without a name are treated like H3_NO_ERROR.
public struct HTTP3ErrorCode: RawRepresentable, Equatable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt64

  /// The code of a number on the wire.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A datagram, or a capsule with one, cannot be read (RFC 9297 §5.2).
  public static var datagramError: HTTP3ErrorCode { .init(rawValue: 0x33) }
  /// Nothing is wrong; it just ends.
  public static var noError: HTTP3ErrorCode { .init(rawValue: 0x100) }
  /// Something that no other code says.
  public static var generalProtocolError: HTTP3ErrorCode { .init(rawValue: 0x101) }
  /// Something went wrong at the sender of the code itself.
  public static var internalError: HTTP3ErrorCode { .init(rawValue: 0x102) }
  /// A stream that its sender must not open.
  public static var streamCreationError: HTTP3ErrorCode { .init(rawValue: 0x103) }
  /// A stream ended that the connection cannot do without.
  public static var closedCriticalStream: HTTP3ErrorCode { .init(rawValue: 0x104) }
  /// A frame where it must not stand.
  public static var frameUnexpected: HTTP3ErrorCode { .init(rawValue: 0x105) }
  /// A frame that does not read as its type wants.
  public static var frameError: HTTP3ErrorCode { .init(rawValue: 0x106) }
  /// The peer makes too much work.
  public static var excessiveLoad: HTTP3ErrorCode { .init(rawValue: 0x107) }
  /// The number of a stream or a push is used wrongly, or was not allowed yet.
  public static var idError: HTTP3ErrorCode { .init(rawValue: 0x108) }
  /// Something is wrong with SETTINGS.
  public static var settingsError: HTTP3ErrorCode { .init(rawValue: 0x109) }
  /// The control stream does not begin with SETTINGS.
  public static var missingSettings: HTTP3ErrorCode { .init(rawValue: 0x10A) }
  /// Nothing was done with the request, so that it may be repeated.
  public static var requestRejected: HTTP3ErrorCode { .init(rawValue: 0x10B) }
  /// The request or its response is not needed any more.
  public static var requestCancelled: HTTP3ErrorCode { .init(rawValue: 0x10C) }
  /// The client's stream ended before its request was whole.
  public static var requestIncomplete: HTTP3ErrorCode { .init(rawValue: 0x10D) }
  /// A message that is malformed.
  public static var messageError: HTTP3ErrorCode { .init(rawValue: 0x10E) }
  /// The connection that CONNECT asked for failed.
  public static var connectError: HTTP3ErrorCode { .init(rawValue: 0x10F) }
  /// The request is to be made by another version.
  public static var versionFallback: HTTP3ErrorCode { .init(rawValue: 0x110) }
  /// A section of fields cannot be decoded.
  public static var qpackDecompressionFailed: HTTP3ErrorCode { .init(rawValue: 0x200) }
  /// An instruction of the encoder is wrong.
  public static var qpackEncoderStreamError: HTTP3ErrorCode { .init(rawValue: 0x201) }
  /// An instruction of the decoder is wrong.
  public static var qpackDecoderStreamError: HTTP3ErrorCode { .init(rawValue: 0x202) }

  /// Its name in the RFC (`H3_FRAME_ERROR`); nil where it has none.
  public var name: String? {
    switch rawValue {
    case 0x33: "H3_DATAGRAM_ERROR"
    case 0x100: "H3_NO_ERROR"
    case 0x101: "H3_GENERAL_PROTOCOL_ERROR"
    case 0x102: "H3_INTERNAL_ERROR"
    case 0x103: "H3_STREAM_CREATION_ERROR"
    case 0x104: "H3_CLOSED_CRITICAL_STREAM"
    case 0x105: "H3_FRAME_UNEXPECTED"
    case 0x106: "H3_FRAME_ERROR"
    case 0x107: "H3_EXCESSIVE_LOAD"
    case 0x108: "H3_ID_ERROR"
    case 0x109: "H3_SETTINGS_ERROR"
    case 0x10A: "H3_MISSING_SETTINGS"
    case 0x10B: "H3_REQUEST_REJECTED"
    case 0x10C: "H3_REQUEST_CANCELLED"
    case 0x10D: "H3_REQUEST_INCOMPLETE"
    case 0x10E: "H3_MESSAGE_ERROR"
    case 0x10F: "H3_CONNECT_ERROR"
    case 0x110: "H3_VERSION_FALLBACK"
    case 0x200: "QPACK_DECOMPRESSION_FAILED"
    case 0x201: "QPACK_ENCODER_STREAM_ERROR"
    case 0x202: "QPACK_DECODER_STREAM_ERROR"
    default: nil
    }
  }
}
