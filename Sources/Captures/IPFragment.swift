import NetSim

/// What the fragments of one packet share (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentKey: Hashable {
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt32
  /// The IPv4 protocol; 0 for IPv6, where it does not tell packets apart.
  var transport: UInt8
}

/// A fragment of an IP packet.
struct IPFragment {
  /// Which packet it is of.
  let key: FragmentKey
  /// The bytes that the whole packet's header is made of: 20 of IPv4, 40 of IPv6.
  let header: ByteReader
  /// What the payload begins with.
  let transport: UInt8
  /// Where it stands in the payload, in bytes.
  let offset: Int
  /// Its bytes on the wire; `bytes` may have fewer.
  let length: Int
  /// Whether none follows.
  let isLast: Bool
  /// Its bytes as captured.
  let bytes: ByteReader

  /// Where it ends in the payload.
  var end: Int { offset + length }

  /// The largest payload that fits a whole packet.
  private var payloadLimit: Int { key.source.isVersion6 ? 65_535 : 65_515 }

  /// A packet that is a fragment; nil where its length or place is impossible: only the last may have
  /// a length that is no multiple of 8, and none may be empty or reach beyond the largest packet.
  init?(_ packet: IPv4Packet) {
    let key = FragmentKey(
      source: packet.source, destination: packet.destination,
      identification: UInt32(packet.identification), transport: packet.transport)
    self.init(packet, key, headerBytes: 20)
  }

  /// A packet that has a fragment header; nil as above.
  init?(_ packet: IPv6Packet) {
    guard let identification = packet.identification else { return nil }
    let key = FragmentKey(
      source: packet.source, destination: packet.destination,
      identification: identification, transport: 0)
    self.init(packet, key, headerBytes: 40)
  }

  private init?(_ packet: some FragmentedIP, _ key: FragmentKey, headerBytes: Int) {
    self.key = key
    header = packet.reader.slice(from: 0, length: headerBytes)
    transport = packet.transport
    offset = packet.fragmentOffset
    length = packet.payloadLength
    isLast = !packet.hasMoreFragments
    bytes = packet.payload
    guard isPossible else { return nil }
  }

  private var isPossible: Bool {
    length > 0 && (isLast || length & 7 == 0) && end <= payloadLimit
  }
}

/// What packets of both versions of IP say of their fragments.
private protocol FragmentedIP {
  var reader: ByteReader { get }
  var transport: UInt8 { get }
  var fragmentOffset: Int { get }
  var payloadLength: Int { get }
  var hasMoreFragments: Bool { get }
  var payload: ByteReader { get }
}

extension IPv4Packet: FragmentedIP {}
extension IPv6Packet: FragmentedIP {}
