@testable import NetSim

extension TransportSettings {
  /// Linux's without its pacing, the ticks of its clock and its held-back acknowledgements, so that
  /// it is easily said when what is sent.
  static var prompt: TransportSettings {
    var settings = TransportSettings.standard(.linux)
    settings.usesPacing = false
    settings.timerTick = .zero
    settings.initialReceiveWindow = settings.receiveWindow
    settings.receivePolicy = ReceivePolicy()
    settings.acknowledgements = AcknowledgementPolicy(
      everySegments: 2, delay: .milliseconds(40), quickSegments: 16)
    return settings
  }
}

/// Two endpoints and nothing between them but a delay, for tests that read like a story: segments
/// are lost by name, time is stepped, and what was sent is looked at.
struct EndpointPair {
  /// A segment as it was sent.
  struct Sent {
    var time: SimTime
    var side: Side
    var segment: Segment
    /// Its first position.
    var start: Int64
  }

  var client: TCPEndpoint
  var server: TCPEndpoint
  var log = EventLog()
  var now = SimTime.zero
  /// Everything sent, lost or not.
  var sent: [Sent] = []
  /// Says whether a segment that is being sent gets lost.
  var loses: (Sent) -> Bool = { _ in false }
  /// Says whether a router marks a packet that can be marked.
  var marks: (Sent) -> Bool = { _ in false }
  /// Says how much longer than the others a segment takes.
  var delays: (Sent) -> SimDuration = { _ in .zero }
  let oneWay: SimDuration
  private var underWay: [(due: SimTime, to: Side, segment: Segment, number: UInt32)] = []

  init(
    _ settings: TransportSettings = .prompt, oneWay: SimDuration = .milliseconds(50),
    clientSequence: UInt32 = 1000, serverSequence: UInt32 = 5000
  ) {
    self.oneWay = oneWay
    client = TCPEndpoint(
      connection: 0, side: .client, settings: settings,
      initialSequence: SequenceNumber(clientSequence))
    server = TCPEndpoint(
      connection: 0, side: .server, settings: settings,
      initialSequence: SequenceNumber(serverSequence))
    server.listen()
  }

  /// Two ends of which neither listens.
  static var strangers: EndpointPair {
    var pair = EndpointPair()
    pair.server = TCPEndpoint(
      connection: 0, side: .server, settings: .prompt, initialSequence: SequenceNumber(5000))
    return pair
  }

  /// Hands a side a segment that the other never sent, and returns what it answers at once; the other
  /// does not get that.
  mutating func forge(
    _ flags: TCPFlags, to side: Side, at position: Int64, acknowledging acknowledged: Int64 = 0,
    payload: UInt32 = 0
  ) -> [Segment] {
    let (own, peer) = side == .client ? (client, server) : (server, client)
    let segment = Segment(
      sequence: peer.initialSequence.advanced(by: position),
      acknowledgement: flags.contains(.ack)
        ? own.initialSequence.advanced(by: acknowledged) : SequenceNumber(0),
      flags: flags, window: 1000, payloadBytes: payload)
    var answers: [Segment] = []
    if side == .client {
      client.receive(segment, packet: 0, at: now, log: &log)
      while let answer = client.pollTransmit(at: now, log: &log) { answers.append(answer) }
    } else {
      server.receive(segment, packet: 0, at: now, log: &log)
      while let answer = server.pollTransmit(at: now, log: &log) { answers.append(answer) }
    }
    return answers
  }

  /// Opens the connection and runs until nothing is under way.
  mutating func open() {
    client.connect(at: now, log: &log)
    run(until: now + oneWay * 2)
  }

  /// Polls both ends until they have nothing to send.
  mutating func pump() {
    while let segment = client.pollTransmit(at: now, log: &log) { send(segment, from: .client) }
    while let segment = server.pollTransmit(at: now, log: &log) { send(segment, from: .server) }
  }

  private mutating func send(_ segment: Segment, from side: Side) {
    let endpoint = side == .client ? client : server
    let start = segment.sequence.offset(
      from: endpoint.initialSequence, near: endpoint.sendUnacknowledged)
    let record = Sent(time: now, side: side, segment: segment, start: start)
    sent.append(record)
    if loses(record) { return }
    var segment = segment
    if segment.codepoint != .notCapable && marks(record) {
      segment.codepoint = .congestionExperienced
    }
    underWay.append((now + oneWay + delays(record), side.peer, segment, UInt32(sent.count)))
  }

  /// Runs until `end`; what is due at `end` is done.
  mutating func run(until end: SimTime) {
    pump()
    while true {
      let arrival = underWay.map(\.due).min() ?? .never
      let due = min(arrival, client.nextDeadline, server.nextDeadline)
      guard due <= end else { break }
      now = due
      if client.nextDeadline <= now { client.timerFired(at: now, log: &log) }
      if server.nextDeadline <= now { server.timerFired(at: now, log: &log) }
      deliver()
      pump()
    }
    now = end
  }

  private mutating func deliver() {
    while let index = underWay.firstIndex(where: { $0.due <= now }) {
      let (_, to, segment, number) = underWay.remove(at: index)
      if to == .client {
        client.receive(segment, packet: number, at: now, log: &log)
      } else {
        server.receive(segment, packet: number, at: now, log: &log)
      }
      pump()
    }
  }

  /// Runs for `milliseconds` more.
  mutating func run(milliseconds: Int64) { run(until: now + .milliseconds(milliseconds)) }

  /// What a side sent with payload.
  func data(_ side: Side) -> [Sent] {
    sent.filter { $0.side == side && $0.segment.payloadBytes > 0 }
  }

  /// When a side sent a SYN, in milliseconds.
  func synTimes(_ side: Side) -> [Int64] {
    sent.filter { $0.side == side && $0.segment.flags.contains(.syn) }
      .map { $0.time.nanoseconds / 1_000_000 }
  }
}
