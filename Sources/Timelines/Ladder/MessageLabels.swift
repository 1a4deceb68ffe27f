import NetSim

/// Which messages begin where in the two byte streams of a connection, in words.
struct MessageLabels {
  /// In the order of their starts.
  private var up: [(start: Int64, text: String)] = []
  private var down: [(start: Int64, text: String)] = []
  /// HTTP/2 has frames instead of messages.
  private let frames: FrameLabels

  init(_ log: EventLog, connection: UInt32) {
    frames = FrameLabels(log, connection: connection)
    var parts = ResponseParts(log, connection: connection)
    for record in log.records where record.connection == connection {
      if record.kind == .tlsMessage, let kind = TLSMessage.Kind(rawValue: record.detail) {
        let message = (start: record.offset, text: Self.text(kind))
        if record.side == .client { up.append(message) } else { down.append(message) }
      }
      guard frames.isEmpty, Int(record.item) < log.requests.count else { continue }
      let request = log.requests[Int(record.item)]
      if record.kind == .requestSent {
        up.append((record.offset, Self.requestText(request)))
      } else if record.kind == .responseFirstByte {
        let application = log.connections[Int(connection)].application
        down.append((record.offset, Self.responseText(request, application)))
      } else if record.kind == .responseSent, let part = parts.label(record, request) {
        down.append((record.offset, part))
      }
    }
    up.sort { $0.start < $1.start }
    down.sort { $0.start < $1.start }
  }

  /// The messages that begin within a span, in words; empty where none does.
  func text(_ direction: LadderRow.Direction, from start: Int64, to end: Int64) -> String {
    let messages = direction == .toServer ? up : down
    let first = Self.firstIndex(of: start, in: messages)
    let texts = messages[first...].prefix { $0.start < end }.map(\.text).filter { !$0.isEmpty }
    if !frames.isEmpty {
      return (texts + frames.words(direction, from: start, to: end))
        .joined(separator: ", ")
    }
    let all = texts.joined(separator: ", ")
    guard all.count > Self.mostCharacters, let first = texts.first, let last = texts.last,
      texts.count > 2
    else { return all }
    return first + " … " + last
  }

  /// What of streams' content a span carries; nil where anything else begins in it.
  func content(
    _ direction: LadderRow.Direction, from start: Int64, to end: Int64
  ) -> LadderRow.Content? {
    let messages = direction == .toServer ? up : down
    let first = Self.firstIndex(of: start, in: messages)
    if first < messages.count && messages[first].start < end { return nil }
    return frames.content(direction, from: start, to: end)
  }

  /// Of more messages than fit, the first and the last are named.
  private static let mostCharacters = 32

  /// The name of a TLS message; that of a change of ciphers, which is a formality, is left out.
  private static func text(_ kind: TLSMessage.Kind) -> String {
    switch kind {
    case .clientHello: "ClientHello"
    case .serverHello: "ServerHello"
    case .helloRetryRequest: "HelloRetryRequest"
    case .encryptedExtensions: "EncryptedExtensions"
    case .certificate: "Certificate"
    case .certificateVerify: "CertificateVerify"
    case .serverKeyExchange: "ServerKeyExchange"
    case .serverHelloDone: "ServerHelloDone"
    case .clientKeyExchange: "ClientKeyExchange"
    case .changeCipherSpec: ""
    case .endOfEarlyData: "EndOfEarlyData"
    case .finished: "Finished"
    case .newSessionTicket: "NewSessionTicket"
    case .closeNotify: "close_notify"
    case .certificateRequest: "CertificateRequest"
    case .certificateStatus: "CertificateStatus"
    }
  }

  /// The first message that begins at `start` or later.
  private static func firstIndex(
    of start: Int64, in messages: [(start: Int64, text: String)]
  ) -> Int { messages.partitionIndex { $0.start >= start } }

  /// What a request asks for, and how long it is.
  static func requestText(_ request: RequestDescription) -> String {
    let bytes = request.requestBytes > 0 ? "  " + Numbers.bytes(request.requestBytes) : ""
    if request.method.isEmpty { return "request" + bytes }
    let replayed = request.purpose == .replay ? " replayed" : ""
    return text(request.method) + " " + text(request.target) + bytes + replayed
  }

  /// What a response says at its beginning.
  static func responseText(
    _ request: RequestDescription, _ application: ApplicationProtocol
  ) -> String {
    let status = request.status > 0 ? "HTTP \(request.status)" : "response"
    // What has no body of the object's, or gives the connection away.
    if request.status == 101 || request.status == 502 { return status }
    let body = request.bodyBytes >= 0 ? ", " + Numbers.bytes(request.bodyBytes) : ""
    switch request.response.framing.asSent(to: application) {
    case .chunked: return status + " chunked" + body
    case .untilClose: return status + " until close" + body
    case .length, .upgrade: break
    }
    guard let declared = request.response.declaredLength?.bytes, declared != request.bodyBytes
    else { return status + body }
    return status + body + ", says " + Numbers.grouped(declared)
  }

  /// Bytes from the wire as text that is safe to print.
  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
