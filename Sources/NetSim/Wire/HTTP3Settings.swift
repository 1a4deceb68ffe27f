/// The name of a setting as a number (RFC 9114 §7.2.4.1).
public struct HTTP3SettingIdentifier: RawRepresentable, Equatable, Sendable {
  /// The number on the wire.
  public let rawValue: UInt64

  /// The identifier of a number on the wire.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// SETTINGS_QPACK_MAX_TABLE_CAPACITY: the limit of the table of who decodes fields (RFC 9204 §5).
  public static var qpackMaxTableCapacity: HTTP3SettingIdentifier { .init(rawValue: 0x01) }
  /// SETTINGS_MAX_FIELD_SECTION_SIZE: the longest list of fields, counted with 32 bytes for each.
  public static var maxFieldSectionSize: HTTP3SettingIdentifier { .init(rawValue: 0x06) }
  /// SETTINGS_QPACK_BLOCKED_STREAMS: how many streams may wait for the table (RFC 9204 §5).
  public static var qpackBlockedStreams: HTTP3SettingIdentifier { .init(rawValue: 0x07) }
  /// SETTINGS_ENABLE_CONNECT_PROTOCOL: whether CONNECT may ask for WebSockets (RFC 9220 §3).
  public static var enableConnectProtocol: HTTP3SettingIdentifier { .init(rawValue: 0x08) }
  /// SETTINGS_H3_DATAGRAM: whether datagrams are understood (RFC 9297 §2.1.1).
  public static var datagram: HTTP3SettingIdentifier { .init(rawValue: 0x33) }

  /// Whether it means nothing, so that its receiver shows that it ignores what it does not know.
  public var isGrease: Bool { HTTP3FrameType.isGrease(rawValue) }

  /// Whether HTTP/2 has it and HTTP/3 has nothing like it (RFC 9114 §11.2.2).
  var isReserved: Bool { rawValue == 0 || rawValue >= 2 && rawValue <= 5 }
}

/// A setting and its value.
public struct HTTP3Setting: Equatable, Sendable {
  /// Which.
  public var identifier: HTTP3SettingIdentifier
  /// Its value.
  public var value: UInt64

  /// A setting.
  @inlinable public init(_ identifier: HTTP3SettingIdentifier, _ value: UInt64) {
    self.identifier = identifier
    self.value = value
  }

  /// Throws where it must not be sent. A setting without a name may have any value, and is ignored.
  func check() throws(HTTP3Error) {
    guard !identifier.isReserved else { throw HTTP3Error(.reservedSetting(identifier)) }
    switch identifier {
    case .enableConnectProtocol, .datagram:
      guard value <= 1 else { throw HTTP3Error(.settingValue(identifier)) }
    default: break
    }
  }
}

/// The settings of one end, as its peer knows them (RFC 9114 §7.2.4.1).
public struct HTTP3Settings: Equatable, Sendable {
  /// The limit of the table of fields, in bytes.
  public private(set) var qpackTableBytes: UInt64 = 0
  /// How many streams may wait for the table of fields.
  public private(set) var qpackBlockedStreams: UInt64 = 0
  /// The longest list of fields, in bytes with 32 for each; nil where nothing was said.
  public private(set) var maximumListBytes: UInt64?
  /// Whether CONNECT may ask for WebSockets.
  public private(set) var enablesConnectProtocol = false
  /// Whether datagrams are understood.
  public private(set) var enablesDatagrams = false

  /// The settings before SETTINGS came.
  public init() {}

  /// The settings that a frame says; what it leaves out has its default.
  public init(_ settings: [HTTP3Setting]) throws(HTTP3Error) {
    try Self.check(settings)
    for setting in settings {
      let value = setting.value
      switch setting.identifier {
      case .qpackMaxTableCapacity: qpackTableBytes = value
      case .qpackBlockedStreams: qpackBlockedStreams = value
      case .maxFieldSectionSize: maximumListBytes = value
      case .enableConnectProtocol: enablesConnectProtocol = value == 1
      case .datagram: enablesDatagrams = value == 1
      default: break  // RFC 9114 §7.2.4: what is not known is ignored.
      }
    }
  }

  /// Throws where one of them must not be sent, or stands there twice.
  static func check(_ settings: [HTTP3Setting]) throws(HTTP3Error) {
    for (place, setting) in settings.enumerated() {
      try setting.check()
      for earlier in settings[..<place] where earlier.identifier == setting.identifier {
        throw HTTP3Error(.settingTwice(setting.identifier))
      }
    }
  }
}
