/// The largest of the values of the last rounds, within three slots: the best, and the best of what
/// came after each (Kathleen Nichols' filter, as Linux has it).
///
/// It is exact while values rise; while they fall it forgets an old maximum in time, in steps of a
/// quarter and a half of the span.
struct WindowedMaximum {
  private struct Slot {
    var round: UInt32
    var value: UInt64
  }

  private var best = Slot(round: 0, value: 0)
  private var second = Slot(round: 0, value: 0)
  private var third = Slot(round: 0, value: 0)
  /// How many rounds a value counts.
  var span: UInt32

  init(span: UInt32) { self.span = span }

  /// The largest value.
  var value: UInt64 { best.value }

  /// Takes the `value` of a round; rounds never go back.
  mutating func take(_ value: UInt64, round: UInt32) {
    let slot = Slot(round: round, value: value)
    if value >= best.value || round - third.round > span {
      best = slot
      second = slot
      third = slot
      return
    }
    if value >= second.value {
      second = slot
      third = slot
    } else if value >= third.value {
      third = slot
    }
    age(slot)
  }

  /// Takes out what is too old, and sees to it that the other slots are younger than the best.
  private mutating func age(_ newest: Slot) {
    let age = newest.round - best.round
    if age > span {
      shift(newest)
      if newest.round - best.round > span { shift(newest) }
    } else if second.round == best.round && age > span / 4 {
      second = newest
      third = newest
    } else if third.round == second.round && age > span / 2 {
      third = newest
    }
  }

  private mutating func shift(_ newest: Slot) {
    best = second
    second = third
    third = newest
  }
}
