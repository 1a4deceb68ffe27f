/// The name of a setting as a number (RFC 9113 §6.5.2).
public struct HTTP2SettingIdentifier: RawRepresentable, Equatable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt16

  /// The identifier of a number on the wire.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// SETTINGS_HEADER_TABLE_SIZE: the limit of the table of who decodes fields.
  public static var headerTableSize: HTTP2SettingIdentifier { .init(rawValue: 1) }
  /// SETTINGS_ENABLE_PUSH: whether a server may push.
  public static var enablePush: HTTP2SettingIdentifier { .init(rawValue: 2) }
  /// SETTINGS_MAX_CONCURRENT_STREAMS: how many streams the peer may have open.
  public static var maxConcurrentStreams: HTTP2SettingIdentifier { .init(rawValue: 3) }
  /// SETTINGS_INITIAL_WINDOW_SIZE: the window of a new stream, in bytes.
  public static var initialWindowSize: HTTP2SettingIdentifier { .init(rawValue: 4) }
  /// SETTINGS_MAX_FRAME_SIZE: the longest payload that is taken, in bytes.
  public static var maxFrameSize: HTTP2SettingIdentifier { .init(rawValue: 5) }
  /// SETTINGS_MAX_HEADER_LIST_SIZE: the longest list of fields, counted with 32 bytes for each.
  public static var maxHeaderListSize: HTTP2SettingIdentifier { .init(rawValue: 6) }
  /// SETTINGS_ENABLE_CONNECT_PROTOCOL: whether CONNECT may ask for WebSockets (RFC 8441 §3).
  public static var enableConnectProtocol: HTTP2SettingIdentifier { .init(rawValue: 8) }
  /// SETTINGS_NO_RFC7540_PRIORITIES: whether PRIORITY frames are not looked at (RFC 9218 §2.1).
  public static var noRFC7540Priorities: HTTP2SettingIdentifier { .init(rawValue: 9) }
}

/// A setting and its value.
public struct HTTP2Setting: Equatable, Sendable {
  /// Which.
  public var identifier: HTTP2SettingIdentifier
  /// Its value.
  public var value: UInt32

  /// A setting.
  @inlinable public init(_ identifier: HTTP2SettingIdentifier, _ value: UInt32) {
    self.identifier = identifier
    self.value = value
  }

  /// Whether an end may send it (RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1). A setting without a
  /// name may have any value, and is ignored.
  public func isAllowed(fromClient: Bool) -> Bool {
    switch identifier {
    // Only who is pushed to may ask for it: a server's value must be 0.
    case .enablePush: value <= (fromClient ? 1 : 0)
    case .initialWindowSize: value <= 0x7FFF_FFFF
    case .maxFrameSize: value >= 16_384 && value <= 16_777_215
    case .enableConnectProtocol, .noRFC7540Priorities: value <= 1
    default: true
    }
  }
}

/// The settings of one end, as its peer knows them (RFC 9113 §6.5.2).
public struct HTTP2Settings: Equatable, Sendable {
  /// The limit of the table of fields, in bytes.
  public private(set) var headerTableBytes: UInt32 = 4_096
  /// Whether the peer may push.
  public private(set) var enablesPush = true
  /// How many streams the peer may have open; nil for any number.
  public private(set) var mostStreams: UInt32?
  /// The window of a new stream, in bytes.
  public private(set) var initialWindowBytes: UInt32 = 65_535
  /// The longest payload that is taken, in bytes.
  public private(set) var maximumFrameBytes: UInt32 = 16_384
  /// The longest list of fields, in bytes with 32 for each; nil where nothing was said.
  public private(set) var maximumListBytes: UInt32?
  /// Whether CONNECT may ask for WebSockets.
  public private(set) var enablesConnectProtocol = false
  /// Whether PRIORITY frames are not looked at.
  public private(set) var ignoresPriorityFrames = false

  private var isFirst = true

  /// The settings before the first SETTINGS frame.
  public init() {}

  /// Takes the settings of a frame, in their order (RFC 9113 §6.5.3).
  public mutating func apply(
    _ settings: [HTTP2Setting], fromClient: Bool
  ) throws(HTTP2Error) {
    for setting in settings {
      guard setting.isAllowed(fromClient: fromClient), changes(setting) else {
        throw HTTP2Error(.settingValue(setting.identifier))
      }
      let value = setting.value
      switch setting.identifier {
      case .headerTableSize: headerTableBytes = value
      case .enablePush: enablesPush = value == 1
      case .maxConcurrentStreams: mostStreams = value
      case .initialWindowSize: initialWindowBytes = value
      case .maxFrameSize: maximumFrameBytes = value
      case .maxHeaderListSize: maximumListBytes = value
      case .enableConnectProtocol: enablesConnectProtocol = value == 1
      case .noRFC7540Priorities: ignoresPriorityFrames = value == 1
      default: break  // RFC 9113 §6.5.2: what is not known is ignored.
      }
    }
    isFirst = false
  }

  /// Whether a setting may still become what it is to be: the WebSockets are not taken back
  /// (RFC 8441 §3), and the say on PRIORITY does not change after the first frame (RFC 9218 §2.1).
  private func changes(_ setting: HTTP2Setting) -> Bool {
    switch setting.identifier {
    case .enableConnectProtocol: setting.value == 1 || !enablesConnectProtocol
    case .noRFC7540Priorities: isFirst || (setting.value == 1) == ignoresPriorityFrames
    default: true
    }
  }
}
