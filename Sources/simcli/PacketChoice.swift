import Captures
import NetSim
import Scenarios
import Timelines

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which part of a capture or of a run was asked for: connections, hosts, and a span of time.
struct PacketChoice {
  let connections: [UInt32]
  let hosts: [IPAddress]
  let from: SimTime?
  let to: SimTime?

  /// The options that make a choice.
  static let options = [
    Arguments.Option(
      name: "connection", value: "LIST",
      meaning: "only these TCP connections, such as 0,3 (all); may be given again"),
    Arguments.Option(
      name: "host", value: "ADDRESS",
      meaning: "only what has this IP address at one end; may be given again"),
    Arguments.Option(
      name: "after", value: "TIME",
      meaning: "only what comes so long after the beginning, such as 1.5s"),
    Arguments.Option(name: "before", value: "TIME", meaning: "only what comes sooner than that"),
  ]

  /// Everything.
  init() {
    connections = []
    hosts = []
    from = nil
    to = nil
  }

  init(_ arguments: Arguments) throws(Failure) {
    connections = try Self.connections(arguments)
    hosts = try Self.hosts(arguments)
    from = try Self.time("after", arguments)
    to = try Self.time("before", arguments)
    if let from, let to, to <= from {
      throw .usage("--before has to be later than --after")
    }
  }

  /// Which packets of a log are wanted.
  var selection: PacketSelection {
    PacketSelection(
      connections: connections, hosts: hosts.map { String(decoding: $0.text, as: UTF8.self) },
      from: from, to: to)
  }

  /// Throws unless there are all the connections that were named.
  func check(connectionCount count: Int, of what: String) throws(Failure) {
    guard let unknown = connections.first(where: { $0 >= count }) else { return }
    throw .usage("--connection \(unknown): the \(what) has \(count), from 0")
  }

  /// Whether nothing is left out.
  var isEverything: Bool {
    connections.isEmpty && hosts.isEmpty && from == nil && to == nil
  }

  /// Whether a connection of a capture is wanted, some of whose life lies within the span.
  func takes(_ connection: CapturedConnection) -> Bool {
    takes(connection, from: connection.first, to: connection.last)
  }

  /// Whether a QUIC connection with a number is wanted.
  func takes(_ connection: CapturedQUIC, id: Int) -> Bool {
    (connections.isEmpty || connections.contains(UInt32(id)))
      && (hosts.isEmpty || hosts.contains(connection.client.address)
        || hosts.contains(connection.server.address))
      && from.map { connection.last >= $0 } ?? true && to.map { connection.first < $0 } ?? true
  }

  /// Whether something of a connection is wanted that lasted for a time.
  func takes(_ connection: CapturedConnection, from start: SimTime, to end: SimTime) -> Bool {
    (connections.isEmpty || connections.contains(connection.index))
      && (hosts.isEmpty || hosts.contains(connection.client.address)
        || hosts.contains(connection.server.address))
      && from.map { end >= $0 } ?? true && to.map { start < $0 } ?? true
  }

  // MARK: Words

  private static func connections(_ arguments: Arguments) throws(Failure) -> [UInt32] {
    var all: [UInt32] = []
    for (_, value) in arguments.values.filter({ $0.name == "connection" }) {
      for word in value.split(separator: ",", omittingEmptySubsequences: false) {
        guard let number = UInt32(word), number < .max else {
          throw .usage("--connection \(Wording.excerpt(value)): numbers from 0, such as 0,3")
        }
        all.append(number)
      }
    }
    return all
  }

  private static func hosts(_ arguments: Arguments) throws(Failure) -> [IPAddress] {
    var all: [IPAddress] = []
    for (_, value) in arguments.values.filter({ $0.name == "host" }) {
      guard let address = address(value) else {
        throw .usage(
          "--host \(Wording.excerpt(value)): an IPv4 or IPv6 address is wanted, such as 10.8.0.1")
      }
      all.append(address)
    }
    return all
  }

  private static func address(_ text: String) -> IPAddress? {
    var version4 = in_addr()
    if inet_pton(AF_INET, text, &version4) == 1 {
      return IPAddress(version4: UInt32(bigEndian: version4.s_addr))
    }
    var version6 = in6_addr()
    guard inet_pton(AF_INET6, text, &version6) == 1 else { return nil }
    return withUnsafeBytes(of: version6) { bytes in
      IPAddress(
        version6: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  private static func time(_ name: String, _ arguments: Arguments) throws(Failure) -> SimTime? {
    guard let text = arguments.value(name) else { return nil }
    do {
      return .zero + (try Quantity.duration(text))
    } catch {
      throw .usage("--\(name) \(Wording.excerpt(text)): \(error.reason)")
    }
  }
}
