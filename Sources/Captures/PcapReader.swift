import NetSim

/// Reads classic pcap files: a mapped walk without copies.
///
/// The format is draft-ietf-opsawg-pcap: a header of 24 bytes, then records of 16 bytes and the
/// packet, all in the byte order of the machine that wrote it.
final class PcapReader {
  /// The largest record that is believed when the header's snapshot length is smaller: libpcap's
  /// own limit.
  private static let largestRecord = 262_144

  private let file: MappedFile
  private let path: String
  private let isSwapped: Bool
  private let nanosecondsPerTick: Int64
  private let recordLimit: Int
  private var offset = 24
  private var number: UInt32 = 0

  /// What the packets begin with.
  let linkType: LinkType
  /// The number of the link type, as a filter needs it.
  let linkNumber: UInt32

  /// Whether the file begins as one of the four forms read here.
  static func knows(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let magic = ByteReader(bytes).uint32(at: 0) else { return false }
    return Form(magic: magic) != nil
  }

  private struct Form {
    var isSwapped: Bool
    var nanosecondsPerTick: Int64

    /// `magic` as read in network order: `isSwapped` says that the file is little-endian.
    init?(magic: UInt32) {
      switch magic {
      case 0xA1B2_C3D4: (isSwapped, nanosecondsPerTick) = (false, 1_000)
      case 0xA1B2_3C4D: (isSwapped, nanosecondsPerTick) = (false, 1)
      case 0xD4C3_B2A1: (isSwapped, nanosecondsPerTick) = (true, 1_000)
      case 0x4D3C_B2A1: (isSwapped, nanosecondsPerTick) = (true, 1)
      default: return nil
      }
    }
  }

  /// A reader of a file that `knows` accepted.
  init(_ file: MappedFile, path: String) throws(CaptureError) {
    let reader = ByteReader(file.bytes)
    guard let magic = reader.uint32(at: 0), let form = Form(magic: magic) else {
      throw CaptureError(.notACapture, file: path, "the file is no capture; pcap is needed")
    }
    guard let rawSnapshot = reader.uint32(at: 16), let rawLink = reader.uint32(at: 20) else {
      throw CaptureError(
        .truncated, file: path, byteOffset: Int64(reader.count),
        "the file ends within its header; a pcap header has 24 bytes")
    }
    let snapshot = form.isSwapped ? rawSnapshot.byteSwapped : rawSnapshot
    // The upper bits tell about frame check sequences and are no part of the number.
    linkNumber = (form.isSwapped ? rawLink.byteSwapped : rawLink) & 0xFFFF
    guard let linkType = LinkType(number: linkNumber) else {
      throw CaptureError(
        .unknownLinkType, file: path, byteOffset: 20,
        "link type \(linkNumber) is not known; known are \(LinkType.known)")
    }
    self.linkType = linkType
    self.file = file
    self.path = path
    isSwapped = form.isSwapped
    nanosecondsPerTick = form.nanosecondsPerTick
    recordLimit = max(Int(snapshot), Self.largestRecord)
  }

  /// The next record, or nil at the end. After an error there is nothing more to read.
  func next() throws(CaptureError) -> CapturedFrame? {
    let bytes = file.bytes
    let left = bytes.count - offset
    if left <= 0 { return nil }
    let start = offset
    guard left >= 16 else {
      offset = bytes.count
      throw CaptureError(
        .truncated, file: path, packet: number + 1, byteOffset: Int64(start),
        "the file ends after \(left) of the 16 bytes of a record's header; the capture was cut")
    }
    let seconds = field(start)
    let fraction = field(start + 4)
    let captured = Int(field(start + 8))
    let original = Int(field(start + 12))
    guard captured <= recordLimit else {
      offset = bytes.count
      throw CaptureError(
        .impossibleLength, file: path, packet: number + 1, byteOffset: Int64(start + 8),
        "a record says it has \(captured) bytes; at most \(recordLimit) are possible here")
    }
    guard captured <= left - 16 else {
      offset = bytes.count
      throw CaptureError(
        .truncated, file: path, packet: number + 1, byteOffset: Int64(start),
        "the file ends after \(left - 16) of the packet's \(captured) bytes; the capture was cut")
    }
    offset = start + 16 + captured
    number &+= 1
    return CapturedFrame(
      number: number,
      unixNs: Int64(seconds) * 1_000_000_000 + Int64(fraction) * nanosecondsPerTick,
      wireLength: max(original, captured),
      bytes: ByteReader(
        UnsafeRawBufferPointer(rebasing: bytes[start + 16..<start + 16 + captured])))
  }

  /// The number at a place that is known to be in the file.
  private func field(_ offset: Int) -> UInt32 {
    let value = file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isSwapped ? UInt32(littleEndian: value) : UInt32(bigEndian: value)
  }
}
