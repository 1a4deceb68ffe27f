import NetSim

/// The fold over a capture's packets.
struct CaptureReading: ~Copyable {
  private let options: CaptureOptions
  private var summary: CaptureSummary
  private var frames = FrameReader()
  private var connections: OpenConnections
  private var datagrams = DatagramFlows()
  private var log: LogBuilder
  private var lastNumber: UInt32 = 0
  private var lastUnixNs: Int64 = .min

  init(options: CaptureOptions) {
    self.options = options
    summary = CaptureSummary()
    log = LogBuilder(level: options.logLevel)
    connections = OpenConnections(options: options)
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
      connections.take(frames.segment, log: &log)
    case .udp(let looksLikeQUIC):
      if !datagrams.take(frames.segment, looksLikeQUIC: looksLikeQUIC) {
        summary.udpPackets += 1
      }
    case .fragment: break
    case .unread(let reason): summary.unread[reason] += 1
    }
  }

  /// Sums everything up.
  consuming func finish(problems: [CaptureError]) -> CaptureAnalysis {
    let quic = datagrams.count(in: &summary)
    frames.countFragments(in: &summary)
    let (results, found) = connections.finish(lastNumber: lastNumber, &log)
    for result in results.connections {
      summary.connectionsByProtocol[result.protocolKind, default: 0] += 1
    }
    summary.untrackedPackets = results.untrackedPackets
    var requests = found
    requests.write(to: &log)
    summary.untrackedRequests = requests.dropped
    var finished = log.log(vantages: results.connections.map(\.vantage))
    finished.connections = results.descriptions
    if log.keepsMilestones { finished.requests = requests.descriptions }
    return CaptureAnalysis(
      summary: summary, connections: results.connections, requests: requests.requests,
      log: finished,
      problems: problems, quic: quic)
  }
}
