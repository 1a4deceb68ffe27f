import NetSim

/// One line of a ladder: a segment, several alike, or a remark.
struct LadderRow: Equatable {
  /// Which way an arrow points.
  enum Direction: Equatable {
    case toServer
    case toClient
  }

  /// What kind of line it is, which decides how it is drawn.
  enum Kind: Equatable {
    /// A segment that arrived, drawn plainly.
    case segment
    /// A segment that was lost on the way.
    case lost
    /// A segment whose bytes wait behind a hole.
    case held
    /// A segment sent again.
    case retransmission
    /// A remark below the segment before it.
    case remark
  }

  var time: SimTime
  /// When the last of the folded segments passed; nil where nothing is folded.
  var lastTime: SimTime?
  var direction: Direction
  var kind: Kind
  /// What the segment is and carries, in words.
  var label: String
  /// The word in the margin.
  var note = ""
  /// The congestion window of the sender in segments at that time, where it is known.
  var window: Int64?
  /// First sequence, payload and acknowledgement, for folding.
  var start: Int64 = 0
  var payload: Int64 = 0
  var acknowledged: Int64 = 0
  /// Which repetition of the same acknowledgement it is, from 1; 0 for none.
  var duplicateNumber = 0
  /// How many segments the row stands for.
  var count = 1
  /// Whether the row may be folded with others of its kind and direction.
  var isPlain = false

  /// The sequence after the last.
  var end: Int64 { start + payload }
  var isPureAcknowledgement: Bool { payload == 0 && isPlain }

  /// Whether both may become one row.
  func folds(with other: LadderRow) -> Bool {
    direction == other.direction && kind == other.kind
      && isPureAcknowledgement == other.isPureAcknowledgement
      && isDuplicate == other.isDuplicate
  }

  /// Whether it is an acknowledgement that repeats the one before.
  var isDuplicate: Bool { duplicateNumber > 0 }
}
