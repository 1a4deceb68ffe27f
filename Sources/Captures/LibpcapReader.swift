import CPcap
import NetSim

/// Reads through libpcap what the mapped reader does not know: pcapng, older variants, pipes.
final class LibpcapReader {
  private let handle: OpaquePointer
  private let path: String
  private var number: UInt32 = 0
  private var isAtEnd = false

  /// What the packets begin with.
  let linkType: LinkType
  /// The number of the link type, as a filter needs it.
  let linkNumber: UInt32

  /// Opens the file at `path` (`-` is standard input).
  init(path: String) throws(CaptureError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let opened = pcap_open_offline_with_tstamp_precision(
      path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
    guard let opened else {
      throw CaptureError(
        .notACapture, file: path,
        "the file is no capture (\(Self.text(message))); pcap or pcapng is needed")
    }
    let number = UInt32(bitPattern: pcap_datalink(opened))
    guard let linkType = LinkType(number: number) else {
      pcap_close(opened)
      throw CaptureError(
        .unknownLinkType, file: path,
        "link type \(number) is not known; known are \(LinkType.known)")
    }
    handle = opened
    self.path = path
    self.linkType = linkType
    linkNumber = number
  }

  deinit { pcap_close(handle) }

  /// The next record, or nil at the end.
  func next() throws(CaptureError) -> CapturedFrame? {
    if isAtEnd { return nil }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    guard pcap_next_ex(handle, &header, &data) == 1, let header, let data else {
      isAtEnd = true
      return try endOrFault()
    }
    number &+= 1
    let captured = Int(header.pointee.caplen)
    // At nanosecond precision libpcap puts nanoseconds into the field named for microseconds.
    let time = header.pointee.ts
    return CapturedFrame(
      number: number,
      // The range of classic pcap, so that differences of any two times are safe.
      unixNs: Int64(UInt32(clamping: time.tv_sec)) * 1_000_000_000
        + Int64(UInt32(clamping: time.tv_usec)),
      wireLength: max(Int(header.pointee.len), captured),
      bytes: ByteReader(UnsafeRawBufferPointer(start: data, count: captured)))
  }

  private func endOrFault() throws(CaptureError) -> CapturedFrame? {
    let message = pcap_geterr(handle).map { String(cString: $0) } ?? ""
    if message.isEmpty { return nil }
    throw CaptureError(
      message.contains("truncated") ? .truncated : .impossibleLength, file: path,
      packet: number &+ 1,
      "the rest cannot be read (\(message)); the capture was cut or damaged")
  }

  private static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
