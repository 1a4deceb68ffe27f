import NetSim

/// A packet as one of two captures has it, in the 40 bytes that tell it again in the other.
struct PacketSighting {
  /// Nanoseconds since 1970, by the clock of its capture.
  var unixNs: Int64
  /// What is the same at both places and differs between packets: for TCP the numbers, the flags, the
  /// window, the timestamps and the SACK blocks, for UDP the payload; and IP's identification.
  var key: UInt64
  /// The same without what middleboxes and network cards change: identification, window, SACK blocks.
  var looseKey: UInt64
  /// The packet's number in its file, from 1.
  var number: UInt32
  /// TCP's sequence number; 0 for UDP.
  var sequence: UInt32
  /// Bytes of the IP packet.
  var packetBytes: UInt32
  /// Bytes of its payload.
  var payloadBytes: UInt32

  /// Bytes of a datagram's payload that tell it from others: captures may be cut behind them.
  private static let tellingBytes = 32

  /// A TCP segment.
  init(tcp segment: borrowing CapturedSegment, unixNs: Int64) {
    self.init(segment, unixNs: unixNs, sequence: segment.sequence.rawValue)
    var hash = PacketHash()
    hash.mix(UInt64(sequence) << 32 | UInt64(payloadBytes))
    let acknowledges = segment.flags.contains(.ack)
    hash.mix(
      UInt64(acknowledges ? segment.acknowledgement.rawValue : 0) << 8
        | UInt64(segment.flags.rawValue))
    if let timestamps = segment.timestamps {
      hash.mix(UInt64(timestamps.value) << 32 | UInt64(timestamps.echo))
    }
    looseKey = hash.value
    hash.mix(UInt64(segment.window) << 16 | UInt64(segment.identification ?? 0))
    for index in 0..<Int(segment.options.sackCount) {
      guard let block = segment.options.sackBlock(index) else { break }
      hash.mix(UInt64(block.start.rawValue) << 32 | UInt64(block.end.rawValue))
    }
    key = hash.value
  }

  /// A UDP datagram.
  init(udp datagram: borrowing CapturedSegment, unixNs: Int64) {
    self.init(datagram, unixNs: unixNs, sequence: 0)
    var hash = PacketHash()
    hash.mix(UInt64(payloadBytes))
    let payload = datagram.payload
    for place in 0..<min(payload.count, Self.tellingBytes) {
      hash.mix(UInt64(payload.bytes[place]))
    }
    looseKey = hash.value
    hash.mix(UInt64(datagram.identification ?? 0))
    key = hash.value
  }

  /// A part of it as a packet of its own, with as large headers.
  func part(_ gap: RecutSegments.Gap) -> PacketSighting {
    var part = self
    part.sequence = gap.sequence
    part.payloadBytes = gap.bytes
    part.packetBytes = packetBytes - payloadBytes + gap.bytes
    return part
  }

  private init(_ segment: borrowing CapturedSegment, unixNs: Int64, sequence: UInt32) {
    self.unixNs = unixNs
    key = 0
    looseKey = 0
    number = segment.number
    self.sequence = sequence
    packetBytes = UInt32(clamping: segment.packetLength)
    payloadBytes = UInt32(clamping: segment.payloadLength)
  }
}

/// A hash of 64 bits over words: multiply and fold.
private struct PacketHash {
  private(set) var value: UInt64 = 0x243F_6A88_85A3_08D3

  mutating func mix(_ word: UInt64) {
    let product = (value ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    value = product.high ^ product.low &+ 0x1357
  }
}
