/// A type of frame (RFC 9113 §6, and the RFCs that add to it).
public enum HTTP2FrameType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case data = 0
  case headers = 1
  case priority = 2
  case resetStream = 3
  case settings = 4
  case pushPromise = 5
  case ping = 6
  case goAway = 7
  case windowUpdate = 8
  case continuation = 9
  /// RFC 7838 §4.
  case alternativeService = 10
  /// RFC 8336 §2.
  case origin = 12
  /// RFC 9218 §7.1.
  case priorityUpdate = 16

  /// Its name in the RFC (`RST_STREAM`).
  public var name: String {
    switch self {
    case .data: "DATA"
    case .headers: "HEADERS"
    case .priority: "PRIORITY"
    case .resetStream: "RST_STREAM"
    case .settings: "SETTINGS"
    case .pushPromise: "PUSH_PROMISE"
    case .ping: "PING"
    case .goAway: "GOAWAY"
    case .windowUpdate: "WINDOW_UPDATE"
    case .continuation: "CONTINUATION"
    case .alternativeService: "ALTSVC"
    case .origin: "ORIGIN"
    case .priorityUpdate: "PRIORITY_UPDATE"
    }
  }

  /// Whether it carries a part of a block of fields, so that an error in it ends the connection
  /// (RFC 9113 §4.2).
  var carriesFields: Bool { self == .headers || self == .pushPromise || self == .continuation }
}

/// The flags of a frame; a bit means what its type says (RFC 9113 §6).
public struct HTTP2Flags: OptionSet, Sendable {
  /// The bits on the wire.
  public let rawValue: UInt8

  /// The flags of bits on the wire.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The last frame of its sender on the stream, but for what ends a block: DATA, HEADERS.
  public static var endStream: HTTP2Flags { HTTP2Flags(rawValue: 1) }
  /// SETTINGS or PING that answers one.
  public static var acknowledgement: HTTP2Flags { HTTP2Flags(rawValue: 1) }
  /// The end of a block of fields: HEADERS, PUSH_PROMISE, CONTINUATION.
  public static var endHeaders: HTTP2Flags { HTTP2Flags(rawValue: 4) }
  /// There is padding: DATA, HEADERS, PUSH_PROMISE.
  public static var padded: HTTP2Flags { HTTP2Flags(rawValue: 8) }
  /// There is a priority: HEADERS.
  public static var priority: HTTP2Flags { HTTP2Flags(rawValue: 32) }
}

/// The nine bytes before every payload (RFC 9113 §4.1).
public struct HTTP2FrameHeader: Equatable, Sendable {
  /// Bytes of the header.
  public static var byteCount: Int { 9 }

  /// Bytes of the payload: 24 bits.
  public var length: UInt32
  /// The number of the type.
  public var typeNumber: UInt8
  /// The flags.
  public var flags: HTTP2Flags
  /// The stream, or 0 for the connection: 31 bits.
  public var streamID: UInt32

  /// A header.
  public init(length: UInt32, typeNumber: UInt8, flags: HTTP2Flags, streamID: UInt32) {
    self.length = length
    self.typeNumber = typeNumber
    self.flags = flags
    self.streamID = streamID
  }

  /// Its type; nil where that is not known here.
  public var type: HTTP2FrameType? { HTTP2FrameType(rawValue: typeNumber) }

  /// Reads a header from nine bytes. The reserved bit is ignored.
  init(_ bytes: [UInt8]) {
    length = UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
    typeNumber = bytes[3]
    flags = HTTP2Flags(rawValue: bytes[4])
    streamID = bytes.uint32(at: 5) & 0x7FFF_FFFF
  }

  /// Appends the nine bytes.
  func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: length >> 16))
    bytes.append(bigEndian: UInt16(truncatingIfNeeded: length))
    bytes.append(typeNumber)
    bytes.append(flags.rawValue)
    bytes.append(bigEndian: streamID)
  }
}

extension [UInt8] {
  /// The 32-bit number in network order at `offset`, where there must be four bytes.
  func uint32(at offset: Int) -> UInt32 {
    UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
      | UInt32(self[offset + 3])
  }
}
