/// What both ends of a TLS handshake call the protocols that they would speak, each in its order of
/// preference, and which of them they agree upon (ALPN, RFC 7301).
///
/// The client's list stands in its ClientHello and the server's choice in the answer to that, so that
/// the agreement takes no round trip.
public struct ApplicationNames: Equatable, Sendable {
  /// What the client offers; empty where it sends no list, because it knows what the server speaks.
  public var client: [ApplicationName]
  /// What the server knows; empty where it takes no notice of lists.
  public var server: [ApplicationName]

  /// Two lists.
  public init(client: [ApplicationName], server: [ApplicationName]) {
    self.client = client
    self.server = server
  }

  /// The lists of a client of that protocol and of a server that knows all of them. A client of HTTP/2
  /// is content with HTTP/1.1, as curl and browsers are.
  public init(for application: ApplicationProtocol) {
    switch application {
    case .raw: client = []
    case .http10: client = [.http10]
    case .http11, .http11Pipelined: client = [.http11]
    case .http2: client = [.http2, .http11]
    case .http3: client = [.http3]
    }
    server = [.http3, .http2, .http11, .http10]
  }

  /// The server's choice: of what it knows, the first that the client offers (RFC 7301 §3.2). Nil where
  /// one of the two has no list, or where they have nothing in common.
  public var agreed: ApplicationName? { server.first { client.contains($0) } }

  /// Whether the server ends the handshake with the alert no_application_protocol (120), because both
  /// have a list and nothing in common (RFC 7301 §3.2).
  public var isRefused: Bool { !client.isEmpty && !server.isEmpty && agreed == nil }

  /// What a client of `application` speaks in the end. A server that takes no notice of the list is
  /// taken for one of HTTP/1.1 (RFC 9113 §3.2); without a list the client knows beforehand.
  public func spoken(by application: ApplicationProtocol) -> ApplicationProtocol {
    if client.isEmpty { return application }
    guard let agreed else { return application == .http2 ? .http11 : application }
    return ApplicationNames(for: application).client.first == agreed
      ? application : agreed.application
  }

  /// Bytes of the extension in the ClientHello: two numbers, the length of the list, and each name
  /// with its length (RFC 7301 §3.1).
  var offeredBytes: Int64 {
    client.isEmpty ? 0 : 4 + 2 + client.reduce(0) { $0 + $1.listedBytes }
  }

  /// Bytes of the extension by which the server says what it has chosen.
  var agreedBytes: Int64 { agreed.map { 4 + 2 + $0.listedBytes } ?? 0 }
}

/// The name of a protocol in ALPN (RFC 7301 §6, RFC 9113 §3.1, RFC 9114 §3.1).
public enum ApplicationName: UInt8, CaseIterable, Sendable {
  case http3
  case http2
  case http11
  case http10

  /// How it is written.
  public var text: StaticString {
    switch self {
    case .http3: "h3"
    case .http2: "h2"
    case .http11: "http/1.1"
    case .http10: "http/1.0"
    }
  }

  /// What is spoken under it.
  var application: ApplicationProtocol {
    switch self {
    case .http3: .http3
    case .http2: .http2
    case .http11: .http11
    case .http10: .http10
    }
  }

  /// Its bytes in a list, with its length.
  fileprivate var listedBytes: Int64 { 1 + Int64(text.utf8CodeUnitCount) }
}
