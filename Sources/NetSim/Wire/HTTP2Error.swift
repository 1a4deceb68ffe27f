/// Why a stream was reset or a connection ended, as RST_STREAM and GOAWAY carry it (RFC 9113 §7).
/// Codes without a name are treated like INTERNAL_ERROR.
public struct HTTP2ErrorCode: RawRepresentable, Equatable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt32

  /// The code of a number on the wire.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Nothing is wrong; it just ends.
  public static var noError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0) }
  /// Something that no other code says.
  public static var protocolError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 1) }
  /// Something went wrong at the sender of the code itself.
  public static var internalError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 2) }
  /// More was sent than the windows allow, or a window became too large.
  public static var flowControlError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 3) }
  /// SETTINGS were not acknowledged in time.
  public static var settingsTimeout: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 4) }
  /// A frame came behind the end of its stream.
  public static var streamClosed: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 5) }
  /// A frame is too long or too short.
  public static var frameSizeError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 6) }
  /// Nothing was done with the request, so that it may be repeated.
  public static var refusedStream: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 7) }
  /// The stream is not needed any more.
  public static var cancel: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 8) }
  /// The tables of field compression no longer agree.
  public static var compressionError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 9) }
  /// The connection that CONNECT asked for failed.
  public static var connectError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 10) }
  /// The peer makes too much work.
  public static var enhanceYourCalm: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 11) }
  /// TLS is not as secure as HTTP/2 wants it.
  public static var inadequateSecurity: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 12) }
  /// The request is to be made by HTTP/1.1.
  public static var http11Required: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 13) }

  /// Its name in the RFC (`PROTOCOL_ERROR`); nil where it has none.
  public var name: String? {
    switch rawValue {
    case 0: "NO_ERROR"
    case 1: "PROTOCOL_ERROR"
    case 2: "INTERNAL_ERROR"
    case 3: "FLOW_CONTROL_ERROR"
    case 4: "SETTINGS_TIMEOUT"
    case 5: "STREAM_CLOSED"
    case 6: "FRAME_SIZE_ERROR"
    case 7: "REFUSED_STREAM"
    case 8: "CANCEL"
    case 9: "COMPRESSION_ERROR"
    case 10: "CONNECT_ERROR"
    case 11: "ENHANCE_YOUR_CALM"
    case 12: "INADEQUATE_SECURITY"
    case 13: "HTTP_1_1_REQUIRED"
    default: nil
    }
  }
}

/// How far an error of HTTP/2 reaches (RFC 9113 §5.4).
public enum HTTP2ErrorScope: Equatable, Sendable {
  /// The connection ends with GOAWAY (RFC 9113 §5.4.1).
  case connection
  /// One stream ends with RST_STREAM (RFC 9113 §5.4.2).
  case stream(UInt32)
}

/// An error of HTTP/2: what is wrong, how far that reaches, and the code that says so to the peer.
public struct HTTP2Error: Error, Equatable, Sendable {
  /// What is wrong.
  public var violation: HTTP2Violation
  /// How far it reaches.
  public var scope: HTTP2ErrorScope

  /// An error.
  public init(_ violation: HTTP2Violation, _ scope: HTTP2ErrorScope = .connection) {
    self.violation = violation
    self.scope = scope
  }

  /// The code for GOAWAY or RST_STREAM.
  public var code: HTTP2ErrorCode { violation.code }
}

/// What HTTP/2 forbids.
public enum HTTP2Violation: Equatable, Sendable {
  /// A connection does not begin with the preface (RFC 9113 §3.4).
  case preface
  /// The first frame is not SETTINGS (RFC 9113 §3.4).
  case firstFrame
  /// A frame is longer than SETTINGS_MAX_FRAME_SIZE allows (RFC 9113 §4.2).
  case frameTooLong
  /// A frame has not the length that its type wants (RFC 9113 §4.2, §6).
  case frameLength
  /// A frame that belongs to a stream names none, or the other way round, or opens a stream that it
  /// cannot (RFC 9113 §5.1.1, §6).
  case streamIdentifier
  /// The padding is as long as the payload (RFC 9113 §6.1).
  case padding
  /// Another frame stands within a block of fields (RFC 9113 §6.10).
  case blockInterrupted
  /// CONTINUATION without a block that it continues (RFC 9113 §6.10).
  case continuation
  /// A block of fields is longer than the limit (RFC 9113 §10.5.1).
  case blockTooLong
  /// A window is to grow by nothing, or by more than it can (RFC 9113 §6.9).
  case windowIncrement
  /// A value that a setting must not have (RFC 9113 §6.5.2).
  case settingValue(HTTP2SettingIdentifier)
  /// A promised stream that the server cannot open (RFC 9113 §6.6).
  case promisedStream
  /// A frame that only the other end may send (RFC 9113 §8.4, RFC 9218 §7.1).
  case role
  /// A later GOAWAY names a higher stream (RFC 9113 §6.8).
  case lastStream
  /// A block of fields cannot be decoded (RFC 9113 §4.3).
  case fields(HPACKError)
  /// A frame that its stream's state does not allow (RFC 9113 §5.1).
  case frameInState
  /// A frame behind the end of what its sender may send (RFC 9113 §5.1).
  case streamClosed
  /// More content than the window allows (RFC 9113 §6.9.1).
  case windowExceeded
  /// A window that would be larger than 2^31 − 1 (RFC 9113 §6.9.1, §6.9.2).
  case windowOverflow
  /// A list of fields that is longer than the limit once it is decoded (RFC 9113 §10.5.1).
  case listTooLong
  /// More streams reset than the limit allows (RFC 9113 §10.5).
  case resetFlood
  /// More frames that carry nothing of a message than the limit allows (RFC 9113 §10.5).
  case controlFlood
  /// More PINGs than the limit allows (RFC 9113 §10.5).
  case pingFlood
  /// A response whose content is not as long as its `content-length` says (RFC 9113 §8.1.1).
  case contentLength
  /// A stream that is to depend on itself (RFC 7540 §5.3.1).
  case selfDependency

  /// The code that tells the peer.
  public var code: HTTP2ErrorCode {
    switch self {
    case .preface, .firstFrame, .streamIdentifier, .padding, .blockInterrupted, .continuation,
      .windowIncrement, .promisedStream, .role, .lastStream, .frameInState,
      .contentLength, .selfDependency:
      .protocolError
    case .frameTooLong, .frameLength: .frameSizeError
    case .blockTooLong, .listTooLong, .resetFlood, .controlFlood, .pingFlood: .enhanceYourCalm
    case .windowExceeded, .windowOverflow: .flowControlError
    // RFC 9113 §6.5.2: a window of more than 2^31 − 1 has a code of its own.
    case .settingValue(let identifier):
      identifier == .initialWindowSize ? .flowControlError : .protocolError
    case .fields: .compressionError
    case .streamClosed: .streamClosed
    }
  }

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .preface: "the connection does not begin with HTTP/2's preface"
    case .firstFrame: "the first frame is not SETTINGS"
    case .frameTooLong: "a frame is longer than the receiver allows"
    case .frameLength: "a frame has not the length that its type wants"
    case .streamIdentifier: "a frame names a stream that it must not name"
    case .padding: "the padding is as long as the frame"
    case .blockInterrupted: "a frame stands within a block of fields"
    case .continuation: "CONTINUATION continues nothing"
    case .blockTooLong: "a block of fields is too long"
    case .windowIncrement: "a window is to grow by nothing, or beyond its end"
    case .settingValue: "a setting has a value that it must not have"
    case .promisedStream: "a promised stream cannot be opened"
    case .role: "a frame comes from the end that must not send it"
    case .lastStream: "a later GOAWAY names a higher stream"
    case .fields(let error): error.name
    case .frameInState: "the stream's state does not allow the frame"
    case .streamClosed: "a frame comes after the end of its stream"
    case .windowExceeded: "there is more content than the window allows"
    case .windowOverflow: "a window would be larger than 2^31 − 1"
    case .listTooLong: "a list of fields is too long"
    case .resetFlood: "too many streams are reset"
    case .controlFlood: "too many frames carry nothing"
    case .pingFlood: "too many PINGs"
    case .contentLength: "the content is not as long as content-length says"
    case .selfDependency: "a stream is to depend on itself"
    }
  }

  /// Each of them once, in the order of their numbers in the log; of those that name a setting or an
  /// error of HPACK, any.
  static let all: [HTTP2Violation] = [
    .preface, .firstFrame, .frameTooLong, .frameLength, .streamIdentifier, .padding,
    .blockInterrupted, .continuation, .blockTooLong, .windowIncrement,
    .settingValue(.maxFrameSize), .promisedStream, .role, .lastStream, .fields(.truncated),
    .frameInState, .streamClosed, .windowExceeded, .windowOverflow, .listTooLong, .resetFlood,
    .controlFlood, .contentLength, .pingFlood, .selfDependency,
  ]

  /// Its number in the log.
  var number: Int {
    for (number, violation) in Self.all.enumerated() where violation.isLike(self) {
      return number
    }
    preconditionFailure("a violation without a number")
  }

  /// Whether both are the same but for what they name.
  private func isLike(_ other: HTTP2Violation) -> Bool {
    switch (self, other) {
    case (.settingValue, .settingValue), (.fields, .fields): true
    default: self == other
    }
  }

  /// The violation of a number in the log; nil where none has it.
  public init?(number: Int) {
    guard Self.all.indices.contains(number) else { return nil }
    self = Self.all[number]
  }
}
