import NetSim

/// What runs over a connection, found out from its client's first bytes, and its HTTP/1.x messages.
final class Application {
  private let requestLimit: Int
  private var attemptsLeft: Int
  private var isDecided = false
  private var http: HTTPExchanges?
  private(set) var protocolKind: ConnectionProtocol = .tcp
  /// What runs over a connection of which `isMidStream` says that the capture lacks the beginning:
  /// then a few pieces are looked at, because the first may be the middle of something.
  init(requestLimit: Int, isMidStream: Bool) {
    self.requestLimit = requestLimit
    attemptsLeft = isMidStream ? 8 : 1
  }

  /// Whether the bytes of the streams are of any use.
  var wantsBytes: Bool { isDecided ? http?.isOver == false : true }

  /// The requests so far, with their responses.
  var exchanges: [HTTPExchange] { http?.exchanges ?? [] }

  /// Why its messages could not be read further, where that is so.
  var problem: String? { http?.problem }

  /// What the log calls it.
  var logProtocol: ApplicationProtocol {
    guard protocolKind == .http1 else { return .raw }
    return exchanges.first?.isVersion10 == true ? .http10 : .http11
  }

  /// Takes bytes of one direction in order, and how many behind them are missing.
  func read(
    _ bytes: UnsafeRawBufferPointer, missing: Int64, at offset: Int64, from sender: Side,
    timeNs: Int64
  ) {
    if !isDecided, sender == .client { decide(bytes, at: offset) }
    http?.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
  }

  /// Takes the end of one direction.
  func finish(_ sender: Side, timeNs: Int64) { http?.finish(sender, timeNs: timeNs) }

  private func decide(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
    guard !bytes.isEmpty else { return }
    attemptsLeft -= 1
    protocolKind = ConnectionProtocol(firstBytes: bytes)
    switch protocolKind {
    case .http1: http = HTTPExchanges(offset: offset, limit: requestLimit)
    case .http2, .tls, .tcp: break
    }
    isDecided = protocolKind != .tcp || attemptsLeft == 0
  }
}

extension ConnectionProtocol {
  /// What begins with these bytes of the client.
  init(firstBytes bytes: UnsafeRawBufferPointer) {
    let preface = Array("PRI * HTTP/2.0\r\n".utf8)
    if bytes.count >= 3, bytes[0] == 0x16, bytes[1] == 3 {
      // A handshake record of any version (RFC 8446 §5.1).
      self = .tls
    } else if bytes.starts(with: preface) {
      self = .http2
    } else if Self.beginsRequest(bytes) {
      self = .http1
    } else {
      self = .tcp
    }
  }

  /// Whether bytes begin with a registered method and a space, or with a part of that.
  private static func beginsRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let methods = [
      "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ",
    ]
    return methods.contains { method in
      zip(method.utf8, bytes).allSatisfy { $0 == $1 } && !bytes.isEmpty
    }
  }
}
