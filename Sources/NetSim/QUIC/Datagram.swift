/// A UDP datagram as the simulator carries it: the QUIC packets in it, one after the other, each with
/// its frames. The content of streams is described elsewhere.
struct Datagram {
  /// Its headers and frames in the first `count` places; the others keep what they held before.
  private var storage: [QUICItem] = []
  /// How many headers and frames it has.
  private(set) var count = 0
  /// Bytes of the UDP payload.
  var bytes: UInt32 = 0
  /// What IP, UDP and, in the `ideal` profile, everything that is not content count for.
  var overheadBytes: UInt32 = Self.headerBytes
  /// What the IP header says of ECN.
  var codepoint = CongestionCodepoint.notCapable
  /// The client's address, which its sender or a NAT writes there.
  var address = ClientAddress.first
  /// The sequence number of the connection ID that it is sent to (RFC 9000 §5.1.1).
  var identity: UInt32 = 0
  /// Whether it acknowledges and does nothing else.
  var isPureAcknowledgement = false

  init() {}

  /// One packet of another datagram.
  init(_ other: borrowing Datagram, _ range: Range<Int>) {
    storage = Array(other.storage[range])
    count = range.count
    codepoint = other.codepoint
  }

  /// A packet's header, behind which its frames stand in their order up to the next header.
  var items: ArraySlice<QUICItem> { storage[..<count] }

  /// The header or frame at a place.
  @inline(__always)
  subscript(place: Int) -> QUICItem { storage[place] }

  /// IPv4 and UDP headers.
  static var headerBytes: UInt32 { 28 }

  /// Bytes of the IP packet.
  var ipBytes: UInt32 { bytes + overheadBytes }

  /// Makes it empty, whatever it was; its storage stays.
  @inline(__always)
  mutating func begin() {
    count = 0
    bytes = 0
    overheadBytes = Self.headerBytes
    codepoint = .notCapable
    address = .first
    identity = 0
    isPureAcknowledgement = false
  }

  /// Adds a header or a frame.
  @inline(__always)
  mutating func append(_ item: QUICItem) {
    if count < storage.count { storage[count] = item } else { storage.append(item) }
    count += 1
  }

  /// Changes the header at a place, once its packet is complete.
  mutating func set(_ item: QUICItem, at place: Int) { storage[place] = item }

  /// Takes away what stands from a place on.
  mutating func truncate(to place: Int) { count = place }
}

/// A packet's header, or a frame (RFC 9000 §19), as far as the simulator needs it.
struct QUICItem: BitwiseCopyable {
  /// What it is; frames have the number of their type, without flags.
  enum Kind: UInt8, BitwiseCopyable {
    case padding = 0x00
    case ping = 0x01
    /// `offset`: the largest number, `length`: the delay in nanoseconds. `ackedRange`s follow it, the
    /// highest first, and perhaps `congestionCounts`.
    case acknowledgement = 0x02
    case resetStream = 0x04
    case stopSending = 0x05
    case crypto = 0x06
    case newToken = 0x07
    /// `order`: the place of its first byte among all that was sent on any stream, each counted once.
    case stream = 0x08
    case maxData = 0x10
    case maxStreamData = 0x11
    /// `stream` 0 for those in both directions, 2 for those in one.
    case maxStreams = 0x12
    case dataBlocked = 0x14
    case streamDataBlocked = 0x15
    case newConnectionID = 0x18
    case retireConnectionID = 0x19
    case pathChallenge = 0x1A
    case pathResponse = 0x1B
    case connectionClose = 0x1C
    case handshakeDone = 0x1E
    case datagram = 0x30
    /// Its type is 0xAF, of which a record has no room for the highest bit. `offset`: the threshold,
    /// `length`: the delay in microseconds, `order`: its own sequence number.
    case acknowledgementFrequency = 0x2F
    /// `stream`: the raw value of its `QUICPacketType`, `offset`: its number, `length`: its bytes.
    case packet = 0x80
    /// `offset`: its first number, `length`: how many there are.
    case ackedRange = 0x81
    /// `offset`: how many were marked ECT(0), `length`: how many CE.
    case congestionCounts = 0x82
  }

  var kind: Kind
  /// Whether a stream ends with it.
  var isLast = false
  var stream: UInt32 = 0
  var offset: Int64 = 0
  var length: Int64 = 0
  var order: Int64 = 0

  /// Whether its packet wants to be acknowledged (RFC 9002 §2).
  var isEliciting: Bool {
    switch kind {
    case .padding, .acknowledgement, .connectionClose, .packet, .ackedRange, .congestionCounts:
      false
    default: true
    }
  }

  /// Whether it is sent again where its packet is lost (RFC 9000 §13.3).
  var isRepeated: Bool {
    switch kind {
    case .ping, .pathChallenge, .pathResponse, .datagram, .dataBlocked, .streamDataBlocked: false
    default: isEliciting
    }
  }
}
