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
  /// Which messages begin in it, in words: what is left of the label where there is little room.
  var message = ""
  /// What it carries of HTTP/2 streams' content, where nothing else begins in it.
  var content: Content?
  /// Which connection it is of, where a leg has several.
  var tag = ""
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
  /// The packet's number; for a remark that of the segment below which it stands, or zero.
  var packet: UInt32 = 0
  /// The connection, and which leg of a way over proxies it is.
  var connection: UInt32 = 0
  var leg = 0
  /// How many segments the row stands for.
  var count = 1
  /// Whether the row may be folded with others of its kind and direction.
  var isPlain = false
  /// Whether it is a datagram of QUIC, whose positions are those of a stream.
  var isDatagram = false
  /// The streams of folded datagrams, where they take turns.
  var streams: [UInt32] = []

  /// Who sends on which connection.
  struct Sender: Hashable {
    let connection: UInt32
    let direction: Direction
  }

  var sender: Sender { Sender(connection: connection, direction: direction) }

  /// The beginning of the message or of the label, where there is room for no more.
  var brief: String {
    let text = message.isEmpty ? label : message
    let end = [text.firstRange(of: "  "), text.firstRange(of: ", ")].compactMap { $0?.lowerBound }
      .min()
    return String(text[..<(end ?? text.endIndex)])
  }

  /// The sequence after the last.
  var end: Int64 { start + payload }
  var isPureAcknowledgement: Bool { payload == 0 && isPlain }

  /// Whether both may become one row.
  func folds(with other: LadderRow) -> Bool {
    direction == other.direction && kind == other.kind && connection == other.connection
      && isPureAcknowledgement == other.isPureAcknowledgement
      && isDuplicate == other.isDuplicate && content?.stream == other.content?.stream
  }

  /// Whether it is an acknowledgement that repeats the one before.
  var isDuplicate: Bool { duplicateNumber > 0 }
}

extension Array where Element == LadderRow {
  /// Puts a remark below the segment that it is about, and below what is said of that already.
  mutating func put(_ remark: LadderRow) {
    guard let index = lastIndex(where: { $0.packet == remark.packet && $0.isArrival }) else {
      return
    }
    self[index].isPlain = false
    var remark = remark
    remark.time = self[index].time
    var below = index + 1
    while below < count && self[below].kind == .remark && self[below].time == remark.time {
      below += 1
    }
    insert(remark, at: below)
  }
}

extension LadderRow {
  /// Whether it is a segment, and was not lost.
  fileprivate var isArrival: Bool { kind != .remark && kind != .lost }
}

extension LadderRow {
  /// What of streams' content a segment carries, where it begins nothing else.
  struct Content: Equatable {
    /// The stream of its last byte.
    var stream: UInt32
    /// Whether the stream's last frame begins in it.
    var isEnd = false

    var text: String { "DATA \(stream)" + (isEnd ? " end" : "") }
  }
}
