import NetSim

/// What runs over a connection, found out from its first bytes.
struct Application {
  let options: CaptureOptions?
  private(set) var protocolKind: ConnectionProtocol = .tcp

  init(_ options: CaptureOptions?) { self.options = options }

  /// Whether the bytes of the stream are of any use.
  var wantsBytes: Bool { true }

  mutating func read(
    _ bytes: UnsafeRawBufferPointer, missing: Int64, at offset: Int64, from sender: Side,
    timeNs: Int64
  ) {}
}

extension Application {
  var problem: String? { nil }
  var logProtocol: ApplicationProtocol { .raw }
}
public struct CapturedRequest: Sendable {}
struct RequestCollector {
  var requests: [CapturedRequest] = []
  var descriptions: [RequestDescription] = []
  var dropped: Int64 = 0
  init(limit: Int) {}
  mutating func add(_ a: Application, of: CapturedConnection) {}
  func write(to log: inout LogBuilder) {}
}
