/// Who is due: the kind of component and its index in its pool, packed into the 32 bits that the
/// event queue carries.
struct Target {
  enum Kind: UInt32 {
    /// A packet of a link arrives, or leaves its queue.
    case link
    /// A TCP endpoint's deadline.
    case endpoint
    /// A client begins.
    case client
    /// A server has finished thinking about a request.
    case response
    /// A client's own time before a request is over.
    case request
    /// An end of a connection, by its endpoint, has had nothing to do for a while.
    case idle
    /// A request has waited for a connection for as long as it may.
    case wait
    /// Nothing has passed on an idle connection for a while.
    case heartbeat
    /// A probe, by its request, should have been answered.
    case probe
    /// An attacker repeats what a client sent as early data.
    case replay
    /// A server has computed a flight of a TLS handshake, by its connection.
    case flight
    /// A client may give up a request.
    case cancel
    /// A connection sends what the scenario injects.
    case injection
    /// An end of a connection, by its endpoint, asks whether the other is there.
    case ping
    /// A connection is as old as its server lets it become.
    case lifetime
    /// A client gives a response, by its request, another priority.
    case priority
    /// A client whose connection over QUIC is not ready tries TCP.
    case race
    /// A client goes on from another address.
    case move
  }

  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  init(_ kind: Kind, _ index: Int) {
    precondition(index < 1 << 27, "more components of a kind than a target can name")
    rawValue = kind.rawValue << 27 | UInt32(index)
  }

  var kind: Kind {
    guard let kind = Kind(rawValue: rawValue >> 27) else {
      preconditionFailure("an event for a component of no kind")
    }
    return kind
  }

  var index: Int { Int(rawValue & 0x07FF_FFFF) }
}
