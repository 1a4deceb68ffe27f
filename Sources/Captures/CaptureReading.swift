import NetSim

/// The packet with data that came right before, from the same end of the same connection.
struct BackToBack {
  var timeNs: Int64
  /// Bytes of the IP packet.
  var length: Int
}

/// The fold over a capture's packets.
struct CaptureReading {
  private let options: CaptureOptions
  private var summary: CaptureSummary
  private var connections: [Connection] = []
  private var table = ConnectionTable()
  private var datagrams = ConnectionTable()
  private var datagramCounts: [Int64] = []
  private var datagramIsQUIC: [Bool] = []
  private var log: LogBuilder
  private var lastNumber: UInt32 = 0
  private var frames = FrameReader()
  private var lastUnixNs: Int64 = .min
  /// The connection of the packet before, which is often that of the next too.
  private var recent: (ends: PacketEnds, index: UInt32)?
  /// The last packet with data of each end, over all connections: packets of another connection in
  /// between take their share of the bottleneck.
  private var lastData: [(connection: UInt32, pair: BackToBack)?] = [nil, nil]

  init(options: CaptureOptions) {
    self.options = options
    summary = CaptureSummary()
    log = LogBuilder(level: options.logLevel)
  }

  /// Notes that the file has this packet, whether or not a filter lets it through.
  mutating func countNumber(_ frame: CapturedFrame) {
    lastNumber = frame.number
    if summary.startUnixNs == nil, frame.isTimed { summary.startUnixNs = frame.unixNs }
  }

  /// Takes a packet.
  mutating func take(_ frame: CapturedFrame) {
    let startNs = summary.startUnixNs ?? frame.unixNs
    summary.packets += 1
    summary.bytes += Int64(frame.wireLength)
    if frame.bytes.count < frame.wireLength { summary.cutPackets += 1 }
    if !frame.isTimed { summary.untimedPackets += 1 }
    if frame.unixNs < lastUnixNs { summary.backwardSteps += 1 }
    lastUnixNs = frame.unixNs
    let elapsed = SimDuration(nanoseconds: frame.unixNs &- startNs)
    summary.duration = max(summary.duration, elapsed)
    switch frames.read(frame, startNs: startNs) {
    case .tcp:
      summary.tcpPackets += 1
      takeSegment()
    case .udp(let looksLikeQUIC): takeDatagram(frames.segment.ends, looksLikeQUIC)
    case .fragment: break
    case .unread(let reason): summary.unread[reason] += 1
    }
  }

  private mutating func takeSegment() {
    guard let index = connectionIndex() else {
      summary.untrackedPackets += 1
      return
    }
    let connection = connections[Int(index)]
    let slot = frames.segment.ends == connection.ends ? 0 : 1
    var pair: BackToBack?
    if frames.segment.payloadLength > 0 {
      if let last = lastData[slot], last.connection == index { pair = last.pair }
      lastData[slot] = (
        index, BackToBack(timeNs: frames.segment.timeNs, length: frames.segment.packetLength)
      )
    }
    connection.receive(frames.segment, pair: pair, log: &log)
  }

  /// The connection that a segment belongs to, a new one if need be; nil when there are too many.
  private mutating func connectionIndex() -> UInt32? {
    var known: UInt32?
    if let recent, recent.ends == frames.segment.ends || recent.ends == frames.segment.ends.reversed
    {
      known = recent.index
    } else {
      known = table.value(frames.segment.ends)
    }
    if let known, !connections[Int(known)].isSucceeded(by: frames.segment) {
      recent = (frames.segment.ends, known)
      return known
    }
    guard connections.count < options.connectionLimit else { return nil }
    let index = UInt32(connections.count)
    connections.append(Connection(index: index, first: frames.segment, options: options))
    table.set(index, for: frames.segment.ends)
    recent = (frames.segment.ends, index)
    return index
  }

  /// Counts a datagram by its conversation, which is QUIC's once a long header was seen in it.
  private mutating func takeDatagram(_ ends: PacketEnds, _ looksLikeQUIC: Bool) {
    let place: Int
    if let known = datagrams.value(ends) {
      place = Int(known)
    } else {
      guard datagramCounts.count < options.connectionLimit else {
        summary.udpPackets += 1
        return
      }
      place = datagramCounts.count
      datagrams.set(UInt32(place), for: ends)
      datagramCounts.append(0)
      datagramIsQUIC.append(false)
    }
    datagramCounts[place] += 1
    if looksLikeQUIC { datagramIsQUIC[place] = true }
  }

  /// Sums everything up.
  consuming func finish(problems: [CaptureError]) -> CaptureAnalysis {
    for (count, isQUIC) in zip(datagramCounts, datagramIsQUIC) {
      if isQUIC {
        summary.quicPackets += count
        summary.quicConversations += 1
      } else {
        summary.udpPackets += count
        summary.udpConversations += 1
      }
    }
    frames.countFragments(in: &summary)
    var results: [CapturedConnection] = []
    var descriptions: [ConnectionDescription] = []
    var requests = RequestCollector(limit: options.requestLimit)
    var nextNumber = lastNumber &+ 1
    for connection in connections {
      var verdict = ConnectionVerdict(connection, nextNumber: nextNumber)
      verdict.judge(&log)
      verdict.writeMilestones(&log)
      nextNumber = verdict.nextNumber
      requests.add(connection.application, of: verdict.result)
      results.append(verdict.result)
      descriptions.append(verdict.description)
      summary.connectionsByProtocol[verdict.result.protocolKind, default: 0] += 1
    }
    requests.write(to: &log)
    summary.untrackedRequests = requests.dropped
    var finished = log.log(vantages: results.map(\.vantage))
    finished.connections = descriptions
    finished.requests = requests.descriptions
    return CaptureAnalysis(
      summary: summary, connections: results, requests: requests.requests, log: finished,
      problems: problems)
  }
}
