import NetSim

/// The system calls that open and close sockets and move data.
extension SimulatedHost {
  /// Makes a call, or tries one again that waits.
  mutating func perform(_ call: SystemCall) -> CallOutcome {
    switch call.name {
    case "socket": return open(call)
    case "setsockopt": return setOption(call)
    case "getsockopt": return getOption(call)
    case "bind", "listen", "accept", "accept4", "connect", "close", "shutdown", "fcntl", "ioctl",
      "read", "recv", "recvfrom", "write", "send", "sendto", "writev", "sendmsg", "readv":
      guard let number = call.integer(0), let socket = sockets[number] else {
        return .failed("EBADF")
      }
      return perform(call, on: socket, number)
    case "poll": return poll(call)
    default: return .unsupported("the system call \(call.name)")
    }
  }

  private mutating func perform(
    _ call: SystemCall, on socket: HostSocket, _ number: Int64
  ) -> CallOutcome {
    switch call.name {
    case "bind": return .returned(0)
    case "listen":
      sockets[number]?.role = .listening
      return .returned(0)
    case "accept", "accept4": return accept(call, socket)
    case "connect": return connect(number, socket)
    case "close": return close(number, socket)
    case "shutdown": return shutDown(call, socket)
    case "fcntl": return control(call, number, socket)
    case "ioctl": return query(call, socket)
    case "read", "recv", "recvfrom", "readv": return read(call, socket)
    default: return write(call, socket)
    }
  }

  // MARK: Opening and closing

  private mutating func open(_ call: SystemCall) -> CallOutcome {
    let type = call.words(1)
    let isStream = type.contains("SOCK_STREAM")
    let protocolName = call.words(2).first ?? "IPPROTO_TCP"
    guard isStream, protocolName == "IPPROTO_TCP" else {
      return .unsupported("sockets other than of TCP")
    }
    let others = type.filter { !["SOCK_STREAM", "SOCK_NONBLOCK", "SOCK_CLOEXEC"].contains($0) }
    if let other = others.first { return .unsupported("the socket type \(other)") }
    // The number is the script's own, as packetdrill maps descriptors.
    guard let number = call.result.integer, number >= 0 else {
      return .unsupported("a socket call that fails")
    }
    var socket = HostSocket()
    socket.isNonblocking = type.contains("SOCK_NONBLOCK")
    sockets[number] = socket
    return .returned(number)
  }

  private mutating func accept(_ call: SystemCall, _ socket: HostSocket) -> CallOutcome {
    guard case .listening = socket.role else { return .failed("EINVAL") }
    guard let index = acceptQueue.first else {
      return socket.isNonblocking ? .failed("EAGAIN") : .blocked
    }
    guard let number = call.result.integer, number >= 0 else {
      return .wrong("accept finds a connection")
    }
    acceptQueue.removeFirst()
    var accepted = socket
    accepted.role = .connected(index)
    accepted.isNonblocking = call.words(3).contains("SOCK_NONBLOCK")
    sockets[number] = accepted
    return .returned(number)
  }

  private mutating func connect(_ number: Int64, _ socket: HostSocket) -> CallOutcome {
    switch socket.role {
    case .listening: return .failed("EISCONN")
    case .fresh:
      let index = connect(socket)
      sockets[number]?.role = .connected(index)
      return socket.isNonblocking ? .failed("EINPROGRESS") : .blocked
    case .connected(let index):
      let connection = connections[index]
      if connection.machine.hasFailed { return .failed(error(of: index)) }
      if !connection.wasEstablished { return socket.isNonblocking ? .failed("EALREADY") : .blocked }
      if socket.connectWasReported { return .failed("EISCONN") }
      sockets[number]?.connectWasReported = true
      return .returned(0)
    }
  }

  /// The error that a failed connection has, once.
  private mutating func error(of index: Int) -> String {
    connections[index].errorWasReported = true
    return failure(of: index)
  }

  private func failure(of index: Int) -> String {
    let connection = connections[index]
    if connection.machine.failedByReset {
      return connection.wasEstablished ? "ECONNRESET" : "ECONNREFUSED"
    }
    return "ETIMEDOUT"
  }

  private mutating func close(_ number: Int64, _ socket: HostSocket) -> CallOutcome {
    sockets[number] = nil
    switch socket.role {
    case .fresh: break
    case .listening:
      for index in acceptQueue {
        connections[index].machine.abort()
        pump(index)
      }
      acceptQueue.removeAll()
    case .connected(let index):
      connections[index].isOrphaned = true
      if connections[index].machine.state == .closed { break }
      // RFC 2525 §2.17: data that was not read is lost, and the peer has to learn of it.
      if connections[index].readableBytes > 0 || socket.resetsOnClose {
        connections[index].machine.abort()
      } else if !connections[index].isWriteShut {
        connections[index].machine.close()
      }
      pump(index)
    }
    return .returned(0)
  }

  private mutating func shutDown(_ call: SystemCall, _ socket: HostSocket) -> CallOutcome {
    guard let index = socket.connection, connections[index].machine.state != .closed else {
      return .failed("ENOTCONN")
    }
    let how = call.words(1).first ?? "0"
    guard ["SHUT_RD", "SHUT_WR", "SHUT_RDWR", "0", "1", "2"].contains(how) else {
      return .failed("EINVAL")
    }
    if how != "SHUT_WR" && how != "1" { connections[index].isReadShut = true }
    if how != "SHUT_RD" && how != "0" && !connections[index].isWriteShut {
      connections[index].isWriteShut = true
      connections[index].machine.close()
    }
    pump(index)
    return .returned(0)
  }

  // MARK: Data

  private mutating func read(_ call: SystemCall, _ socket: HostSocket) -> CallOutcome {
    guard let index = socket.connection else { return .failed("ENOTCONN") }
    let flags = call.name == "read" || call.name == "readv" ? [] : call.words(3)
    let known = ["MSG_PEEK", "MSG_DONTWAIT", "MSG_WAITALL"]
    if let other = flags.first(where: { !known.contains($0) }) { return .unsupported(other) }
    let room = call.name == "readv" ? length(ofVectors: call.argument(1)) : call.integer(2)
    guard let room else { return .unsupported("\(call.name) of no known length") }
    let connection = connections[index]
    let bytes = min(connection.readableBytes, room)
    if bytes > 0 && !(flags.contains("MSG_WAITALL") && bytes < room) {
      if !flags.contains("MSG_PEEK") {
        connections[index].readBytes += bytes
        connections[index].machine.read(bytes, at: now)
        pump(index)
      }
      return .returned(bytes)
    }
    if connection.machine.hasFailed && !connection.errorWasReported {
      return .failed(error(of: index))
    }
    let isOver =
      connection.machine.peerHasClosed || connection.isReadShut
      || connection.machine.state == .closed
    if isOver || room == 0 { return .returned(bytes) }
    let waits = !socket.isNonblocking && !flags.contains("MSG_DONTWAIT")
    return waits ? .blocked : .failed("EAGAIN")
  }

  private mutating func write(_ call: SystemCall, _ socket: HostSocket) -> CallOutcome {
    let flags: [String]
    switch call.name {
    case "send", "sendto": flags = call.words(3)
    case "sendmsg": flags = call.words(2)
    default: flags = []
    }
    let known = ["MSG_DONTWAIT", "MSG_NOSIGNAL", "MSG_MORE"]
    if let other = flags.first(where: { !known.contains($0) }) { return .unsupported(other) }
    guard let index = socket.connection else { return .failed("EPIPE") }
    guard let length = length(of: call), (0...1 << 40).contains(length) else {
      return .unsupported("\(call.name) of no known length")
    }
    let connection = connections[index]
    if connection.machine.hasFailed && !connection.errorWasReported {
      return .failed(error(of: index))
    }
    if connection.isWriteShut || connection.machine.state == .closed { return .failed("EPIPE") }
    if !connection.machine.state.isSynchronized {
      let waits = !socket.isNonblocking && !flags.contains("MSG_DONTWAIT")
      return waits ? .blocked : .failed("EAGAIN")
    }
    write(length, to: index, moreFollows: flags.contains("MSG_MORE"))
    return .returned(length)
  }

  /// How many bytes a call writes.
  private func length(of call: SystemCall) -> Int64? {
    switch call.name {
    case "writev": length(ofVectors: call.argument(1))
    case "sendmsg":
      call.argument(1).fields.first { $0.name == "msg_iov" }.flatMap {
        length(ofVectors: $0.value)
      }
    default: call.integer(2)
    }
  }

  /// The sum of the lengths of `[{..., 10}, {..., 20}]`.
  private func length(ofVectors value: SystemCall.Value) -> Int64? {
    guard case .list(let vectors) = value else { return nil }
    var sum: Int64 = 0
    for vector in vectors {
      guard let length = vector.fields.last?.value.integer else { return nil }
      sum += length
    }
    return sum
  }

  // MARK: Waiting for several

  private mutating func poll(_ call: SystemCall) -> CallOutcome {
    guard case .list(let entries) = call.argument(0) else {
      return .unsupported("poll without a list of descriptors")
    }
    var ready: Int64 = 0
    var mismatch: String?
    for entry in entries {
      guard let number = entry.field("fd")?.integer, let expected = entry.field("revents"),
        let socket = sockets[number]
      else { return .unsupported("poll of this descriptor") }
      let wanted = (entry.field("events")?.words ?? []) + ["POLLERR", "POLLHUP", "POLLNVAL"]
      let found = events(of: socket).filter { wanted.contains($0) }
      if !found.isEmpty { ready += 1 }
      if expected.words.sorted() != found.sorted() {
        let text = found.isEmpty ? "0" : found.joined(separator: "|")
        mismatch = "poll finds revents=\(text) for \(number)"
      }
    }
    if ready == 0 && call.integer(2) != 0 { return .blocked }
    if let mismatch { return .wrong(mismatch) }
    return .returned(ready)
  }

  private func events(of socket: HostSocket) -> [String] {
    guard let index = socket.connection else {
      if case .listening = socket.role { return acceptQueue.isEmpty ? [] : ["POLLIN"] }
      return ["POLLOUT", "POLLHUP"]
    }
    let connection = connections[index]
    let state = connection.machine.state
    if state == .synSent || state == .synReceived { return [] }
    var events: [String] = []
    let peerIsDone = connection.machine.peerHasClosed || connection.isReadShut || state == .closed
    if connection.readableBytes > 0 || peerIsDone { events.append("POLLIN") }
    if peerIsDone { events.append("POLLRDHUP") }
    events.append("POLLOUT")
    if state == .closed || (connection.isWriteShut && peerIsDone) { events.append("POLLHUP") }
    if connection.machine.hasFailed && !connection.errorWasReported { events.append("POLLERR") }
    return events
  }
}
