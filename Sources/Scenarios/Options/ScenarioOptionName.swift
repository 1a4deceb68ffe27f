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
  case jitter
  case reorder
  case duplicate
  case ecn
  case congestion
  case initialWindow = "initial-window"
  case mss
  case ackDelay = "ack-delay"
  case minRTO = "min-rto"
  case receiveWindow = "receive-window"
  case recovery
  case timestamps
  case sack
  case tcpECN = "tcp-ecn"
  case tcpKeepalive = "tcp-keepalive"
  case fastOpen = "fast-open"
  case tls
  case certificateSize = "certificate-size"
  case `protocol`
  case connections
  case keepAlive = "keep-alive"
  case responseHead = "response-head"
  case streamWindow = "stream-window"
  case connectionWindow = "connection-window"
  case maxFrameSize = "max-frame-size"
  case maxConcurrentStreams = "max-concurrent-streams"
  case scheduler
  case objects
  case request
  case start
  case readRate = "read-rate"
  case serverTime = "server-time"
}
