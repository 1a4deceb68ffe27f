import NetSim

/// What a script's options and `sysctl` commands set.
struct RunSettings {
  /// How far a time may be off.
  var tolerance = SimDuration.milliseconds(4)
  /// The same in thousandths of the time since the event before.
  var tolerancePermille: Int64 = 125
  /// The tick of timestamps that are compared; zero where their values are not compared.
  var timestampTick = SimDuration.zero
  /// Whether an echo of a timestamp that was never sent is worked out from those that were.
  var scalesEchoes = false
  /// The transport of sockets that are yet to be opened.
  var transport = TransportSettings.standard(.linux)
  var synAckRetries: UInt32 = 5
  /// The least number of segments handed to the device in one piece.
  var leastSegmentsInPiece: Int64 = 2

  /// The settings of a plain Linux, where no command changes them.
  init() {
    transport.congestionNotification = .answers
    transport.usesPacing = false
    transport.timerTick = .zero
    transport.receiveWindow = ByteCount(6 << 20)
    transport.initialReceiveWindow = ByteCount(3 << 20)
    transport.receivePolicy.initialBuffer = transport.receiveWindow
  }

  /// Takes a script's options. Returns one that is not known.
  mutating func take(_ options: [ScriptOption]) -> ScriptOption? {
    for option in options where !take(option) { return option }
    return nil
  }

  private mutating func take(_ option: ScriptOption) -> Bool {
    let number = option.value.flatMap { Int64($0) }
    switch option.name {
    case "tolerance_usecs":
      guard let number, number > 0, number < 1_000_000_000 else { return false }
      tolerance = .microseconds(number)
    case "tcp_ts_tick_usecs":
      guard let number, (0...1_000_000).contains(number) else { return false }
      timestampTick = .microseconds(number)
    case "tcp_ts_ecr_scaled": scalesEchoes = true
    case "tolerance_percent":
      guard let number, (0...100).contains(number) else { return false }
      tolerancePermille = number * 10
    case "ip_version":
      // Nothing here depends on the addresses but the largest segment.
      return option.value == "ipv4"
    case "define", "verbose", "v", "dry_run", "local_ip", "remote_ip", "gateway_ip",
      "netmask_ip", "connect_port", "bind_port":
      break
    default: return false
    }
    return true
  }

  /// The tolerance of a time that is `distance` after the event before it.
  func tolerance(after distance: SimDuration) -> SimDuration {
    max(tolerance, distance * tolerancePermille / 1000)
  }
}
