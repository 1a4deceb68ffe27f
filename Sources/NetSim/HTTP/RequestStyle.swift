/// Which fields the head of a request has, so that its bytes can be composed again.
public struct RequestStyle: Equatable, Sendable {
  /// Whose list of fields it is.
  public var fields = RequestFields.curl
  /// Bytes of the Cookie field's value; none without a cookie.
  public var cookieBytes = ByteCount.zero
  /// What it is asked for, as far as a browser's fields say so.
  public var destination = RequestDestination.other
  /// Whether it goes over TLS: a browser tells a server in the clear less (Fetch Metadata §2).
  public var isSecured = false

  /// curl's fields, without a cookie.
  public init() {}
}

/// Whose list of fields requests have.
public enum RequestFields: UInt8, CaseIterable, Sendable {
  /// curl 7.88, as it comes.
  case curl
  /// A browser: Chromium 131 on Linux.
  case browser
}

/// What a browser wants a response for (the Fetch standard's request destination).
public enum RequestDestination: UInt8, Sendable {
  case document
  case script
  case style
  case image
  /// What a script fetches.
  case other

  /// What a target's extension says: a document where it has none.
  public static func of(target: [UInt8]) -> RequestDestination {
    let path = target.prefix { $0 != UInt8(ascii: "?") }
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    guard let dot = path[slash...].lastIndex(of: UInt8(ascii: ".")) else { return .document }
    let ending = path[(dot + 1)...]
    for (words, destination) in endings {
      for word in words where ending.spells(word) { return destination }
    }
    return .other
  }

  private static var endings: [([StaticString], RequestDestination)] {
    [
      (["html", "htm"], .document), (["js", "mjs"], .script), (["css"], .style),
      (["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico"], .image),
    ]
  }

  /// Its Accept field as Chromium sends it.
  var accept: StaticString {
    switch self {
    case .document:
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
    case .style: "text/css,*/*;q=0.1"
    case .image: "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    case .script, .other: "*/*"
    }
  }

  /// Its name in Sec-Fetch-Dest.
  var name: StaticString {
    switch self {
    case .document: "document"
    case .script: "script"
    case .style: "style"
    case .image: "image"
    case .other: "empty"
    }
  }

  /// Its mode in Sec-Fetch-Mode.
  var mode: StaticString {
    switch self {
    case .document: "navigate"
    case .script, .style, .image: "no-cors"
    case .other: "cors"
    }
  }
}

extension ArraySlice<UInt8> {
  /// Whether it is a text of ASCII.
  fileprivate func spells(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { elementsEqual($0) }
  }
}
