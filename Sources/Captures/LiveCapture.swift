import CPcap
import NetSim

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Records what passes an interface of this machine into a pcap file, through libpcap, with times in
/// nanoseconds where the system has them.
public struct LiveCapture: Sendable {
  /// The interface's name (`eth0`); `any` is all of them on Linux.
  public var interface: String
  /// A filter in libpcap's language (pcap-filter(7)); nil takes every packet.
  public var filter: String?
  /// Bytes of a packet that are kept.
  public var snapshotLength: Int32
  /// How many packets are recorded; nil for no limit.
  public var packetLimit: Int?
  /// How long is recorded; nil for no limit.
  public var duration: SimDuration?

  /// What became of a recording.
  public struct Result: Equatable, Sendable {
    /// Packets written.
    public var packets = 0
    /// Packets that passed the filter and were lost, because the machine was too slow.
    public var dropped = 0
  }

  /// How long libpcap may wait for packets before it looks up, in milliseconds.
  private static let patienceMs: Int32 = 100

  /// A recording of everything at an interface, without an end.
  public init(
    interface: String, filter: String? = nil, snapshotLength: Int32 = 262_144,
    packetLimit: Int? = nil, duration: SimDuration? = nil
  ) {
    self.interface = interface
    self.filter = filter
    self.snapshotLength = snapshotLength
    self.packetLimit = packetLimit
    self.duration = duration
  }

  /// Records into a new file at `path` (`-` is standard output) until a limit is reached, or until the
  /// process is asked to end (SIGINT, SIGTERM), which it survives.
  ///
  /// Throws `badInterface`, `badFilter` or `unwritable`, the last also when there is a file of that
  /// name: nothing is overwritten.
  public func record(to path: String) throws(CaptureError) -> Result {
    let handle = try open()
    defer { pcap_close(handle) }
    try applyFilter(handle)
    let file = path == "-" ? fdopen(dup(1), "wb") : fopen(path, "wbx")
    guard let file else { throw Self.unwritable(path) }
    guard let dump = pcap_dump_fopen(handle, file) else {
      fclose(file)
      throw CaptureError(.unwritable, file: path, LibpcapReader.message(of: handle))
    }
    defer { pcap_dump_close(dump) }
    var result = try Self.holdingSignals { () throws(CaptureError) in
      try copy(from: handle, to: dump, path)
    }
    var statistics = pcap_stat()
    if pcap_stats(handle, &statistics) == 0 { result.dropped = Int(statistics.ps_drop) }
    return result
  }

  private func copy(
    from handle: OpaquePointer, to dump: OpaquePointer, _ path: String
  ) throws(CaptureError) -> Result {
    var result = Result()
    let start = ContinuousClock.now
    while packetLimit.map({ result.packets < $0 }) ?? true, !Self.isAskedToEnd {
      if let duration, start.duration(to: .now) >= .nanoseconds(duration.nanoseconds) { break }
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var data: UnsafePointer<UInt8>?
      switch pcap_next_ex(handle, &header, &data) {
      case 1:
        pcap_dump(UnsafeMutableRawPointer(dump).assumingMemoryBound(to: UInt8.self), header, data)
        result.packets += 1
      case 0: continue
      default:
        throw CaptureError(.badInterface, file: interface, LibpcapReader.message(of: handle))
      }
    }
    guard pcap_dump_flush(dump) == 0 else { throw Self.unwritable(path) }
    return result
  }

  // MARK: Opening

  private func open() throws(CaptureError) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(interface, &message) else {
      throw CaptureError(.badInterface, file: interface, LibpcapReader.text(message))
    }
    pcap_set_snaplen(handle, snapshotLength)
    pcap_set_timeout(handle, Self.patienceMs)
    // Not every interface has nanoseconds; microseconds are what comes then.
    _ = pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(handle)
    guard status >= 0 else {
      let error = failure(status, handle)
      pcap_close(handle)
      throw error
    }
    return handle
  }

  private func failure(_ status: Int32, _ handle: OpaquePointer) -> CaptureError {
    let explanation: String
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      let known = Self.interfaces()
      explanation =
        "there is no such interface; "
        + (known.isEmpty ? "none can be seen here" : "there are " + known.joined(separator: ", "))
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      explanation =
        "capturing is not allowed; run it as root, or give the program the capability cap_net_raw"
    case PCAP_ERROR_IFACE_NOT_UP: explanation = "the interface is not up"
    default:
      let message = LibpcapReader.message(of: handle)
      explanation = message.isEmpty ? String(cString: pcap_statustostr(status)) : message
    }
    return CaptureError(.badInterface, file: interface, explanation)
  }

  /// The names of the interfaces that can be captured from.
  public static func interfaces() -> [String] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard pcap_findalldevs(&first, &message) == 0 else { return [] }
    defer { pcap_freealldevs(first) }
    var names: [String] = []
    var next = first
    while let interface = next {
      names.append(String(cString: interface.pointee.name))
      next = interface.pointee.next
    }
    return names
  }

  private func applyFilter(_ handle: OpaquePointer) throws(CaptureError) {
    guard let filter else { return }
    guard try FilterProgram(filter, for: handle, file: interface).install(on: handle) else {
      throw CaptureError(.badFilter, file: interface, LibpcapReader.message(of: handle))
    }
  }

  private static func unwritable(_ path: String) -> CaptureError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return CaptureError(
      .unwritable, file: path, "it cannot be written (\(reason)); name a new file")
  }

  // MARK: Signals

  /// Runs `body` with the signals that ask for an end held back, where `isAskedToEnd` sees them.
  private static func holdingSignals<Value>(
    _ body: () throws(CaptureError) -> Value
  ) throws(CaptureError) -> Value {
    var set = sigset_t()
    var before = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &set, &before)
    defer {
      // What was asked for has been done.
      while isAskedToEnd {
        var signal: Int32 = 0
        sigwait(&set, &signal)
      }
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
  }

  private static var isAskedToEnd: Bool {
    var pending = sigset_t()
    sigpending(&pending)
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }
}
