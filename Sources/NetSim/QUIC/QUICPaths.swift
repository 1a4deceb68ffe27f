/// Where an end of a QUIC connection sends, and what it knows of the addresses (RFC 9000 §8.2, §9).
///
/// Servers stay where they are. A client moves, and says so with what it sends from its new address, or
/// a NAT gives it another port and nobody says so: either way the server learns of it by the address
/// of a packet, and validates it.
struct QUICPaths {
  /// An address whose owner is asked for a sign.
  struct Validation {
    let address: ClientAddress
    /// What the challenges so far held; none before the first.
    var words: ClosedRange<Int64>?
    /// Whether a challenge has to go out, when the next is due, and when it is given up.
    var isDue = true
    var nextAt: SimTime
    var deadline: SimTime
    /// Whether its latest challenge had a datagram of full size (§8.2.1).
    var isWhole = false
    /// Whether the address is known to be the peer's, and only the size of datagrams is not.
    var isAboutSize = false
    var tries = 0
  }

  /// An address that was used before, and works.
  struct Former {
    let address: ClientAddress
    let isValidated: Bool
  }

  /// The client's address, where the server sends, and from where the client does.
  var current = ClientAddress.first
  /// Where the datagram came from, or to, that is being read.
  var arrival = ClientAddress.first
  /// The last address that worked, while another is tried.
  var former: Former?
  /// Of the current address, and of the former one (§9.3.3).
  var validation: Validation?
  var check: Validation?
  /// Challenges to answer, and where.
  var responses = RingBuffer<(word: Int64, address: ClientAddress)>()
  /// Counts the paths on which congestion and round trips are measured apart (§9.4).
  var measured: UInt8 = 0
  /// The sequence number of the peer's connection ID in use, and the largest that it gave (§5.1.1).
  var identity: Int64 = 0
  var identitiesGiven: Int64 = 0
  /// The largest that this end gave, and how many of its own the peer has given up.
  var ownIdentities: Int64 = 0
  var ownRetired: Int64 = 0
  /// Whether the client wants to move and may not yet (§9).
  var wantsToMove = false
  /// Whether anything has to go out.
  var isDue = false
  private var lastWord: Int64 = 0

  /// What the next challenge holds. A real one cannot be guessed (§8.2.1).
  mutating func nextWord() -> Int64 {
    lastWord += 1
    return lastWord
  }

  /// When the next of its times comes.
  var deadline: SimTime {
    min(
      validation.map { min($0.nextAt, $0.deadline) } ?? .never, check.map { $0.deadline } ?? .never)
  }

  /// Whether there is anything to send to somebody.
  mutating func noteDue() {
    isDue = !responses.isEmpty || validation?.isDue ?? false || check?.isDue ?? false
  }
}

/// What an end finds out about its path, as the log has it.
public enum PathChange: UInt8, CaseIterable, Sendable {
  /// The client moves to another address of its own (RFC 9000 §9.2).
  case moved
  /// The server hears the client from another address, and sends there from now on (§9.3).
  case followed
  /// The peer has answered there (§8.2.3).
  case validated
  /// It has not (§8.2.4): the end goes back.
  case failed
  /// The server hears the client from the address before, which had worked.
  case returned
  /// The NAT has forgotten the connection, and gives it another port.
  case rebound
}
