/// Reads a complete message head: start line and fields (RFC 9112 §2.1).
struct HTTPHeadParser {
  private(set) var head = HTTPHead()
  /// Content-Length, where there is one.
  private(set) var contentLength: Int64?
  /// Whether there is a Transfer-Encoding, and whether its last coding is chunked.
  private(set) var hasTransferEncoding = false
  private(set) var isChunked = false

  /// Reads the lines of `bytes`, which end with an empty line.
  init(_ bytes: [UInt8], isRequest: Bool) throws(HTTPError) {
    head.headBytes = Int64(bytes.count)
    var start = 0
    var isFirst = true
    for index in 0..<bytes.count where bytes[index] == 0x0A {
      // A line may end in LF alone (RFC 9112 §2.2).
      let end = index > start && bytes[index - 1] == 0x0D ? index - 1 : index
      let line = bytes[start..<end]
      start = index + 1
      if isFirst {
        isFirst = false
        if isRequest { try readRequestLine(line) } else { try readStatusLine(line) }
      } else if !line.isEmpty {
        try readField(line)
      }
    }
  }

  // MARK: Start lines

  /// method SP request-target SP HTTP-version (RFC 9112 §3)
  private mutating func readRequestLine(_ line: ArraySlice<UInt8>) throws(HTTPError) {
    guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last
    else { throw .startLine }
    let method = line[line.startIndex..<first]
    let target = line[first + 1..<last]
    guard !method.isEmpty, method.allSatisfy(Self.isToken), !target.isEmpty,
      target.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { throw .startLine }
    try readVersion(line[(last + 1)...])
    head.method = [UInt8](method)
    head.target = [UInt8](target)
  }

  /// HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 §4)
  private mutating func readStatusLine(_ line: ArraySlice<UInt8>) throws(HTTPError) {
    guard line.count >= 12 else { throw .startLine }
    let start = line.startIndex
    try readVersion(line[start..<start + 8])
    guard line[start + 8] == 0x20, line.count == 12 || line[start + 12] == 0x20 else {
      throw .startLine
    }
    var status: UInt16 = 0
    for byte in line[start + 9..<start + 12] {
      guard Self.isDigit(byte) else { throw .startLine }
      status = status * 10 + UInt16(byte - 0x30)
    }
    guard status >= 100 else { throw .startLine }
    head.status = status
  }

  /// "HTTP/1." DIGIT (RFC 9112 §2.3)
  private mutating func readVersion(_ version: ArraySlice<UInt8>) throws(HTTPError) {
    let prefix: [UInt8] = [0x48, 0x54, 0x54, 0x50, 0x2F, 0x31, 0x2E]
    guard version.count == 8, version.starts(with: prefix), let digit = version.last,
      Self.isDigit(digit)
    else { throw .startLine }
    head.minorVersion = digit - 0x30
  }

  // MARK: Fields

  /// field-name ":" OWS field-value OWS (RFC 9112 §5). A line that begins with white space would
  /// continue the one before, which is refused (§5.2).
  private mutating func readField(_ line: ArraySlice<UInt8>) throws(HTTPError) {
    guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else { throw .field }
    let name = line[line.startIndex..<colon]
    guard name.allSatisfy(Self.isToken) else { throw .field }
    let value = Self.trimmed(line[(colon + 1)...])
    if Self.equals(name, Self.contentLengthName) {
      try readContentLength(value)
    } else if Self.equals(name, Self.transferEncodingName) {
      hasTransferEncoding = true
      let last = value.lastIndex(of: 0x2C).map { value[($0 + 1)...] } ?? value
      isChunked = Self.equals(Self.trimmed(last), Self.chunkedName)
    }
  }

  /// A number, or a list of the same number (RFC 9112 §6.3).
  private mutating func readContentLength(_ value: ArraySlice<UInt8>) throws(HTTPError) {
    for part in value.split(separator: 0x2C, omittingEmptySubsequences: false) {
      let digits = Self.trimmed(part)
      // Eighteen digits always fit 64 bits.
      guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(Self.isDigit) else {
        throw .contentLength
      }
      var length: Int64 = 0
      for digit in digits { length = length * 10 + Int64(digit - 0x30) }
      guard contentLength == nil || contentLength == length else { throw .contentLength }
      contentLength = length
    }
  }

  // MARK: Characters

  private static var contentLengthName: [UInt8] {
    [
      0x63, 0x6F, 0x6E, 0x74, 0x65, 0x6E, 0x74, 0x2D, 0x6C, 0x65, 0x6E, 0x67, 0x74, 0x68,
    ]
  }
  private static var transferEncodingName: [UInt8] {
    [
      0x74, 0x72, 0x61, 0x6E, 0x73, 0x66, 0x65, 0x72, 0x2D, 0x65, 0x6E, 0x63, 0x6F, 0x64, 0x69,
      0x6E, 0x67,
    ]
  }
  private static var chunkedName: [UInt8] { [0x63, 0x68, 0x75, 0x6E, 0x6B, 0x65, 0x64] }

  /// Whether `text` is `lowercase`, but for the case of its letters.
  private static func equals(_ text: ArraySlice<UInt8>, _ lowercase: [UInt8]) -> Bool {
    guard text.count == lowercase.count else { return false }
    for (left, right) in zip(text, lowercase) {
      let folded = left >= 0x41 && left <= 0x5A ? left | 0x20 : left
      if folded != right { return false }
    }
    return true
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    return text
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// tchar (RFC 9110 §5.6.2)
  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}
