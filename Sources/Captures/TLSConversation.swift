import NetSim

/// A message of a TLS handshake, with when its last byte passed.
struct TLSSighting {
  var sender: Side
  var kind: TLSMessage.Kind
  var offset: Int64
  var wireBytes: Int64
  var timeNs: Int64
}

/// Reads both directions of a TLS connection as far as its handshake goes, and puts together what
/// they say.
struct TLSConversation {
  /// Messages kept, at most: a handshake has less than twenty.
  private static let sightingLimit = 64

  private var client: TLSReader
  private var server: TLSReader?
  private let isMidStream: Bool
  private(set) var summary = CapturedTLS()
  private(set) var sightings: [TLSSighting] = []
  private(set) var problem: String?
  /// Whether nothing more can be found out.
  private(set) var isOver: Bool

  /// Which ends have sent a change of the cipher, and a protected record behind the hellos.
  private var changesCipher: [Side] = []
  private var sendsProtected: [Side] = []
  private var hasServerHelloDone = false

  /// A conversation whose client's first record begins at `offset`. If `isMidStream`, the handshake
  /// came before the capture, and nothing can be found out.
  init(offset: Int64, isMidStream: Bool) {
    client = TLSReader(offset: offset)
    self.isMidStream = isMidStream
    isOver = isMidStream
  }

  /// Takes bytes of one direction in order, and how many behind them are missing.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, missing: Int64, at offset: Int64, from sender: Side,
    timeNs: Int64
  ) {
    if isOver { return }
    if sender == .server, server == nil {
      server = TLSReader(offset: offset)
      if let version = client.version { server?.agree(on: version) }
    }
    do {
      try readEvents(bytes, from: sender, timeNs: timeNs)
      guard missing > 0, !isOver else { return }
      switch sender {
      case .client: try client.skip(missing)
      case .server: try server?.skip(missing)
      }
      try readEvents(UnsafeRawBufferPointer(start: nil, count: 0), from: sender, timeNs: timeNs)
    } catch {
      isOver = true
      let whose = sender == .client ? "client" : "server"
      let at = sender == .client ? client.offset : server?.offset ?? offset
      problem = "byte \(at) of the \(whose)'s stream: \(error.name)"
    }
  }

  private mutating func readEvents(
    _ bytes: UnsafeRawBufferPointer, from sender: Side, timeNs: Int64
  ) throws(TLSError) {
    var position = 0
    while !isOver {
      let event =
        switch sender {
        case .client: try client.next(bytes, &position)
        case .server: try server?.next(bytes, &position)
        }
      guard let event else { return }
      switch event {
      case .message(let message): take(message, from: sender, timeNs: timeNs)
      case .alert(let alert): take(alert, from: sender, timeNs: timeNs)
      case .record(let record): take(record, from: sender, timeNs: timeNs)
      }
    }
  }

  // MARK: Events

  private mutating func take(_ message: TLSPlainMessage, from sender: Side, timeNs: Int64) {
    if let kind = message.kind {
      see(kind, message.offset, message.wireBytes, from: sender, timeNs: timeNs)
      if kind == .serverHelloDone { hasServerHelloDone = true }
    }
    switch message.content {
    case .clientHello(let hello):
      guard sender == .client else { return }
      summary.offeredProtocols = hello.applicationProtocols
      summary.serverName = hello.serverName.isEmpty ? nil : hello.serverName
      summary.offersEarlyData = summary.offersEarlyData || hello.offersEarlyData
    case .serverHello(let hello):
      guard sender == .server else { return }
      summary.version = hello.version
      client.agree(on: hello.version)
      if hello.isRetryRequest {
        summary.wasRetried = true
        return
      }
      summary.applicationProtocol = hello.applicationProtocol
      if hello.version.isVersion13 { summary.isResumed = hello.hasPreSharedKey }
    case .notRead: return
    }
  }

  private mutating func take(_ alert: TLSAlert, from sender: Side, timeNs: Int64) {
    if summary.alert == nil { summary.alert = (sender, alert) }
    if alert.code == 0 {
      see(.closeNotify, alert.offset, 7, from: sender, timeNs: timeNs)
    }
  }

  private mutating func take(_ record: TLSRecord, from sender: Side, timeNs: Int64) {
    if record.contentType == .changeCipherSpec {
      see(.changeCipherSpec, record.offset, record.wireBytes, from: sender, timeNs: timeNs)
      if !changesCipher.contains(sender) { changesCipher.append(sender) }
      // A handshake that is whole has a ServerHelloDone before (RFC 5246 §7.3).
      if sender == .server, let version = summary.version, !version.isVersion13 {
        summary.isResumed = summary.isResumed ?? !hasServerHelloDone
      }
    }
    guard record.isProtected, let version = summary.version else { return }
    // Before the ServerHello it is early data.
    let isFirst = !sendsProtected.contains(sender)
    if isFirst { sendsProtected.append(sender) }
    if version.isVersion13 {
      // The client's handshake messages come first, unless it is early data (RFC 8446 §2.3), and it
      // sends them once it has all of the server's.
      if isFirst, sender == .client, !summary.offersEarlyData {
        summary.secured = SimTime(nanoseconds: timeNs)
      }
    } else if isFirst, record.contentType == .handshake {
      // Right behind the change of the cipher comes Finished (RFC 5246 §7.4.9).
      see(.finished, record.offset, record.wireBytes, from: sender, timeNs: timeNs)
      if sendsProtected.count == 2 { summary.secured = SimTime(nanoseconds: timeNs) }
    }
    isOver = sendsProtected.count == 2
  }

  private mutating func see(
    _ kind: TLSMessage.Kind, _ offset: Int64, _ wireBytes: Int64, from sender: Side, timeNs: Int64
  ) {
    guard sightings.count < Self.sightingLimit else { return }
    sightings.append(
      TLSSighting(
        sender: sender, kind: kind, offset: offset, wireBytes: wireBytes, timeNs: timeNs))
  }
}
