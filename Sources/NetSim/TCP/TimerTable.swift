/// The deadlines of an endpoint: one for each kind of timer, never cancelled from outside.
///
/// The run loop keeps one event for the earliest; when it fires, the endpoint looks here what is
/// really due.
struct TimerTable {
  private var deadlines = InlineArray<8, SimTime>(repeating: .never)

  /// The deadline of a timer; `never` when it does not run.
  subscript(kind: TimerKind) -> SimTime {
    @inline(__always) get { deadlines[Int(kind.rawValue)] }
    @inline(__always) set { deadlines[Int(kind.rawValue)] = newValue }
  }

  /// The earliest deadline.
  @inline(__always)
  var next: SimTime {
    var earliest = SimTime.never
    for index in 0..<8 where deadlines[index] < earliest { earliest = deadlines[index] }
    return earliest
  }

  /// Stops every timer.
  mutating func stopAll() { deadlines = InlineArray(repeating: .never) }
}
