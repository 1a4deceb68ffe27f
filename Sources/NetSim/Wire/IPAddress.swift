/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable {
  /// The first 64 bits of an IPv6 address; 0 for IPv4.
  public var high: UInt64
  /// The last 64 bits; for IPv4 the 32 bits of the address.
  public var low: UInt64
  /// Whether it is an IPv6 address.
  public var isVersion6: Bool

  /// The IPv4 address whose 32 bits, in network order, are `bits`.
  @inlinable public init(version4 bits: UInt32) {
    high = 0
    low = UInt64(bits)
    isVersion6 = false
  }

  /// The IPv6 address of two halves, in network order.
  @inlinable public init(version6 high: UInt64, _ low: UInt64) {
    self.high = high
    self.low = low
    isVersion6 = true
  }

  /// The IPv4 address `a.b.c.d`.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    self.init(version4: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
  }

  /// The address as text in ASCII: dotted decimals, or RFC 5952's form for IPv6.
  public var text: [UInt8] { isVersion6 ? version6Text : version4Text }

  private var version4Text: [UInt8] {
    var text: [UInt8] = []
    for shift in [24, 16, 8, 0] {
      if !text.isEmpty { text.append(0x2E) }
      text.appendDecimal(UInt64(UInt8(truncatingIfNeeded: low >> UInt64(shift))))
    }
    return text
  }

  /// The group of 16 bits at `index`, 0…7, from the left.
  private func group(_ index: Int) -> UInt16 {
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index & 3)))
  }

  /// RFC 5952 §4: no leading zeros, lower case, and `::` for the first of the longest runs of at
  /// least two groups of zeros.
  private var version6Text: [UInt8] {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, group(end) == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = max(end, start + 1)
    }
    var text: [UInt8] = []
    for index in 0..<8 {
      if best.contains(index) {
        if index == best.lowerBound { text += [0x3A, 0x3A] }
        continue
      }
      if index > 0, index != best.upperBound || best.isEmpty { text.append(0x3A) }
      text.appendHexadecimal(group(index))
    }
    return text
  }
}

extension [UInt8] {
  /// Appends a number in ASCII decimals.
  mutating func appendDecimal(_ value: UInt64) {
    if value >= 10 { appendDecimal(value / 10) }
    append(0x30 + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends a number in lower-case hexadecimal without leading zeros.
  mutating func appendHexadecimal(_ value: UInt16) {
    if value >= 16 { appendHexadecimal(value / 16) }
    let digit = UInt8(truncatingIfNeeded: value % 16)
    append(digit < 10 ? 0x30 + digit : 0x61 - 10 + digit)
  }
}

extension IPAddress {
  /// The address and a port as printed: `10.8.0.2:80`, `[::1]:80`.
  public func text(port: UInt16) -> [UInt8] {
    var all = isVersion6 ? [0x5B] + text + [0x5D] : text
    all.append(0x3A)
    all.appendDecimal(UInt64(port))
    return all
  }
}
