/// The options of a scenario by name: `--rate` on the command line, `rate` in a scenario file.
public enum ScenarioOptionName: String, CaseIterable, Sendable {
  // What each is stands in `ScenarioOption.all`.
  case profile
  case seed
  case timeLimit = "time-limit"
  case rate
  case rateUp = "rate-up"
  case rateDown = "rate-down"
  case rtt
  case rttUp = "rtt-up"
  case rttDown = "rtt-down"
  case queue
  case queueUp = "queue-up"
  case queueDown = "queue-down"
  case loss
  case lossUp = "loss-up"
  case lossDown = "loss-down"
  case drop
  case aqm
  case aqmUp = "aqm-up"
  case aqmDown = "aqm-down"
  case ecn
  case ecnUp = "ecn-up"
  case ecnDown = "ecn-down"
  case jitter
  case jitterUp = "jitter-up"
  case jitterDown = "jitter-down"
  case reorder
  case reorderUp = "reorder-up"
  case reorderDown = "reorder-down"
  case duplicate
  case duplicateUp = "duplicate-up"
  case duplicateDown = "duplicate-down"
  case natTimeout = "nat-timeout"
  case natUDPTimeout = "nat-udp-timeout"
  case rebindAt = "rebind-at"
  case blockUDP = "block-udp"
  case outage
  case outageUp = "outage-up"
  case outageDown = "outage-down"
  case rateSteps = "rate-steps"
  case rateStepsUp = "rate-steps-up"
  case rateStepsDown = "rate-steps-down"
  case congestion
  case initialWindow = "initial-window"
  case mss
  case ackDelay = "ack-delay"
  case minRTO = "min-rto"
  case receiveWindow = "receive-window"
  case receiveBuffer = "receive-buffer"
  case recovery
  case pacing
  case slowStartAfterIdle = "slow-start-after-idle"
  case timestamps
  case sack
  case tcpECN = "tcp-ecn"
  case tcpKeepalive = "tcp-keepalive"
  case fastOpen = "fast-open"
  case tls
  case certificateSize = "certificate-size"
  case tlsTime = "tls-time"
  case earlyData = "early-data"
  case replayEarly = "replay-early"
  case antiReplay = "anti-replay"
  case clientALPN = "client-alpn"
  case serverALPN = "server-alpn"
  case `protocol`
  case connections
  case keepAlive = "keep-alive"
  case keepAliveTimeout = "keep-alive-timeout"
  case keepAliveMax = "keep-alive-max"
  case connectionLifetime = "connection-lifetime"
  case requestTimeout = "request-timeout"
  case poolIdle = "pool-idle"
  case proxy
  case proxyRTT = "proxy-rtt"
  case proxyConnection = "proxy-connection"
  case poolQueue = "pool-queue"
  case poolWait = "pool-wait"
  case poolLifetime = "pool-lifetime"
  case poolValidate = "pool-validate"
  case poolOrder = "pool-order"
  case poolWatch = "pool-watch"
  case poolWarm = "pool-warm"
  case heartbeat
  case headers
  case cookie
  case responseHead = "response-head"
  case streamWindow = "stream-window"
  case connectionWindow = "connection-window"
  case maxFrameSize = "max-frame-size"
  case maxData = "max-data"
  case maxConcurrentStreams = "max-concurrent-streams"
  case assumedStreams = "assumed-streams"
  case windowUpdates = "window-updates"
  case headerTableSize = "header-table-size"
  case settingsCount = "settings-count"
  case scheduler
  case push
  case ping
  case pingLimit = "ping-limit"
  case goAway = "goaway"
  case resetLimit = "reset-limit"
  case controlLimit = "control-limit"
  case maxHeaderList = "max-header-list"
  case maxHeaderBlock = "max-header-block"
  case inject
  case clientHTTP2 = "client-http2"
  case serverHTTP2 = "server-http2"
  case streamAware = "stream-aware"
  case retry
  case addressToken = "address-token"
  case versionNegotiation = "version-negotiation"
  case maxDatagramSize = "max-datagram-size"
  case pmtudProbes = "pmtud-probes"
  case idleTimeout = "idle-timeout"
  case quicKeepalive = "quic-keepalive"
  case ackThreshold = "ack-threshold"
  case ackFrequency = "ack-frequency"
  case minAckDelay = "min-ack-delay"
  case connectionIDLength = "connection-id-length"
  case streamsPerPacket = "streams-per-packet"
  case pacingBurst = "pacing-burst"
  case ptoProbes = "pto-probes"
  case cryptoBuffer = "crypto-buffer"
  case migrateAt = "migrate-at"
  case migrateRTT = "migrate-rtt"
  case migrateRate = "migrate-rate"
  case forbidMigration = "forbid-migration"
  case altSvc = "alt-svc"
  case raceTCP = "race-tcp"
  case objects
  case request
  case start
  case arrivals
  case readRate = "read-rate"
  case serverTime = "server-time"
}

extension ScenarioOptionName {
  /// What it is called in the section of its end, where that does not repeat whose it is.
  var keyOfEnd: String? {
    switch self {
    case .clientHTTP2, .serverHTTP2: "http2"
    case .clientALPN, .serverALPN: "alpn"
    default: nil
    }
  }

  /// Whether it is about QUIC connections, and means nothing elsewhere.
  var isAboutQUIC: Bool { ScenarioOption(for: self).section == .quic }

  /// Whether it is about TCP connections, and means nothing to QUIC.
  var isAboutTCP: Bool {
    switch self {
    case .minRTO, .receiveWindow, .receiveBuffer, .slowStartAfterIdle, .timestamps, .sack,
      .tcpKeepalive, .fastOpen:
      true
    default: false
    }
  }

  /// Whether HTTP/2 and HTTP/3 have it.
  var isAboutBothStreams: Bool {
    switch self {
    case .streamWindow, .connectionWindow, .maxConcurrentStreams, .scheduler: true
    default: false
    }
  }

  /// Whether it is about the ends of connections with streams, and means nothing elsewhere. Most are
  /// HTTP/2's alone.
  var isAboutStreams: Bool {
    switch self {
    case .streamWindow, .connectionWindow, .maxFrameSize, .maxData, .maxConcurrentStreams,
      .assumedStreams, .windowUpdates, .headerTableSize, .settingsCount, .scheduler, .push, .ping,
      .pingLimit, .goAway, .resetLimit, .controlLimit, .maxHeaderList, .maxHeaderBlock, .inject,
      .clientHTTP2, .serverHTTP2:
      true
    default: false
    }
  }

  /// Which directions of a link it is about, by its ending.
  var way: ScenarioSetting.Way {
    rawValue.hasSuffix("-up") ? .up : rawValue.hasSuffix("-down") ? .down : .both
  }

  /// The name without the ending that says which direction is meant.
  var stem: String {
    switch way {
    case .both: rawValue
    case .up: String(rawValue.dropLast(3))
    case .down: String(rawValue.dropLast(5))
    }
  }
}
