import CPcap
import NetSim

/// A filter expression in libpcap's language, compiled.
final class PacketFilter {
  private var program = bpf_program()

  /// Compiles `expression` for packets of a link type, or throws `badFilter`.
  init(_ expression: String, linkNumber: UInt32, file: String) throws(CaptureError) {
    // Files have a number of their own for raw IP, the library that of its platform.
    let isRaw = [12, 14, 101].contains(linkNumber)
    guard let dead = pcap_open_dead(isRaw ? DLT_RAW : Int32(bitPattern: linkNumber), 262_144)
    else {
      throw CaptureError(.badFilter, file: file, "a filter cannot be made for this link type")
    }
    defer { pcap_close(dead) }
    guard pcap_compile(dead, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
      let reason = pcap_geterr(dead).map { String(cString: $0) } ?? "unknown reason"
      throw CaptureError(
        .badFilter, file: file,
        "the filter \"\(expression)\" does not compile (\(reason)); see pcap-filter(7)")
    }
  }

  deinit { pcap_freecode(&program) }

  /// Whether the filter lets a frame through.
  func accepts(_ frame: CapturedFrame) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(truncatingIfNeeded: frame.bytes.count)
    header.len = UInt32(truncatingIfNeeded: frame.wireLength)
    guard let start = frame.bytes.bytes.baseAddress else { return false }
    return pcap_offline_filter(
      &program, &header, start.assumingMemoryBound(to: UInt8.self)) != 0
  }
}
