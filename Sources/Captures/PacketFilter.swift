import CPcap
import NetSim

/// A filter expression in libpcap's language, for packets of any link types: compiled once for each
/// that is met.
struct PacketFilter {
  private let expression: String
  private var programs: [(linkNumber: UInt32, program: FilterProgram?)] = []

  /// The link types by which an expression is tried before any packet is seen.
  private static let common: [UInt32] = [1, 101, 105]

  /// Takes an expression, or throws `badFilter` where it does not compile for any common link type.
  init(_ expression: String, file: String) throws(CaptureError) {
    self.expression = expression
    var first: CaptureError?
    for linkNumber in Self.common {
      do {
        _ = try FilterProgram(expression, linkNumber: linkNumber, file: file)
        return
      } catch { first = first ?? error }
    }
    if let first { throw first }
  }

  /// Whether the filter lets a frame through. A link type that the expression does not fit has no
  /// such packets where the link type is not known, and is an error where it is.
  mutating func accepts(_ frame: CapturedFrame, file: String) throws(CaptureError) -> Bool {
    if let last = programs.last, last.linkNumber == frame.linkNumber {
      return last.program?.accepts(frame) ?? false
    }
    if let place = programs.firstIndex(where: { $0.linkNumber == frame.linkNumber }) {
      programs.swapAt(place, programs.count - 1)
    } else {
      programs.append((frame.linkNumber, try program(for: frame, file: file)))
    }
    return programs.last?.program?.accepts(frame) ?? false
  }

  private func program(
    for frame: CapturedFrame, file: String
  ) throws(CaptureError) -> FilterProgram? {
    guard frame.linkType == nil else {
      return try FilterProgram(expression, linkNumber: frame.linkNumber, file: file)
    }
    return try? FilterProgram(expression, linkNumber: frame.linkNumber, file: file)
  }
}

/// A filter expression compiled for one link type.
final class FilterProgram {
  private var program = bpf_program()

  /// Compiles `expression` for packets of a link type, or throws `badFilter`.
  convenience init(_ expression: String, linkNumber: UInt32, file: String) throws(CaptureError) {
    // Files have a number of their own for raw IP, the library that of its platform.
    let isRaw = [12, 14, 101].contains(linkNumber)
    let number = isRaw ? DLT_RAW : Int32(bitPattern: linkNumber)
    guard let dead = pcap_open_dead(number, 262_144)
    else {
      throw CaptureError(.badFilter, file: file, "a filter cannot be made for this link type")
    }
    defer { pcap_close(dead) }
    try self.init(expression, for: dead, file: file)
  }

  /// Compiles `expression` for the packets of a handle, or throws `badFilter`.
  init(_ expression: String, for handle: OpaquePointer, file: String) throws(CaptureError) {
    guard pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
      let reason = LibpcapReader.message(of: handle)
      throw CaptureError(
        .badFilter, file: file,
        "the filter \"\(expression)\" does not compile (\(reason)); see pcap-filter(7)")
    }
  }

  deinit { pcap_freecode(&program) }

  /// Has a handle give what the filter lets through only; false where it refuses.
  func install(on handle: OpaquePointer) -> Bool { pcap_setfilter(handle, &program) == 0 }

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
