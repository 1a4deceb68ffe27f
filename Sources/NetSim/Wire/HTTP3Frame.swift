/// A type of frame (RFC 9114 §7.2, and RFC 9218).
public enum HTTP3FrameType: UInt64, CaseIterable, BitwiseCopyable, Sendable {
  case data = 0x00
  case headers = 0x01
  case cancelPush = 0x03
  case settings = 0x04
  case pushPromise = 0x05
  case goAway = 0x07
  case maxPushID = 0x0D
  /// RFC 9218 §7.2, of a request.
  case priorityUpdate = 0xF0700
  /// RFC 9218 §7.2, of a push.
  case pushPriorityUpdate = 0xF0701

  /// Its name in the RFC (`CANCEL_PUSH`).
  public var name: String {
    switch self {
    case .data: "DATA"
    case .headers: "HEADERS"
    case .cancelPush: "CANCEL_PUSH"
    case .settings: "SETTINGS"
    case .pushPromise: "PUSH_PROMISE"
    case .goAway: "GOAWAY"
    case .maxPushID: "MAX_PUSH_ID"
    case .priorityUpdate, .pushPriorityUpdate: "PRIORITY_UPDATE"
    }
  }

  /// Whether a number is one of those that mean nothing, for frames, streams, settings and errors:
  /// 0x1f · N + 0x21. They are sent so that receivers ignore what they do not know (RFC 9114 §7.2.8).
  public static func isGrease(_ number: UInt64) -> Bool {
    number >= 0x21 && (number - 0x21) % 0x1F == 0
  }

  /// Whether HTTP/2 has frames of this number and HTTP/3 has nothing like them: PRIORITY, PING,
  /// WINDOW_UPDATE and CONTINUATION (RFC 9114 §11.2.1).
  static func isReserved(_ number: UInt64) -> Bool {
    number == 0x02 || number == 0x06 || number == 0x08 || number == 0x09
  }
}

/// What a frame carries (RFC 9114 §7.2).
public enum HTTP3Payload: Equatable, Sendable {
  /// A piece of a message's content. A reader that only counts it leaves it empty.
  case data([UInt8])
  /// A section of fields, by QPACK.
  case headers([UInt8])
  /// A push is not wanted, or will not come.
  case cancelPush(UInt64)
  /// Settings of the sender.
  case settings([HTTP3Setting])
  /// A push, and the section of fields of the request that it answers.
  case pushPromise(pushID: UInt64, section: [UInt8])
  /// Nothing new is taken any more: of a server's, requests from this stream on; of a client's, pushes
  /// from this number on.
  case goAway(UInt64)
  /// The highest number of a push that is allowed.
  case maxPushID(UInt64)
  /// The priority of the request on a stream, as a field value (RFC 9218 §7.2).
  case priorityUpdate(streamID: UInt64, value: [UInt8])
  /// The priority of a push, as a field value (RFC 9218 §7.2).
  case pushPriorityUpdate(pushID: UInt64, value: [UInt8])
  /// A frame of a type that is not known here.
  case ignored(type: UInt64)

  /// The frame's type; nil where it is ignored.
  public var type: HTTP3FrameType? {
    switch self {
    case .data: .data
    case .headers: .headers
    case .cancelPush: .cancelPush
    case .settings: .settings
    case .pushPromise: .pushPromise
    case .goAway: .goAway
    case .maxPushID: .maxPushID
    case .priorityUpdate: .priorityUpdate
    case .pushPriorityUpdate: .pushPriorityUpdate
    case .ignored: nil
    }
  }

  /// Reads a payload, which must be whole but for DATA that is only counted.
  init(_ type: HTTP3FrameType, _ bytes: [UInt8]) throws(HTTP3Error) {
    var place = 0
    switch type {
    case .data: self = .data(bytes)
    case .headers: self = .headers(bytes)
    case .settings:
      var settings: [HTTP3Setting] = []
      while place < bytes.count {
        let identifier = HTTP3SettingIdentifier(rawValue: try Self.number(bytes, &place))
        settings.append(HTTP3Setting(identifier, try Self.number(bytes, &place)))
      }
      self = .settings(settings)
    case .cancelPush: self = .cancelPush(try Self.onlyNumber(bytes))
    case .goAway: self = .goAway(try Self.onlyNumber(bytes))
    case .maxPushID: self = .maxPushID(try Self.onlyNumber(bytes))
    case .pushPromise:
      let pushID = try Self.number(bytes, &place)
      self = .pushPromise(pushID: pushID, section: Array(bytes[place...]))
    case .priorityUpdate:
      let streamID = try Self.number(bytes, &place)
      self = .priorityUpdate(streamID: streamID, value: Array(bytes[place...]))
    case .pushPriorityUpdate:
      let pushID = try Self.number(bytes, &place)
      self = .pushPriorityUpdate(pushID: pushID, value: Array(bytes[place...]))
    }
  }

  private static func number(
    _ bytes: [UInt8], _ place: inout Int
  ) throws(HTTP3Error) -> UInt64 {
    guard let number = bytes.quicVarint(at: &place) else { throw HTTP3Error(.frameLength) }
    return number
  }

  private static func onlyNumber(_ bytes: [UInt8]) throws(HTTP3Error) -> UInt64 {
    var place = 0
    let number = try number(bytes, &place)
    guard place == bytes.count else { throw HTTP3Error(.frameLength) }
    return number
  }

  /// Appends it.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .data(let content): bytes += content
    case .headers(let section): bytes += section
    case .cancelPush(let number), .goAway(let number), .maxPushID(let number):
      bytes.append(quicVarint: number)
    case .settings(let settings):
      for setting in settings {
        bytes.append(quicVarint: setting.identifier.rawValue)
        bytes.append(quicVarint: setting.value)
      }
    case .pushPromise(let number, let rest), .priorityUpdate(let number, let rest),
      .pushPriorityUpdate(let number, let rest):
      bytes.append(quicVarint: number)
      bytes += rest
    case .ignored: break
    }
  }
}
