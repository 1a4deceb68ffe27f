import NetSim

/// The host under test: sockets, connections and a clock that only the script moves.
struct SimulatedHost {
  /// A packet on its way out.
  struct Sent {
    var time: SimTime
    var segment: Segment
    /// The connection that sent it; nil for a reset that no connection sends.
    var connection: Int?
  }

  var settings = RunSettings()
  var now = SimTime.zero
  var sockets: [Int64: HostSocket] = [:]
  var connections: [HostConnection] = []
  /// Connections that wait to be accepted.
  var acceptQueue: [Int] = []
  /// Packets that the script has not looked at yet.
  var outbox: [Sent] = []

  /// The connection under test: the youngest.
  var current: Int? { connections.isEmpty ? nil : connections.count - 1 }

  /// When the next timer runs out.
  var nextDeadline: SimTime {
    connections.map { min($0.machine.nextDeadline, $0.corkDeadline) }.min() ?? .never
  }

  /// Lets what is due at the next deadline happen.
  mutating func step() {
    now = max(now, nextDeadline)
    for index in connections.indices where connections[index].machine.nextDeadline <= now {
      connections[index].machine.timerFired(at: now)
      pump(index)
    }
    for index in connections.indices where connections[index].corkDeadline <= now { flush(index) }
  }

  // MARK: Connections

  /// The settings of a connection that `socket` opens or accepts.
  private func transport(_ socket: HostSocket, isServer: Bool) -> TransportSettings {
    var transport = settings.transport
    if socket.keepsAlive { transport.keepalive = socket.keepalive }
    if let size = socket.receiveBuffer {
      // What an application asks for is doubled, half of it is offered, and it is tuned no more.
      transport.initialReceiveWindow = ByteCount(size)
      transport.receivePolicy.initialBuffer = ByteCount(size)
      transport.receivePolicy.isTuned = false
    }
    if let size = socket.segmentSize { transport.maximumSegmentSize = size }
    if let congestion = socket.congestion { transport.congestion = congestion }
    if isServer { transport.synRetries = settings.synAckRetries }
    if let retries = socket.synRetries { transport.synRetries = retries }
    return transport
  }

  /// Opens a connection; returns its index.
  mutating func connect(_ socket: HostSocket) -> Int {
    var connection = HostConnection(
      settings: transport(socket, isServer: false), isServer: false,
      holdsSmallSegments: socket.holdsSmallSegments)
    connection.machine.connect(at: now)
    connections.append(connection)
    pump(connections.count - 1)
    return connections.count - 1
  }

  private var listener: HostSocket? {
    for (_, socket) in sockets {
      if case .listening = socket.role { return socket }
    }
    return nil
  }

  // MARK: Packets

  /// Takes a packet of the script. Returns nil, or why it cannot be made.
  mutating func receive(_ packet: ScriptPacket) -> String? {
    let opens = packet.flags.contains(.syn) && !packet.flags.contains(.ack)
    if opens, let listener {
      var connection = HostConnection(
        settings: transport(listener, isServer: true), isServer: true,
        holdsSmallSegments: listener.holdsSmallSegments)
      connection.machine.listen()
      connections.append(connection)
    }
    guard let index = current else { return "there is no socket that this packet could be for" }
    if packet.flags.contains(.syn) { connections[index].peerSequence = packet.sequence }
    let segment: Segment
    do {
      segment = try connections[index].segment(packet, scalesEchoes: settings.scalesEchoes)
    } catch {
      return error.message
    }
    receive(segment, by: index)
    return nil
  }

  private mutating func receive(_ segment: Segment, by index: Int) {
    connections[index].segmentsReceived += 1
    if segment.payloadBytes > 0 {
      connections[index].dataSegmentsReceived += 1
      connections[index].lastDataReceived = now
    }
    if segment.flags.contains(.ack) { connections[index].lastAcknowledgementReceived = now }
    if connections[index].machine.state == .closed {
      answerForNobody(segment)
      return
    }
    connections[index].noteEdges(of: segment)
    let dataBefore = connections[index].machine.deliveredBytes
    connections[index].machine.receive(segment, at: now)
    let machine = connections[index].machine
    connections[index].offload.sawWindow(machine.information.peerWindow)
    if connections[index].isOrphaned && machine.deliveredBytes > dataBefore {
      // Data for an application that is gone (RFC 9293 §3.6.1, RFC 2525 §2.17): a reset.
      connections[index].machine.abort()
    }
    noteEstablished(index)
    pump(index)
  }

  private mutating func noteEstablished(_ index: Int) {
    guard !connections[index].wasEstablished, connections[index].machine.state.isSynchronized
    else { return }
    connections[index].wasEstablished = true
    connections[index].lastDataReceived = now
    connections[index].offload.sawWindow(connections[index].machine.information.peerWindow)
    if connections[index].isServer { acceptQueue.append(index) }
  }

  /// RFC 9293 §3.10.7.1: a segment for no connection gets a reset, a reset nothing.
  private mutating func answerForNobody(_ segment: Segment) {
    if segment.flags.contains(.rst) { return }
    var reset: Segment
    if segment.flags.contains(.ack) {
      reset = Segment(
        sequence: segment.acknowledgement, acknowledgement: SequenceNumber(0), flags: .rst,
        window: 0, payloadBytes: 0)
    } else {
      reset = Segment(
        sequence: SequenceNumber(0),
        acknowledgement: segment.sequence.advanced(by: Int64(segment.sequenceLength)),
        flags: [.rst, .ack], window: 0, payloadBytes: 0)
    }
    reset.sackCount = 0
    outbox.append(Sent(time: now, segment: reset, connection: current))
  }

  /// Lets a connection send what it has to send.
  mutating func pump(_ index: Int) {
    var burst: [Segment] = []
    var starts: [Int64] = []
    let conditions = connections[index].conditions(settings)
    while let segment = connections[index].machine.pollTransmit(at: now) {
      starts.append(connections[index].machine.position(of: segment))
      burst.append(segment)
    }
    connections[index].offload.mark(&burst, starts: starts, conditions)
    for segment in burst {
      connections[index].segmentsSent += 1
      if segment.payloadBytes > 0 {
        connections[index].dataSegmentsSent += 1
        connections[index].lastDataSent = now
      }
      outbox.append(Sent(time: now, segment: segment, connection: index))
    }
    let acknowledged = connections[index].machine.information.acknowledgedBytes + 1
    connections[index].offload.acknowledged(upTo: acknowledged)
  }

  /// Hands bytes to a connection and lets it send them.
  /// Where more follows, a segment that is not full waits for it.
  mutating func write(_ bytes: Int64, to index: Int, moreFollows: Bool) {
    let start = connections[index].machine.writeEnd
    let limit = connections[index].machine.information.payloadLimit
    connections[index].machine.write(bytes)
    connections[index].machine.isCorked = connections[index].isCorked || moreFollows
    // The end of the write is known before the first byte goes, the rest depends on how far that got.
    let sent = burstEnd(index)
    connections[index].offload.wrote(
      from: start, to: start + bytes, sent: sent, payloadLimit: limit,
      isFinished: !moreFollows)
    pump(index)
    connections[index].machine.isCorked = connections[index].isCorked
    setCorkDeadline(index, isHeld: connections[index].isCorked || moreFollows)
  }

  /// What a cork holds back goes out after a time-out at the latest, where no acknowledgement will
  /// come that could release it.
  private mutating func setCorkDeadline(_ index: Int, isHeld: Bool) {
    let machine = connections[index].machine
    let waits =
      isHeld && machine.unsentBytes > 0 && machine.unacknowledgedBytes == machine.unsentBytes
    if !waits {
      connections[index].corkDeadline = .never
    } else if connections[index].corkDeadline == .never {
      connections[index].corkDeadline = now + machine.information.timeout
    }
  }

  private mutating func flush(_ index: Int) {
    connections[index].corkDeadline = .never
    connections[index].offload.pushed(at: connections[index].machine.writeEnd)
    uncork(index)
    connections[index].machine.isCorked = connections[index].isCorked
  }

  /// Lets go what a cork or Nagle's rule holds back.
  mutating func uncork(_ index: Int) {
    let holdsSmallSegments = connections[index].machine.holdsSmallSegments
    connections[index].machine.isCorked = false
    connections[index].machine.holdsSmallSegments = false
    pump(index)
    connections[index].machine.holdsSmallSegments = holdsSmallSegments
    connections[index].corkDeadline = .never
  }

  /// How far the connection would send right now.
  private func burstEnd(_ index: Int) -> Int64 {
    var machine = connections[index].machine
    while machine.pollTransmit(at: now) != nil {}
    return machine.sendNext
  }
}
