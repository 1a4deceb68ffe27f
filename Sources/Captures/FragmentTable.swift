import NetSim

/// Puts fragmented IP packets together, within bounds of memory and time.
///
/// A fragment that repeats another is passed over. One that overlaps others in any other way spoils
/// its packet: over IPv6 it must (RFC 5722 §4), over IPv4 the receiver's choice would decide what the
/// packet says (RFC 1858), and Linux drops it too.
final class FragmentTable {
  /// How long the rest of a packet is waited for (RFC 8200 §4.5, RFC 1122 §3.3.2).
  private static let patienceNs: Int64 = 60_000_000_000
  /// Packets that may be incomplete at the same time.
  private static let packetLimit = 4_096
  /// Bytes of their payloads, as many as Linux keeps.
  private static let byteLimit = 4 << 20
  /// The longest header, then the largest payload.
  private static let packetBytes = 40 + 65_535

  /// What a fragment led to.
  enum Outcome {
    /// Others are to come.
    case waiting
    /// The packet is spoilt.
    case contradiction
    /// It was the last one. The packet's bytes stay until the next fragment is taken; of its end
    /// `missing` bytes were not captured.
    case whole(ByteReader, missing: Int)
  }

  /// What became of fragments.
  struct Counts {
    var taken: Int64 = 0
    var joined: Int64 = 0
    var incomplete: Int64 = 0
    var overlapping: Int64 = 0
  }

  private var settled = Counts()
  private var packets: [FragmentKey: FragmentedPacket] = [:]
  /// The packets in the order of their first fragments, some of them complete since.
  private var order: [FragmentedPacket] = []
  private var oldest = 0
  private var keptBytes = 0
  private let whole = UnsafeMutableRawBufferPointer.allocate(
    byteCount: FragmentTable.packetBytes, alignment: 8)

  deinit { whole.deallocate() }

  /// What became of all fragments, those included that still wait.
  var counts: Counts {
    var counts = settled
    for packet in packets.values { counts.incomplete += packet.count }
    return counts
  }

  /// Takes a fragment that was captured at a time.
  func take(_ fragment: IPFragment, atNs: Int64) -> Outcome {
    settled.taken += 1
    forget(before: atNs - Self.patienceNs)
    let packet = packet(of: fragment, atNs)
    if packet.isSpoilt {
      settled.overlapping += 1
      return .contradiction
    }
    let before = packet.bytes.count
    packet.count += 1
    guard packet.place(fragment) else {
      settled.overlapping += packet.count
      packet.spoil()
      keptBytes -= before
      return .contradiction
    }
    keptBytes += packet.bytes.count - before
    guard packet.isWhole else { return .waiting }
    settled.joined += packet.count - 1
    drop(packet)
    return packet.join(into: whole)
  }

  private func packet(of fragment: IPFragment, _ atNs: Int64) -> FragmentedPacket {
    if let known = packets[fragment.key] { return known }
    while packets.count >= Self.packetLimit || keptBytes > Self.byteLimit { forgetOldest() }
    let packet = FragmentedPacket(key: fragment.key, sinceNs: atNs)
    packets[fragment.key] = packet
    order.append(packet)
    return packet
  }

  // MARK: Forgetting

  private func forget(before limitNs: Int64) {
    while oldest < order.count, order[oldest].isDropped || order[oldest].sinceNs < limitNs {
      forgetOldest()
    }
  }

  private func forgetOldest() {
    let packet = order[oldest]
    oldest += 1
    if !packet.isDropped {
      settled.incomplete += packet.count
      drop(packet)
    }
    if oldest > Self.packetLimit {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  private func drop(_ packet: FragmentedPacket) {
    packet.isDropped = true
    keptBytes -= packet.bytes.count
    packets[packet.key] = nil
  }
}

/// A packet of which fragments have come.
final class FragmentedPacket {
  let key: FragmentKey
  /// When the first of them came.
  let sinceNs: Int64
  /// How many came.
  var count: Int64 = 0
  /// Whether it is no longer waited for.
  var isDropped = false
  /// Whether its fragments contradict each other.
  private(set) var isSpoilt = false
  /// The payload as far as it is known, with room for what is not.
  private(set) var bytes: [UInt8] = []

  /// The spans that came, in order; each has been captured up to `captured`.
  private var spans: [(start: Int, end: Int, captured: Int)] = []
  private var presentBytes = 0
  /// How long the payload is; nil before its last fragment came.
  private var length: Int?
  private var header: [UInt8] = []
  private var transport: UInt8 = 0

  init(key: FragmentKey, sinceNs: Int64) {
    self.key = key
    self.sinceNs = sinceNs
  }

  /// Whether all of it is there.
  var isWhole: Bool { presentBytes == length }

  /// Forgets its bytes; what still comes of it is counted only.
  func spoil() {
    isSpoilt = true
    count = 0
    bytes = []
    spans = []
  }

  /// Puts a fragment into its place; false when it contradicts those before.
  func place(_ fragment: IPFragment) -> Bool {
    let captured = fragment.offset + min(fragment.bytes.count, fragment.length)
    let index = firstSpan(endingBehind: fragment.offset)
    if index < spans.count, spans[index].start < fragment.end {
      return repeats(fragment, spans[index], captured)
    }
    if fragment.isLast {
      guard length == nil, (spans.last?.end ?? 0) <= fragment.offset else { return false }
      length = fragment.end
    } else if let length, fragment.end > length {
      return false
    }
    spans.insert((fragment.offset, fragment.end, captured), at: index)
    presentBytes += fragment.length
    if bytes.count < captured {
      bytes.append(contentsOf: repeatElement(0, count: captured - bytes.count))
    }
    if captured > fragment.offset {
      bytes.withUnsafeMutableBytes {
        $0[fragment.offset..<captured].copyBytes(
          from: fragment.bytes.slice(from: 0, length: fragment.length).bytes)
      }
    }
    if fragment.offset == 0 || header.isEmpty {
      header = [UInt8](fragment.header.bytes)
      transport = fragment.transport
    }
    return true
  }

  /// Whether a fragment says the same as one that came before.
  private func repeats(
    _ fragment: IPFragment, _ span: (start: Int, end: Int, captured: Int), _ captured: Int
  ) -> Bool {
    guard span.start == fragment.offset, span.end == fragment.end,
      fragment.isLast == (fragment.end == length)
    else { return false }
    let both = min(captured, span.captured)
    return bytes[span.start..<both].elementsEqual(
      fragment.bytes.slice(from: 0, length: both - span.start).bytes)
  }

  private func firstSpan(endingBehind offset: Int) -> Int {
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].end > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Writes the packet as it was before it was fragmented, without its options and extension headers.
  func join(into whole: UnsafeMutableRawBufferPointer) -> FragmentTable.Outcome {
    // Behind the first byte that was not captured, nothing is known.
    let cut = spans.first { $0.captured < $0.end }?.captured
    let known = cut ?? presentBytes
    var header = header
    let total = UInt16(truncatingIfNeeded: key.source.isVersion6 ? presentBytes : presentBytes + 20)
    let place = key.source.isVersion6 ? 4 : 2
    header[place] = UInt8(total >> 8)
    header[place + 1] = UInt8(total & 0xFF)
    if key.source.isVersion6 {
      header[6] = transport
    } else {
      header[0] = 0x45
      header.replaceSubrange(6..<8, with: [0, 0])
    }
    whole.copyBytes(from: header)
    UnsafeMutableRawBufferPointer(rebasing: whole[header.count...]).copyBytes(from: bytes[..<known])
    return .whole(
      ByteReader(UnsafeRawBufferPointer(rebasing: whole[..<(header.count + known)])),
      missing: presentBytes - known)
  }
}
