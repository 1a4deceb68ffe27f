import NetSim

extension Quantity {
  /// A rate as `rate(_:)` reads it: `10Mbps`, or `unlimited`.
  public static func text(_ rate: Bitrate) -> String {
    if rate.isUnlimited { return unlimited }
    return decimal(rate.bitsPerSecond, in: QuantityKind.rate)
  }

  /// A duration, which must not be negative, as `duration(_:)` reads it: `1.5ms`.
  public static func text(_ duration: SimDuration) -> String {
    precondition(duration.nanoseconds >= 0, "a negative duration cannot be written")
    if duration == .zero { return "0ms" }
    return decimal(UInt64(duration.nanoseconds), in: QuantityKind.duration)
  }

  /// A size, which must not be negative, as `size(_:)` reads it: `30kB`, `64KiB` or `1460`.
  public static func text(_ size: ByteCount) -> String {
    precondition(size.bytes >= 0, "a negative size cannot be written")
    let bytes = UInt64(size.bytes)
    return wholeUnits(bytes) ?? String(bytes)
  }

  /// A queue as `queue(_:)` reads it: `100packets`, `64KiB` or `unlimited`.
  public static func text(_ queue: QueueLimit) -> String {
    switch queue {
    case .unlimited: unlimited
    case .packets(1): "1packet"
    case .packets(let count): "\(count)packets"
    case .bytes(let bytes): wholeUnits(bytes) ?? "\(bytes)B"
    }
  }

  /// A probability as `probability(_:)` reads it: `1.5%`.
  public static func text(_ probability: Probability) -> String {
    DecimalNumber.text(UInt64(probability.partsPerBillion), in: 10_000_000) + "%"
  }

  /// The value in the largest unit that it fills, with as many decimals as it needs.
  private static func decimal(_ value: UInt64, in kind: QuantityKind) -> String {
    let unit = kind.units.last { $0.size <= value } ?? kind.units[0]
    return DecimalNumber.text(value, in: unit.size) + unit.spelling
  }

  /// The bytes as a whole number of a unit larger than a byte, thousands before 1,024s.
  private static func wholeUnits(_ bytes: UInt64) -> String? {
    if bytes == 0 { return nil }
    let units = QuantityKind.size.units.filter { $0.size > 1 && bytes % $0.size == 0 }
    let thousands = units.last { $0.size % 1_000 == 0 }
    guard let unit = thousands ?? units.last else { return nil }
    return "\(bytes / unit.size)\(unit.spelling)"
  }
}
