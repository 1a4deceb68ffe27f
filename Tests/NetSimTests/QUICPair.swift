@testable import NetSim

/// Two QUIC endpoints and nothing between them but a delay, for tests that read like a story: datagrams
/// are lost by name, time is stepped, and what was sent is looked at.
final class QUICPair {
  /// A datagram as it was sent.
  struct Sent {
    var time: SimTime
    var side: Side
    var datagram: Datagram
    /// Which one of its side's it is, from 1.
    var ordinal: Int

    var bytes: UInt32 { datagram.bytes }
    var milliseconds: Int64 { time.nanoseconds / 1_000_000 }

    /// The kinds of its packets, in their order.
    var packets: [QUICPacketType] {
      datagram.items.filter { $0.kind == .packet }
        .map { QUICPacketType(rawValue: UInt8($0.stream)) ?? .otherVersion }
    }

    /// Its frames of a kind.
    func frames(_ kind: QUICItem.Kind) -> [QUICItem] { datagram.items.filter { $0.kind == kind } }

    /// Whether it wants an answer.
    var isEliciting: Bool { datagram.items.contains { $0.isEliciting } }
  }

  var client: QUICEndpoint
  var server: QUICEndpoint
  var log = EventLog()
  var now = SimTime.zero
  /// Everything sent, lost or not.
  var sent: [Sent] = []
  /// Says whether a datagram that is being sent gets lost.
  var loses: (Sent) -> Bool = { _ in false }
  /// Says whether a router marks a datagram that can be marked.
  var marks: (Sent) -> Bool = { _ in false }
  /// Says how much longer than the others a datagram takes.
  var delays: (Sent) -> SimDuration = { _ in .zero }
  /// The port that a NAT gives to what the client sends; what goes to another is lost there.
  var port: UInt8 = 0
  let oneWay: SimDuration
  private var underWay: [(due: SimTime, to: Side, datagram: Datagram, number: UInt32)] = []

  init(
    _ policy: QUICPolicy = .standard(.rfc), tls: TLSSettings = TLSSettings(.full13, tickets: 0),
    transport: TransportSettings = .standard(.rfc), oneWay: SimDuration = .milliseconds(50)
  ) {
    self.oneWay = oneWay
    client = QUICEndpoint(
      connection: 0, side: .client, settings: transport, policy: policy, tls: tls,
      scheduler: policy.client.scheduler, seed: 1)
    server = QUICEndpoint(
      connection: 0, side: .server, settings: transport, policy: policy, tls: tls,
      scheduler: policy.server.scheduler, seed: 2)
    server.listen()
  }

  /// Begins the connection and runs until the handshake is confirmed and nothing is under way.
  func open() {
    client.connect(at: now, log: &log)
    run(until: now + oneWay * 5)
  }

  /// Polls both ends until they have nothing to send.
  func pump() {
    poll(.client)
    poll(.server)
  }

  private func poll(_ side: Side) {
    var datagram = Datagram()
    while true {
      let number = UInt32(sent.count + 1)
      let isThere =
        side == .client
        ? client.pollTransmit(into: &datagram, packet: number, at: now, log: &log)
        : server.pollTransmit(into: &datagram, packet: number, at: now, log: &log)
      guard isThere else { return }
      send(datagram, number, from: side)
    }
  }

  private func send(_ datagram: Datagram, _ number: UInt32, from side: Side) {
    let ordinal = sent.count { $0.side == side } + 1
    let record = Sent(time: now, side: side, datagram: datagram, ordinal: ordinal)
    sent.append(record)
    if loses(record) { return }
    var datagram = datagram
    if side == .client { datagram.address.port = port }
    if datagram.address.port != port { return }
    if datagram.codepoint != .notCapable && marks(record) {
      datagram.codepoint = .congestionExperienced
    }
    underWay.append((now + oneWay + delays(record), side.peer, datagram, number))
  }

  /// Runs until `end`; what is due at `end` is done.
  func run(until end: SimTime) {
    pump()
    while true {
      let arrival = underWay.map(\.due).min() ?? .never
      let due = min(arrival, client.nextDeadline, server.nextDeadline)
      guard due <= end else { break }
      now = max(now, due)
      if client.nextDeadline <= now { client.timerFired(at: now, log: &log) }
      if server.nextDeadline <= now { server.timerFired(at: now, log: &log) }
      deliver()
      pump()
    }
    now = end
  }

  private func deliver() {
    while let index = underWay.firstIndex(where: { $0.due <= now }) {
      var arrived = underWay.remove(at: index)
      if arrived.to == .client {
        client.receive(&arrived.datagram, packet: arrived.number, at: now, log: &log)
      } else {
        server.receive(&arrived.datagram, packet: arrived.number, at: now, log: &log)
      }
      pump()
    }
  }

  /// Runs for `milliseconds` more.
  func run(milliseconds: Int64) { run(until: now + .milliseconds(milliseconds)) }

  /// What a side has sent.
  func sent(by side: Side) -> [Sent] { sent.filter { $0.side == side } }

  /// Hands an end an ACK frame of its 1-RTT packets that the other never sent.
  func acknowledge(
    _ numbers: ClosedRange<Int64>, to side: Side, as packet: Int64, delay: SimDuration = .zero
  ) {
    var datagram = Datagram()
    datagram.append(
      QUICItem(
        kind: .packet, stream: UInt32(QUICPacketType.oneRTT.rawValue), offset: packet, length: 40))
    datagram.append(
      QUICItem(kind: .acknowledgement, offset: numbers.upperBound, length: delay.nanoseconds))
    datagram.append(
      QUICItem(kind: .ackedRange, offset: numbers.lowerBound, length: Int64(numbers.count)))
    datagram.bytes = 40
    if side == .client {
      client.receive(&datagram, packet: 0, at: now, log: &log)
    } else {
      server.receive(&datagram, packet: 0, at: now, log: &log)
    }
  }
}
