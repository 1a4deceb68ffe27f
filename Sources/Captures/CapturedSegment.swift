import NetSim

/// The two ends of a packet, in the direction in which it travelled.
struct PacketEnds: Equatable {
  var source: IPAddress
  var destination: IPAddress
  var sourcePort: UInt16
  var destinationPort: UInt16

  /// Whether these are the same ends, the other way.
  @inline(__always)
  func isReverse(of other: PacketEnds) -> Bool {
    sourcePort == other.destinationPort && destinationPort == other.sourcePort
      && source == other.destination && destination == other.source
  }

  /// The same ends, the other way.
  var reversed: PacketEnds {
    PacketEnds(
      source: destination, destination: source, sourcePort: destinationPort,
      destinationPort: sourcePort)
  }
}

/// A TCP segment out of a frame, with all that the analysis asks of it. It is read in place and never
/// copied, which would cost more than reading it.
struct CapturedSegment: ~Copyable {
  var number: UInt32
  /// Nanoseconds since the capture's first packet.
  var timeNs: Int64
  var ends: PacketEnds
  var sequence: SequenceNumber
  var acknowledgement: SequenceNumber
  var flags: TCPFlags
  /// As in the header, not scaled.
  var window: UInt16
  /// The timestamps of RFC 7323.
  var timestamps: TCPTimestamps?
  /// All options; none where a header has nothing but timestamps.
  private(set) var options = TCPOptions()
  private var hasOptions = false
  /// The IPv4 identification; nil over IPv6, which has none.
  var identification: UInt16?
  /// Bytes of the IP packet on the wire.
  var packetLength: Int
  /// Bytes of the payload on the wire.
  var payloadLength: Int
  /// The payload that was captured: at most `payloadLength`.
  var payload: ByteReader
}

extension CapturedSegment {
  /// A place to read segments into.
  init() {
    let none = IPAddress(version4: 0)
    self.init(
      number: 0, timeNs: 0,
      ends: PacketEnds(source: none, destination: none, sourcePort: 0, destinationPort: 0),
      sequence: SequenceNumber(0), acknowledgement: SequenceNumber(0), flags: TCPFlags(),
      window: 0, packetLength: 0, payloadLength: 0,
      payload: ByteReader(UnsafeRawBufferPointer(start: nil, count: 0)))
  }

  /// Takes the header of a TCP segment whose IP packet carries `length` bytes.
  @inline(__always)
  mutating func read(_ segment: TCPSegment, length: Int) throws(WireError) {
    guard length >= segment.headerLength else {
      throw .headerLength(UInt32(segment.headerLength))
    }
    ends.sourcePort = segment.sourcePort
    ends.destinationPort = segment.destinationPort
    sequence = segment.sequence
    acknowledgement = segment.acknowledgement
    flags = segment.flags
    window = segment.window
    timestamps = segment.onlyTimestamps
    if timestamps == nil, segment.headerLength > 20 {
      readOptions(segment)
    } else if hasOptions {
      options = TCPOptions()
      hasOptions = false
    }
    payloadLength = length - segment.headerLength
    payload = segment.payload
  }

  private mutating func readOptions(_ segment: TCPSegment) {
    var isMalformed = false
    options = segment.options(isMalformed: &isMalformed)
    timestamps = options.timestamps
    hasOptions = true
  }
}
