import NetSim

/// The system calls that set and ask.
extension SimulatedHost {
  // MARK: fcntl and ioctl

  mutating func control(
    _ call: SystemCall, _ number: Int64, _ socket: HostSocket
  ) -> CallOutcome {
    let nonblocking: Int64 = 0o4000
    switch call.words(1).first {
    case "F_GETFL": return .returned(2 | (socket.isNonblocking ? nonblocking : 0))  // 2 is O_RDWR
    case "F_SETFL":
      let value = call.integer(2) ?? 0
      sockets[number]?.isNonblocking =
        call.words(2).contains("O_NONBLOCK") || value & nonblocking != 0
      return .returned(0)
    case let other: return .unsupported("fcntl \(other ?? "without a command")")
    }
  }

  func query(_ call: SystemCall, _ socket: HostSocket) -> CallOutcome {
    guard let index = socket.connection else { return .failed("EINVAL") }
    let connection = connections[index]
    let actual: Int64
    switch call.words(1).first {
    case "SIOCINQ", "FIONREAD": actual = connection.readableBytes
    case "SIOCOUTQ", "TIOCOUTQ": actual = connection.machine.unacknowledgedBytes
    case "SIOCOUTQNSD": actual = connection.machine.unsentBytes
    case let other: return .unsupported("ioctl \(other ?? "without a request")")
    }
    return compare(call.argument(2), with: actual, "\(call.words(1)[0])")
  }

  private func compare(
    _ expected: SystemCall.Value, with actual: Int64, _ what: String
  ) -> CallOutcome {
    if expected == .any || expected == .list([.any]) || expected.integer == actual {
      return .returned(0)
    }
    return .wrong("\(what) is \(actual), not \(expected)")
  }

  // MARK: setsockopt and getsockopt

  mutating func setOption(_ call: SystemCall) -> CallOutcome {
    guard let number = call.integer(0), let socket = sockets[number] else {
      return .failed("EBADF")
    }
    let name = call.words(2).first ?? "a nameless option"
    let value = call.argument(3)
    switch name {
    case "SO_REUSEADDR", "SO_REUSEPORT", "SO_PRIORITY", "SO_MARK", "SO_RCVLOWAT", "IP_TOS",
      "IP_MTU_DISCOVER", "IPV6_TCLASS", "IPV6_MTU_DISCOVER", "IP_FREEBIND", "IP_TRANSPARENT",
      "SO_RCVTIMEO", "SO_SNDTIMEO", "IP_BIND_ADDRESS_NO_PORT":
      return .returned(0)  // nothing that a peer sees in the sizes and times of packets
    case "SO_SNDBUF":
      sockets[number]?.sendBuffer = value.integer.map { $0 * 2 }  // the kernel doubles it
      return .returned(0)
    case "TCP_NODELAY": return setSmallSegments(held: value.integer == 0, number, socket)
    case "TCP_CORK": return setCork(value.integer != 0, socket)
    case "SO_LINGER":
      let isOn = value.field("onoff")?.integer ?? 0
      let seconds = value.field("linger")?.integer ?? 0
      if isOn != 0 && seconds != 0 { return .unsupported("SO_LINGER with a time") }
      sockets[number]?.resetsOnClose = isOn != 0
      return .returned(0)
    case "SO_KEEPALIVE" where value.integer == 0 && !socket.keepsAlive: return .returned(0)
    case "TCP_MAXSEG", "TCP_CONGESTION", "TCP_SYNCNT", "SO_RCVBUF", "SO_KEEPALIVE",
      "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT":
      if socket.connection != nil { return .unsupported("\(name) on an open connection") }
      return setTransport(name, value, number)
    default: return .unsupported("the socket option \(name)")
    }
  }

  private mutating func setTransport(
    _ name: String, _ value: SystemCall.Value, _ number: Int64
  ) -> CallOutcome {
    switch name {
    case "TCP_MAXSEG":
      guard let bytes = value.integer, (88...32_767).contains(bytes) else {
        return .failed("EINVAL")
      }
      sockets[number]?.segmentSize = UInt32(bytes)
    case "TCP_SYNCNT":
      guard let count = value.integer, (1...127).contains(count) else { return .failed("EINVAL") }
      sockets[number]?.synRetries = UInt32(count)
    case "SO_RCVBUF":
      guard let size = value.integer, (1...1 << 30).contains(size) else { return .failed("EINVAL") }
      sockets[number]?.receiveBuffer = max(size, 1152)  // Linux has 2,304 for the least, doubled
    case "SO_KEEPALIVE": sockets[number]?.keepsAlive = value.integer != 0
    case "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT": return setKeepalive(name, value, number)
    default:
      switch value {
      case .string("cubic"), .list([.string("cubic")]): sockets[number]?.congestion = .cubic
      case .string("reno"), .list([.string("reno")]): sockets[number]?.congestion = .reno
      case .string("bbr"), .list([.string("bbr")]): sockets[number]?.congestion = .bbr
      default: return .unsupported("TCP_CONGESTION \(value)")
      }
    }
    return .returned(0)
  }

  private mutating func setKeepalive(
    _ name: String, _ value: SystemCall.Value, _ number: Int64
  ) -> CallOutcome {
    let limit: Int64 = name == "TCP_KEEPCNT" ? 127 : 32_767
    guard let given = value.integer, (1...limit).contains(given) else { return .failed("EINVAL") }
    switch name {
    case "TCP_KEEPIDLE": sockets[number]?.keepalive.idle = .seconds(given)
    case "TCP_KEEPINTVL": sockets[number]?.keepalive.interval = .seconds(given)
    default: sockets[number]?.keepalive.probes = UInt32(given)
    }
    return .returned(0)
  }

  private mutating func setSmallSegments(
    held: Bool, _ number: Int64, _ socket: HostSocket
  ) -> CallOutcome {
    sockets[number]?.holdsSmallSegments = held
    if let index = socket.connection {
      connections[index].machine.holdsSmallSegments = held
      if !held { uncork(index) }  // even out of a cork, as Linux does
      connections[index].machine.isCorked = connections[index].isCorked
    }
    return .returned(0)
  }

  private mutating func setCork(_ isCorked: Bool, _ socket: HostSocket) -> CallOutcome {
    guard let index = socket.connection else {
      return .unsupported("TCP_CORK on a socket that is not connected")
    }
    connections[index].isCorked = isCorked
    if !isCorked { uncork(index) }
    connections[index].machine.isCorked = isCorked
    return .returned(0)
  }

  mutating func getOption(_ call: SystemCall) -> CallOutcome {
    guard let number = call.integer(0), let socket = sockets[number] else {
      return .failed("EBADF")
    }
    let name = call.words(2).first ?? "a nameless option"
    let actual: Int64
    switch name {
    case "TCP_MAXSEG":
      let open = socket.connection.map { Int64(connections[$0].machine.information.payloadLimit) }
      // Before the handshake a kernel shows what was asked for, or else the least there is.
      actual = open.flatMap { $0 > 0 ? $0 : nil } ?? Int64(socket.segmentSize ?? 536)
    case "SO_ERROR":
      actual = takeError(socket)
    case "SO_SNDBUF":
      guard let size = socket.sendBuffer else { return .unsupported("the size of SO_SNDBUF") }
      actual = size
    case "TCP_NODELAY": actual = socket.holdsSmallSegments ? 0 : 1
    default: return .unsupported("asking for the socket option \(name)")
    }
    return compare(call.argument(3), with: actual, name)
  }

  private mutating func takeError(_ socket: HostSocket) -> Int64 {
    guard let index = socket.connection, connections[index].machine.hasFailed,
      !connections[index].errorWasReported
    else { return 0 }
    connections[index].errorWasReported = true
    // Linux's numbers of ETIMEDOUT, ECONNRESET and ECONNREFUSED.
    if !connections[index].machine.failedByReset { return 110 }
    return connections[index].wasEstablished ? 104 : 111
  }
}
