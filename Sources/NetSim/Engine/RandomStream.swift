/// A stream of random numbers for one purpose: xoshiro256** by Blackman and Vigna.
///
/// Each purpose has its own stream, derived from the scenario's seed, the purpose's name and an
/// index (of the link, of the connection), so that a draw more in one place shifts no other.
struct RandomStream {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The stream of `purpose`, the `index`-th of its kind, under `seed`.
  init(seed: UInt64, purpose: StaticString, index: UInt32 = 0) {
    // FNV-1a over the name, then SplitMix64 to spread seed, name and index over the whole state.
    var name: UInt64 = 0xCBF2_9CE4_8422_2325
    purpose.withUTF8Buffer { bytes in
      for byte in bytes { name = (name ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    var mixer = SplitMix64(state: seed)
    mixer.state = mixer.next() ^ name
    mixer.state = mixer.next() ^ UInt64(index)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    let result = rotateLeft(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotateLeft(state.3, 45)
    return result
  }

  /// A whole number below `bound`, each equally likely to within 2⁻³².
  mutating func next(below bound: UInt32) -> UInt32 {
    // Shifts bind tighter than products.
    UInt32(truncatingIfNeeded: ((next() >> 32) &* UInt64(bound)) >> 32)
  }

  /// True with probability `probability`. Draws nothing when the probability is zero.
  mutating func happens(_ probability: Probability) -> Bool {
    if probability.partsPerBillion == 0 { return false }
    return next(below: 1_000_000_000) < probability.partsPerBillion
  }

  private func rotateLeft(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}

/// The generator that seeds the other one (Steele, Lea and Flood).
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
