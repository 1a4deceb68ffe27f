/// Cuts a stretch of time into intervals, from its end backwards.
///
/// Whatever is charged, the intervals are adjacent and never reach beyond the stretch, so that
/// their lengths add up to it exactly.
struct IntervalCutter {
  /// Where the next piece ends.
  private(set) var cursor: SimTime
  /// Where the stretch begins.
  let floor: SimTime
  private var reversed: [CauseInterval] = []

  /// The stretch from `floor` to `end`.
  init(from floor: SimTime, to end: SimTime) {
    cursor = max(end, floor)
    self.floor = floor
  }

  /// Charges what lies between `start` and the pieces so far.
  mutating func charge(_ cause: Cause, backTo start: SimTime) {
    let start = max(start, floor)
    guard start < cursor else { return }
    reversed.append(CauseInterval(start: start, end: cursor, cause: cause))
    cursor = start
  }

  /// Charges a piece of the given length, or what is left if that is less.
  mutating func charge(_ cause: Cause, lasting duration: SimDuration) {
    charge(cause, backTo: SimTime(nanoseconds: cursor.nanoseconds - duration.nanoseconds))
  }

  /// Charges all that is left, and gives the intervals in the order of time.
  consuming func finish(_ cause: Cause) -> [CauseInterval] {
    charge(cause, backTo: floor)
    return reversed.reversed()
  }
}
