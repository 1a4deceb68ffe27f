/// Why a connection ended, as CONNECTION_CLOSE of type 0x1c carries it (RFC 9000 §20.1).
public struct QUICErrorCode: RawRepresentable, Equatable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt64

  /// The code of a number on the wire.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Nothing is wrong; it just ends.
  public static var noError: QUICErrorCode { QUICErrorCode(rawValue: 0) }
  /// Something went wrong at the sender of the code itself.
  public static var internalError: QUICErrorCode { QUICErrorCode(rawValue: 1) }
  /// The server takes no new connection.
  public static var connectionRefused: QUICErrorCode { QUICErrorCode(rawValue: 2) }
  /// More data was sent than the limits allow.
  public static var flowControlError: QUICErrorCode { QUICErrorCode(rawValue: 3) }
  /// A stream that is beyond the limit was opened.
  public static var streamLimitError: QUICErrorCode { QUICErrorCode(rawValue: 4) }
  /// A frame that its stream's state does not allow.
  public static var streamStateError: QUICErrorCode { QUICErrorCode(rawValue: 5) }
  /// A stream has data behind its end, or two ends.
  public static var finalSizeError: QUICErrorCode { QUICErrorCode(rawValue: 6) }
  /// A frame cannot be read.
  public static var frameEncodingError: QUICErrorCode { QUICErrorCode(rawValue: 7) }
  /// Transport parameters cannot be read, or have values that they must not have.
  public static var transportParameterError: QUICErrorCode { QUICErrorCode(rawValue: 8) }
  /// More connection IDs than the limit allows.
  public static var connectionIDLimitError: QUICErrorCode { QUICErrorCode(rawValue: 9) }
  /// Something that no other code says.
  public static var protocolViolation: QUICErrorCode { QUICErrorCode(rawValue: 10) }
  /// The token of a client's Initial packet is not one of the server's.
  public static var invalidToken: QUICErrorCode { QUICErrorCode(rawValue: 11) }
  /// The application ended it, before there was a packet that could tell the application's code.
  public static var applicationError: QUICErrorCode { QUICErrorCode(rawValue: 12) }
  /// More in CRYPTO frames than is kept.
  public static var cryptoBufferExceeded: QUICErrorCode { QUICErrorCode(rawValue: 13) }
  /// An update of the keys went wrong.
  public static var keyUpdateError: QUICErrorCode { QUICErrorCode(rawValue: 14) }
  /// The keys have protected as many packets as they may.
  public static var aeadLimitReached: QUICErrorCode { QUICErrorCode(rawValue: 15) }
  /// No path can carry QUIC.
  public static var noViablePath: QUICErrorCode { QUICErrorCode(rawValue: 16) }

  /// An alert of TLS (RFC 9001 §4.8).
  public static func crypto(alert: UInt8) -> QUICErrorCode {
    QUICErrorCode(rawValue: 0x100 + UInt64(alert))
  }

  /// The alert of TLS that it carries; nil where it is another error.
  public var alert: UInt8? {
    rawValue >> 8 == 1 ? UInt8(truncatingIfNeeded: rawValue) : nil
  }

  /// Its name in the RFC (`PROTOCOL_VIOLATION`); nil where it has none.
  public var name: String? {
    switch rawValue {
    case 0: "NO_ERROR"
    case 1: "INTERNAL_ERROR"
    case 2: "CONNECTION_REFUSED"
    case 3: "FLOW_CONTROL_ERROR"
    case 4: "STREAM_LIMIT_ERROR"
    case 5: "STREAM_STATE_ERROR"
    case 6: "FINAL_SIZE_ERROR"
    case 7: "FRAME_ENCODING_ERROR"
    case 8: "TRANSPORT_PARAMETER_ERROR"
    case 9: "CONNECTION_ID_LIMIT_ERROR"
    case 10: "PROTOCOL_VIOLATION"
    case 11: "INVALID_TOKEN"
    case 12: "APPLICATION_ERROR"
    case 13: "CRYPTO_BUFFER_EXCEEDED"
    case 14: "KEY_UPDATE_ERROR"
    case 15: "AEAD_LIMIT_REACHED"
    case 16: "NO_VIABLE_PATH"
    case 0x100...0x1FF: "CRYPTO_ERROR"
    default: nil
    }
  }
}
