/// What a ClientHello says (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), as far as it matters to who reads
/// along.
public struct TLSClientHello: Equatable, Sendable {
  /// The highest version of a client that knows nothing newer than TLS 1.2.
  public private(set) var legacyVersion = TLSVersion.tls12
  /// The 32 bytes by which a key log finds the connection.
  public private(set) var random: [UInt8] = []
  /// The session that the client would resume; in TLS 1.3 there for the sake of middleboxes.
  public private(set) var sessionID: [UInt8] = []
  /// What `supported_versions` offers, in the order of preference; empty where it is missing
  /// (RFC 8446 §4.2.1).
  public private(set) var supportedVersions: [TLSVersion] = []
  /// The host that the client wants (RFC 6066 §3); empty where it does not say.
  public private(set) var serverName: [UInt8] = []
  /// The application protocols offered, in the order of preference (RFC 7301 §3.1).
  public private(set) var applicationProtocols: [[UInt8]] = []
  /// Whether pre-shared keys are offered (RFC 8446 §4.2.11).
  public private(set) var offersPreSharedKey = false
  /// Whether early data follows (RFC 8446 §4.2.10).
  public private(set) var offersEarlyData = false

  /// Reads the body of a ClientHello, without its header of four bytes.
  public init(_ body: [UInt8]) throws(TLSError) {
    var cursor = TLSCursor(body)
    legacyVersion = TLSVersion(rawValue: try cursor.uint16())
    random = try cursor.take(32)
    sessionID = try cursor.shortVector().rest
    guard sessionID.count <= 32 else { throw .hello }
    let suites = try cursor.vector()
    guard suites.left >= 2, suites.left % 2 == 0 else { throw .hello }
    let compression = try cursor.shortVector()
    guard compression.left >= 1 else { throw .hello }
    try cursor.readExtensions { (type, content) throws(TLSError) in try take(type, &content) }
  }

  private mutating func take(_ type: UInt16, _ content: inout TLSCursor) throws(TLSError) {
    switch type {
    case TLSExtension.serverName: try takeServerName(&content)
    case TLSExtension.applicationProtocols:
      applicationProtocols = try content.applicationProtocols()
    case TLSExtension.supportedVersions:
      var list = try content.shortVector()
      while list.left > 0 { supportedVersions.append(TLSVersion(rawValue: try list.uint16())) }
    case TLSExtension.preSharedKey: offersPreSharedKey = true
    case TLSExtension.earlyData: offersEarlyData = true
    default: return
    }
  }

  /// Of several names the first of a host counts; there is no other kind (RFC 6066 §3).
  private mutating func takeServerName(_ content: inout TLSCursor) throws(TLSError) {
    var list = try content.vector()
    while list.left > 0 {
      let type = try list.uint8()
      let name = try list.vector().rest
      if type == 0, serverName.isEmpty { serverName = name }
    }
  }
}

/// What a ServerHello says (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3), a HelloRetryRequest among them.
public struct TLSServerHello: Equatable, Sendable {
  /// The version as its own field has it: never above TLS 1.2.
  public private(set) var legacyVersion = TLSVersion.tls12
  /// 32 bytes, random or a signal.
  public private(set) var random: [UInt8] = []
  /// The session's name; in TLS 1.3 the client's own.
  public private(set) var sessionID: [UInt8] = []
  /// The cipher suite chosen.
  public private(set) var cipherSuite: UInt16 = 0
  /// What `supported_versions` chooses; nil where it is missing.
  public private(set) var selectedVersion: TLSVersion?
  /// The application protocol chosen (RFC 7301 §3.1); nil where it is not said, as in TLS 1.3, which
  /// says it in EncryptedExtensions.
  public private(set) var applicationProtocol: [UInt8]?
  /// Whether a pre-shared key was chosen (RFC 8446 §4.2.11).
  public private(set) var hasPreSharedKey = false

  /// Reads the body of a ServerHello, without its header of four bytes.
  public init(_ body: [UInt8]) throws(TLSError) {
    var cursor = TLSCursor(body)
    legacyVersion = TLSVersion(rawValue: try cursor.uint16())
    random = try cursor.take(32)
    sessionID = try cursor.shortVector().rest
    guard sessionID.count <= 32 else { throw .hello }
    cipherSuite = try cursor.uint16()
    _ = try cursor.uint8()
    try cursor.readExtensions { (type, content) throws(TLSError) in try take(type, &content) }
  }

  private mutating func take(_ type: UInt16, _ content: inout TLSCursor) throws(TLSError) {
    switch type {
    case TLSExtension.applicationProtocols:
      let names = try content.applicationProtocols()
      guard names.count == 1 else { throw .hello }
      applicationProtocol = names[0]
    case TLSExtension.supportedVersions:
      selectedVersion = TLSVersion(rawValue: try content.uint16())
    case TLSExtension.preSharedKey: hasPreSharedKey = true
    default: return
    }
  }

  /// The version that both ends speak from here on: `supported_versions` counts before the field of
  /// old (RFC 8446 §4.2.1).
  public var version: TLSVersion { selectedVersion ?? legacyVersion }

  /// Whether it asks for another ClientHello (RFC 8446 §4.1.4): then its random is the SHA-256 of
  /// "HelloRetryRequest".
  public var isRetryRequest: Bool { random == Self.retryRandom }

  private static var retryRandom: [UInt8] {
    [
      0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8,
      0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8,
      0x33, 0x9C,
    ]
  }
}

/// The extensions that are read (RFC 8446 §4.2).
enum TLSExtension {
  static var serverName: UInt16 { 0 }
  static var applicationProtocols: UInt16 { 16 }
  static var preSharedKey: UInt16 { 41 }
  static var earlyData: UInt16 { 42 }
  static var supportedVersions: UInt16 { 43 }
}

/// A place in the body of a hello message, with where its part of it ends. Reading past that is an
/// error; nothing is copied before it is taken.
struct TLSCursor {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  private init(_ bytes: [UInt8], from position: Int, to end: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  /// Bytes that are left.
  var left: Int { end - position }

  /// The bytes that are left.
  var rest: [UInt8] { [UInt8](bytes[position..<end]) }

  mutating func uint8() throws(TLSError) -> UInt8 {
    guard left >= 1 else { throw .hello }
    position += 1
    return bytes[position - 1]
  }

  mutating func uint16() throws(TLSError) -> UInt16 {
    let high = try uint8()
    return UInt16(high) << 8 | UInt16(try uint8())
  }

  mutating func take(_ count: Int) throws(TLSError) -> [UInt8] { try part(count).rest }

  /// A vector with a length of one byte (RFC 8446 §3.4).
  mutating func shortVector() throws(TLSError) -> TLSCursor { try part(Int(try uint8())) }

  /// A vector with a length of two bytes.
  mutating func vector() throws(TLSError) -> TLSCursor { try part(Int(try uint16())) }

  private mutating func part(_ count: Int) throws(TLSError) -> TLSCursor {
    guard left >= count else { throw .hello }
    position += count
    return TLSCursor(bytes, from: position - count, to: position)
  }

  /// The extensions, which end the message and may be missing altogether before TLS 1.3
  /// (RFC 5246 §7.4.1.2).
  mutating func readExtensions(
    _ take: (UInt16, inout TLSCursor) throws(TLSError) -> Void
  ) throws(TLSError) {
    guard left > 0 else { return }
    var list = try vector()
    guard left == 0 else { throw .hello }
    while list.left > 0 {
      let type = try list.uint16()
      var content = try list.vector()
      try take(type, &content)
    }
  }

  /// The list of names of the extension of RFC 7301 §3.1, none of which may be empty.
  mutating func applicationProtocols() throws(TLSError) -> [[UInt8]] {
    var list = try vector()
    var names: [[UInt8]] = []
    while list.left > 0 {
      let name = try list.shortVector().rest
      guard !name.isEmpty else { throw .hello }
      names.append(name)
    }
    return names
  }
}
