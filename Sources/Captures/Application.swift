import NetSim

/// What runs over a connection, found out from its first bytes, with its HTTP/1.x messages or its TLS
/// handshake.
final class Application {
  private let requestLimit: Int
  private let readsMessages: Bool
  private let isMidStream: Bool
  private var attemptsLeft: Int
  private var isDecided = false
  private var http: HTTPExchanges?
  private var tls: TLSConversation?
  private(set) var protocolKind: ConnectionProtocol = .tcp
  /// What runs over a connection of which `isMidStream` says that the capture lacks the beginning:
  /// then a few pieces are looked at, because the first may be the middle of something.
  init(requestLimit: Int, readsMessages: Bool, isMidStream: Bool) {
    self.requestLimit = requestLimit
    self.readsMessages = readsMessages
    self.isMidStream = isMidStream
    attemptsLeft = isMidStream ? 8 : 1
  }

  /// Whether the bytes of the streams are of any use.
  var wantsBytes: Bool {
    isDecided ? http?.isOver == false || tls?.isOver == false : true
  }

  /// The requests so far, with their responses.
  var exchanges: [HTTPExchange] { http?.exchanges ?? [] }

  /// Why its messages could not be read further, where that is so.
  var problem: String? { http?.problem ?? tls?.problem }

  /// What its TLS handshake tells; nil when it is no TLS.
  var tlsSummary: CapturedTLS? { tls?.summary }

  /// The messages of its TLS handshake, in the order in which they passed.
  var tlsSightings: [TLSSighting] { tls?.sightings ?? [] }

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
    if !isDecided { decide(bytes, at: offset, from: sender) }
    http?.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
    tls?.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
  }

  /// Takes the end of one direction.
  func finish(_ sender: Side, timeNs: Int64) { http?.finish(sender, timeNs: timeNs) }

  private func decide(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64, from sender: Side
  ) {
    guard !bytes.isEmpty else { return }
    if isMidStream, ConnectionProtocol.areRecords(bytes) {
      protocolKind = .tls
      tls = TLSConversation(offset: offset, isMidStream: true)
      isDecided = true
      return
    }
    guard sender == .client else { return }
    attemptsLeft -= 1
    protocolKind = ConnectionProtocol(firstBytes: bytes)
    switch protocolKind {
    case .http1 where readsMessages: http = HTTPExchanges(offset: offset, limit: requestLimit)
    case .tls: tls = TLSConversation(offset: offset, isMidStream: false)
    case .http1, .http2, .tcp: break
    }
    isDecided = protocolKind != .tcp || attemptsLeft == 0
  }
}
