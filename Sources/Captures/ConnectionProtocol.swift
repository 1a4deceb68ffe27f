import NetSim

/// What runs over a connection, as its first bytes tell.
public enum ConnectionProtocol: UInt8, CaseIterable, Sendable {
  /// HTTP/1.0 or HTTP/1.1 in the clear.
  case http1
  /// HTTP/2 in the clear, by its preface (RFC 9113 §3.4).
  case http2
  /// It begins with a TLS record.
  case tls
  /// Anything else, or nothing.
  case tcp

  /// The name in a report.
  public var name: String {
    switch self {
    case .http1: "http/1.1"
    case .http2: "h2"
    case .tls: "tls"
    case .tcp: "tcp"
    }
  }
}

extension ConnectionProtocol {
  /// What begins with these bytes of the client.
  init(firstBytes bytes: UnsafeRawBufferPointer) {
    let preface = Array("PRI * HTTP/2.0\r\n".utf8)
    if bytes.first == 0x16, bytes.count < 2 || bytes[1] == 3 {
      // A handshake record of any version (RFC 8446 §5.1), perhaps just its first byte.
      self = .tls
    } else if bytes.starts(with: preface) {
      self = .http2
    } else if Self.beginsRequest(bytes) {
      self = .http1
    } else {
      self = .tcp
    }
  }

  /// Whether bytes from the middle of a stream are TLS records of protected data: each header says so,
  /// and the first one at least is there (RFC 8446 §5.2, RFC 5246 §6.2.3).
  static func areRecords(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let reader = ByteReader(bytes)
    var offset = 0
    while let type = reader.byte(at: offset), let version = reader.uint16(at: offset + 1),
      let length = reader.uint16(at: offset + 3)
    {
      guard type == TLSContentType.applicationData.rawValue, (0x0301...0x0303).contains(version),
        length > 0, length <= 18_432
      else { return false }
      offset += 5 + Int(length)
    }
    return offset > 0
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
