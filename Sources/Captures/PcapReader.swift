import NetSim

/// Reads classic pcap files without copies.
///
/// The format is draft-ietf-opsawg-pcap: a header of 24 bytes, then records of 16 bytes and the
/// packet, all in the byte order of the machine that wrote it. In Kuznetzov's variant a record's
/// header has 24 bytes, of which the last eight are not needed.
final class PcapReader {
  /// The largest record that is believed when the header's snapshot length is smaller: libpcap's
  /// own limit.
  private static let largestRecord = 262_144
  /// The largest record that is believed at all.
  private static let recordBound = 1 << 24

  private let source: ByteSource
  private let isSwapped: Bool
  private let nanosecondsPerTick: Int64
  private let recordHeader: Int
  private let recordLimit: Int
  /// The source's window, kept here because each packet asks for it several times.
  private var window = UnsafeRawBufferPointer(start: nil, count: 0)
  private var offset = 24
  private var number: UInt32 = 0

  /// What the packets begin with.
  private let linkType: LinkType
  private let linkNumber: UInt32

  /// Whether a file that begins with `bytes` is of one of the forms read here.
  static func knows(_ bytes: ByteReader) -> Bool {
    guard let magic = bytes.uint32(at: 0), let form = Form(magic: magic) else { return false }
    // Versions before 2.4 have their lengths in another order; libpcap knows which.
    let version = bytes.uint32(at: 4).map { form.isSwapped ? $0.byteSwapped : $0 }
    guard let version else { return true }
    return version == (form.isSwapped ? 0x0004_0002 : 0x0002_0004)
  }

  private struct Form {
    var isSwapped: Bool
    var nanosecondsPerTick: Int64
    var recordHeader = 16

    /// `magic` as read in network order: `isSwapped` says that the file is little-endian.
    init?(magic: UInt32) {
      switch magic {
      case 0xA1B2_C3D4: (isSwapped, nanosecondsPerTick) = (false, 1_000)
      case 0xA1B2_3C4D: (isSwapped, nanosecondsPerTick) = (false, 1)
      case 0xA1B2_CD34: (isSwapped, nanosecondsPerTick, recordHeader) = (false, 1_000, 24)
      case 0xD4C3_B2A1: (isSwapped, nanosecondsPerTick) = (true, 1_000)
      case 0x4D3C_B2A1: (isSwapped, nanosecondsPerTick) = (true, 1)
      case 0x34CD_B2A1: (isSwapped, nanosecondsPerTick, recordHeader) = (true, 1_000, 24)
      default: return nil
      }
    }
  }

  /// A reader of a file that `knows` accepted.
  init(_ source: ByteSource) throws(CaptureError) {
    _ = source.slide(to: 0, for: 24)
    let reader = ByteReader(source.bytes)
    guard let magic = reader.uint32(at: 0), let form = Form(magic: magic) else {
      throw CaptureError(.notACapture, file: source.name, "the file is no capture; pcap is needed")
    }
    guard let rawSnapshot = reader.uint32(at: 16), let rawLink = reader.uint32(at: 20) else {
      throw CaptureError(
        .truncated, file: source.name, byteOffset: Int64(reader.count),
        "the file ends within its header; a pcap header has 24 bytes")
    }
    let snapshot = form.isSwapped ? rawSnapshot.byteSwapped : rawSnapshot
    // The upper bits tell about frame check sequences and are no part of the number.
    linkNumber = (form.isSwapped ? rawLink.byteSwapped : rawLink) & 0xFFFF
    guard let linkType = LinkType(number: linkNumber) else {
      throw CaptureError(
        .unknownLinkType, file: source.name, byteOffset: 20,
        "link type \(linkNumber) is not known; known are \(LinkType.known)")
    }
    self.linkType = linkType
    self.source = source
    isSwapped = form.isSwapped
    nanosecondsPerTick = form.nanosecondsPerTick
    recordHeader = form.recordHeader
    window = source.bytes
    recordLimit = min(max(Int(snapshot), Self.largestRecord), Self.recordBound)
  }

  /// The next record, or nil at the end. After an error there is nothing more to read.
  func next() throws(CaptureError) -> CapturedFrame? {
    let header = recordHeader
    if window.count - offset < header { slide(for: header) }
    guard window.count - offset >= header else { return try end() }
    let captured = Int(field(offset + 8))
    guard captured <= recordLimit else { throw impossible(captured) }
    if window.count - offset - header < captured { slide(for: header + captured) }
    let start = offset
    guard captured <= window.count - start - header else { throw cut(captured) }
    offset = start + header + captured
    number &+= 1
    return CapturedFrame(
      number: number,
      unixNs: Int64(field(start)) * 1_000_000_000
        + Int64(field(start + 4)) * nanosecondsPerTick,
      wireLength: max(Int(field(start + 12)), captured),
      linkNumber: linkNumber, linkType: linkType,
      bytes: ByteReader(
        UnsafeRawBufferPointer(rebasing: window[start + header..<start + header + captured])))
  }

  private func slide(for count: Int) {
    offset = source.slide(to: offset, for: count)
    window = source.bytes
  }

  /// The number at a place that is known to be in the window.
  private func field(_ offset: Int) -> UInt32 {
    window.integer(at: offset, isSwapped: isSwapped)
  }

  // MARK: Ends

  private func end() throws(CaptureError) -> CapturedFrame? {
    let left = window.count - offset
    let place = source.start + Int64(offset)
    offset = window.count
    if let fault = source.fault { throw fault.at(packet: number &+ 1) }
    if left == 0 { return nil }
    throw CaptureError(
      .truncated, file: source.name, packet: number &+ 1, byteOffset: place,
      "the file ends after \(left) of the \(recordHeader) bytes of a record's header; "
        + "the capture was cut")
  }

  private func impossible(_ captured: Int) -> CaptureError {
    let place = source.start + Int64(offset) + 8
    offset = window.count
    return CaptureError(
      .impossibleLength, file: source.name, packet: number &+ 1, byteOffset: place,
      "a record says it has \(captured) bytes; at most \(recordLimit) are possible here")
  }

  private func cut(_ captured: Int) -> CaptureError {
    let left = window.count - offset - recordHeader
    let place = source.start + Int64(offset)
    offset = window.count
    if let fault = source.fault { return fault.at(packet: number &+ 1) }
    return CaptureError(
      .truncated, file: source.name, packet: number &+ 1, byteOffset: place,
      "the file ends after \(left) of the packet's \(captured) bytes; the capture was cut")
  }
}
