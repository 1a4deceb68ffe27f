extension TransportSettings {
  /// The transport of a profile, with nothing changed.
  ///
  /// - `linux`: what a Linux 6 host does with its default settings.
  /// - `rfc`: what the RFCs' text recommends (RFC 6298's one-second floor, RFC 9293's MSS).
  /// - `ideal`: each segment acknowledged at once, no timestamps (1,460 bytes a segment), windows
  ///   without limit.
  public static func standard(_ profile: Profile) -> TransportSettings {
    var settings = TransportSettings(
      congestion: .cubic, hyStart: .linux, initialWindow: 10, maximumSegmentSize: 1460,
      timestamps: true,
      selectiveAcknowledgements: true, lossDetection: .rack, receiveWindow: ByteCount(6 << 20),
      acknowledgements: AcknowledgementPolicy(
        everySegments: 2, delay: .milliseconds(40), quickSegments: 16),
      minimumRTO: .milliseconds(200), rtoFloor: .variance, initialRTO: .seconds(1), synRetries: 6,
      linearSYNTimeouts: 4, dataRetries: 15, timeWait: .seconds(60))
    switch profile {
    case .linux:
      // Of a buffer of 6 MiB, which the measured hosts have from the beginning (`tcp_rmem`), half is
      // offered at first, and five eighths once segments were seen.
      settings.initialReceiveWindow = ByteCount(3 << 20)
      settings.receiveWindow = ByteCount(3_840 << 10)
      settings.receivePolicy.isTuned = true
      settings.receivePolicy.needsSixteenth = true
      settings.probesWithoutData = true
      settings.usesPacing = true
      settings.forgivenHandshakeRetries = 1
      settings.timerTick = .milliseconds(4)
      settings.acknowledgements.acknowledgesBursts = true
      settings.acknowledgements.compressionDelay = .milliseconds(1)
      settings.answersUnsentAcknowledgements = false
    case .rfc:
      settings.minimumRTO = .seconds(1)  // RFC 6298 §2.4
      settings.rtoFloor = .total
      settings.lossDetection = .duplicateAcknowledgements
      settings.hyStart = .plusPlus
      settings.validatesWindow = true
      settings.cubicCountsWholeSegments = false
      settings.timeWait = .seconds(240)  // RFC 9293 §3.4.2: twice two minutes
      settings.acknowledgements = AcknowledgementPolicy(
        everySegments: 2, delay: .milliseconds(200), quickSegments: 0)  // RFC 5681 §4.2
      settings.linearSYNTimeouts = 0
    case .ideal:
      settings.timestamps = false
      settings.handshakesAreFree = true
      settings.lossDetection = .duplicateAcknowledgements
      settings.hyStart = .none
      settings.minimumRTO = .seconds(1)
      settings.rtoFloor = .total
      settings.linearSYNTimeouts = 0
      settings.receiveWindow = ByteCount(1 << 30)
      settings.acknowledgements = AcknowledgementPolicy(
        everySegments: 1, delay: .zero, quickSegments: 0)
    }
    settings.receivePolicy.initialBuffer = settings.receiveWindow
    return settings
  }
}

extension Scenario {
  /// One client and one server over one link each way, as the command line's defaults have it:
  /// 10 Mb/s, a round trip of 40 ms and a queue of 100 packets (in `ideal` no limit of rate or
  /// queue), one object of 100 kB over HTTP/1.1.
  public static func standard(_ profile: Profile) -> Scenario {
    let ideal = profile == .ideal
    let link = LinkSettings(
      rate: ideal ? .unlimited : .megabits(10), delay: .milliseconds(20),
      queue: ideal ? .unlimited : .packets(100), acknowledgementsAreFree: ideal)
    var client = ClientSettings(
      path: 0, application: .http11, objects: [ObjectSettings(ByteCount(100_000))],
      transport: .standard(profile))
    client.writesHeadAlone = profile == .linux
    client.persistence = .standard(profile)
    client.http2 = .standard(profile)
    client.quic = .standard(profile)
    return Scenario(
      profile: profile, seed: 1, links: [link, link],
      paths: [PathSettings(up: [0], down: [1])], clients: [client])
  }
}
