import CPcap
import NetSim

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reads through libpcap what our own readers do not know: older forms of pcap.
final class LibpcapReader {
  private let handle: OpaquePointer
  private let name: String
  private var number: UInt32 = 0
  private var isAtEnd = false

  /// What the packets begin with.
  private let linkType: LinkType
  private let linkNumber: UInt32

  /// Opens a file, which libpcap closes.
  init(_ file: StandardFile, name: String) throws(CaptureError) {
    let stream = file.release()
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let opened = pcap_fopen_offline_with_tstamp_precision(
      stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
    guard let opened else {
      if let stream { fclose(stream) }
      throw CaptureError(
        .notACapture, file: name,
        "the file is no capture (\(Self.text(message))); pcap or pcapng is needed")
    }
    let number = UInt32(bitPattern: pcap_datalink(opened))
    guard let linkType = LinkType(number: number) else {
      pcap_close(opened)
      throw CaptureError(
        .unknownLinkType, file: name,
        "link type \(number) is not known; known are \(LinkType.known)")
    }
    handle = opened
    self.name = name
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
      linkNumber: linkNumber, linkType: linkType,
      bytes: ByteReader(UnsafeRawBufferPointer(start: data, count: captured)))
  }

  private func endOrFault() throws(CaptureError) -> CapturedFrame? {
    let message = Self.message(of: handle)
    if message.isEmpty { return nil }
    throw CaptureError(
      message.contains("truncated") ? .truncated : .impossibleLength, file: name,
      packet: number &+ 1,
      "the rest cannot be read (\(message)); the capture was cut or damaged")
  }

  /// What libpcap says is wrong with a handle; empty where nothing is.
  static func message(of handle: OpaquePointer) -> String {
    pcap_geterr(handle).map { String(cString: $0) } ?? ""
  }

  /// A message of libpcap's as text.
  static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
