/// An error of HTTP/3: what is wrong, and with it the code that says so to the peer (RFC 9114 §8).
public struct HTTP3Error: Error, Equatable, Sendable {
  /// What is wrong.
  public var violation: HTTP3Violation

  /// An error.
  public init(_ violation: HTTP3Violation) { self.violation = violation }

  /// The code for CONNECTION_CLOSE, RESET_STREAM or STOP_SENDING.
  public var code: HTTP3ErrorCode { violation.code }

  /// Whether it ends one stream alone, and not the connection.
  public var isOfStream: Bool {
    switch violation {
    case .requestIncomplete, .messageIncomplete, .secondMessage: true
    case .fields(let error): error.isOfStream
    default: false
    }
  }
}

/// What HTTP/3 forbids.
public enum HTTP3Violation: Equatable, Sendable {
  /// A frame on a stream of a kind that must not have it (RFC 9114 §7.2, Table 1).
  case frameOnStream
  /// A frame of a type that only HTTP/2 has (RFC 9114 §7.2.8).
  case reservedFrame
  /// A frame that only the other end may send (RFC 9114 §7.2.5, §7.2.7, RFC 9218 §7.2).
  case role
  /// A second SETTINGS (RFC 9114 §7.2.4).
  case settingsRepeated
  /// A control stream does not begin with SETTINGS (RFC 9114 §6.2.1).
  case settingsMissing
  /// A frame has not the length that its fields have (RFC 9114 §7.1).
  case frameLength
  /// A stream ends within a frame (RFC 9114 §7.1).
  case frameCut
  /// A frame is longer than the receiver's limit (RFC 9114 §10.5).
  case frameTooLong
  /// A setting that only HTTP/2 has (RFC 9114 §7.2.4.1).
  case reservedSetting(HTTP3SettingIdentifier)
  /// A setting that stands there twice (RFC 9114 §7.2.4).
  case settingTwice(HTTP3SettingIdentifier)
  /// A value that a setting must not have (RFC 9220 §3, RFC 9297 §2.1.1).
  case settingValue(HTTP3SettingIdentifier)
  /// GOAWAY of a server names what is no request (RFC 9114 §7.2.6).
  case lastStream
  /// A later GOAWAY names more than an earlier one (RFC 9114 §5.2).
  case lastStreamGrows
  /// The number of a push that was not allowed, or not promised (RFC 9114 §7.2.3, §7.2.5).
  case pushID
  /// The highest number of a push becomes lower (RFC 9114 §7.2.7).
  case pushLimitShrinks
  /// The number of a push begins a second stream (RFC 9114 §6.2.2).
  case pushTwice
  /// The priority of what is no request (RFC 9218 §7.2).
  case prioritizedStream
  /// A second stream of a kind of which there is one (RFC 9114 §6.2.1, RFC 9204 §4.2).
  case secondStream
  /// A push by the client (RFC 9114 §6.2.2).
  case pushByClient
  /// A stream of both directions that the server opens (RFC 9114 §6.1).
  case bidirectionalByServer
  /// The end of a stream that the connection cannot do without (RFC 9114 §6.2.1, RFC 9204 §4.2).
  case criticalStreamClosed
  /// A frame that cannot follow those before in its message (RFC 9114 §4.1).
  case messageOrder
  /// A request's stream ends before its header is there (RFC 9114 §4.1).
  case requestIncomplete
  /// A response's stream ends before its final header is there (RFC 9114 §4.1.2).
  case messageIncomplete
  /// A response behind the final one (RFC 9114 §4.1).
  case secondMessage
  /// A section of fields cannot be decoded, or a stream of QPACK is wrong (RFC 9204 §6).
  case fields(QPACKError)

  /// The code that tells the peer.
  public var code: HTTP3ErrorCode {
    switch self {
    case .frameOnStream, .reservedFrame, .role, .settingsRepeated, .messageOrder: .frameUnexpected
    case .settingsMissing: .missingSettings
    case .frameLength, .frameCut: .frameError
    case .frameTooLong: .excessiveLoad
    case .reservedSetting, .settingTwice, .settingValue: .settingsError
    case .lastStream, .lastStreamGrows, .pushID, .pushLimitShrinks, .pushTwice, .prioritizedStream:
      .idError
    case .secondStream, .pushByClient, .bidirectionalByServer: .streamCreationError
    case .criticalStreamClosed: .closedCriticalStream
    case .requestIncomplete: .requestIncomplete
    case .messageIncomplete, .secondMessage: .messageError
    case .fields(let error): error.code
    }
  }

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .frameOnStream: "a frame stands on a stream that must not have it"
    case .reservedFrame: "a frame has a type that only HTTP/2 has"
    case .role: "a frame comes from the end that must not send it"
    case .settingsRepeated: "SETTINGS come twice"
    case .settingsMissing: "the control stream does not begin with SETTINGS"
    case .frameLength: "a frame has not the length that its fields have"
    case .frameCut: "a stream ends within a frame"
    case .frameTooLong: "a frame is longer than the receiver allows"
    case .reservedSetting: "a setting is one that only HTTP/2 has"
    case .settingTwice: "a setting stands twice in SETTINGS"
    case .settingValue: "a setting has a value that it must not have"
    case .lastStream: "GOAWAY names a stream that is no request's"
    case .lastStreamGrows: "a later GOAWAY names more than an earlier one"
    case .pushID: "a push has a number that is not allowed yet"
    case .pushLimitShrinks: "the highest number of a push becomes lower"
    case .pushTwice: "two streams carry the same push"
    case .prioritizedStream: "a priority is that of no request"
    case .secondStream: "there is a second stream of a kind that has one"
    case .pushByClient: "the client pushes"
    case .bidirectionalByServer: "the server opens a stream of both directions"
    case .criticalStreamClosed: "a stream ends that the connection needs"
    case .messageOrder: "a frame cannot follow those before it in its message"
    case .requestIncomplete: "a request ends before its header"
    case .messageIncomplete: "a response ends before its header"
    case .secondMessage: "a message comes behind the final one"
    case .fields(let error): error.violation.name
    }
  }

  /// Each of them once, in the order of their numbers in the log; of those that name a setting or an
  /// error of QPACK, any.
  static let all: [HTTP3Violation] = [
    .frameOnStream, .reservedFrame, .role, .settingsRepeated, .settingsMissing, .frameLength,
    .frameCut, .frameTooLong, .reservedSetting(.datagram), .settingTwice(.datagram),
    .settingValue(.datagram), .lastStream, .lastStreamGrows, .pushID, .pushLimitShrinks,
    .pushTwice, .prioritizedStream, .secondStream, .pushByClient, .bidirectionalByServer,
    .criticalStreamClosed, .messageOrder, .requestIncomplete, .messageIncomplete, .secondMessage,
    .fields(QPACKError(.truncated, .qpackDecompressionFailed)),
  ]

  /// Its number in the log.
  var number: Int {
    for (number, violation) in Self.all.enumerated() where violation.isLike(self) {
      return number
    }
    preconditionFailure("a violation without a number")
  }

  /// Whether both are the same but for what they name.
  private func isLike(_ other: HTTP3Violation) -> Bool {
    switch (self, other) {
    case (.reservedSetting, .reservedSetting), (.settingTwice, .settingTwice),
      (.settingValue, .settingValue), (.fields, .fields):
      true
    default: self == other
    }
  }

  /// The violation of a number in the log; nil where none has it.
  public init?(number: Int) {
    guard Self.all.indices.contains(number) else { return nil }
    self = Self.all[number]
  }
}
