/// By how much the reordering window grows where segments were sent again that were only late
/// (RFC 8985 §6.2 step 4).
struct ReorderingAllowance {
  /// The window stays large for so many recoveries without a report of a duplicate.
  private static var persistence: UInt8 { 16 }

  /// Quarters of the least round trip that the window has (RACK.reo_wnd_mult).
  private(set) var quarters: UInt8 = 1
  private var recoveriesLeft: UInt8 = 0
  /// Until this is acknowledged further reports belong to the same round; nil outside of one.
  private var roundEnd: Int64?

  /// An acknowledgement came: the window grows by a quarter in each round with a D-SACK.
  mutating func acknowledged(upTo position: Int64, reportsDuplicate: Bool, next: Int64) {
    if let end = roundEnd, position >= end { roundEnd = nil }
    guard reportsDuplicate, roundEnd == nil else { return }
    roundEnd = next
    if quarters < .max { quarters += 1 }
    recoveriesLeft = Self.persistence
  }

  /// Recovery is over. After sixteen without a D-SACK the window is again what it was at first.
  mutating func recovered() {
    if recoveriesLeft > 0 { recoveriesLeft -= 1 }
    if recoveriesLeft == 0 { quarters = 1 }
  }
}
