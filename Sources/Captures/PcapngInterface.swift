import NetSim

/// An interface of a pcapng section: what its packets begin with, and what their times mean
/// (draft-ietf-opsawg-pcapng §4.2).
struct PcapngInterface {
  /// The number of its link type.
  var linkNumber: UInt32
  /// The link type; nil where it is not known.
  var linkType: LinkType?
  /// Bytes that are kept of a packet at most; 0 for all.
  var snapshotLength: UInt32
  /// The unit of its times.
  var resolution = PcapngResolution(code: 6)
  /// Seconds to be added to its times (`if_tsoffset`).
  var offsetSeconds: Int64 = 0

  /// The latest time of a classic pcap file. Times are held within its range, so that differences
  /// of any two are safe.
  private static let latestNs = Int64(UInt32.max) * 1_000_000_000 + 999_999_999

  /// A count of ticks as nanoseconds since 1970.
  func unixNs(_ ticks: UInt64) -> Int64 {
    let ns = Int64(clamping: resolution.nanoseconds(ticks))
    if offsetSeconds == 0 { return min(ns, Self.latestNs) }
    let (shift, isLarge) = offsetSeconds.multipliedReportingOverflow(by: 1_000_000_000)
    if isLarge { return offsetSeconds < 0 ? 0 : Self.latestNs }
    let (sum, isLate) = ns.addingReportingOverflow(shift)
    return isLate ? Self.latestNs : min(max(sum, 0), Self.latestNs)
  }
}

/// The unit of times that `if_tsresol` tells in one byte: a negative power of 10, or of 2 where the
/// highest bit is set.
struct PcapngResolution {
  /// Nanoseconds of a tick where they are whole, else 0.
  private let nanosecondsPerTick: UInt64
  private let code: UInt8

  init(code: UInt8) {
    self.code = code
    nanosecondsPerTick = code <= 9 ? Self.powerOf10(9 - code) : 0
  }

  /// Ticks as whole nanoseconds, the largest number where they are more.
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    if nanosecondsPerTick > 0 {
      let (product, isLarge) = ticks.multipliedReportingOverflow(by: nanosecondsPerTick)
      return isLarge ? .max : product
    }
    let exponent = code & 0x7F
    guard code & 0x80 != 0 else {
      // 10 to the 20th and more is beyond any 64-bit number.
      return exponent - 9 < 20 ? ticks / Self.powerOf10(exponent - 9) : 0
    }
    let product = ticks.multipliedFullWidth(by: 1_000_000_000)
    if exponent >= 64 { return product.high >> UInt64(exponent - 64) }
    if product.high >> UInt64(exponent) > 0 { return .max }
    if exponent == 0 { return product.low }
    return product.high << UInt64(64 - exponent) | product.low >> UInt64(exponent)
  }

  private static func powerOf10(_ exponent: UInt8) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
