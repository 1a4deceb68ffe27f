/// Chunked transfer coding (RFC 9112 §7.1), decoded from bytes that are all there, line by line: what
/// the streaming reader is held against.
struct PlainDecoder {
  /// What became of it.
  enum Outcome: Equatable {
    /// The body is whole; so many bytes of the input are its own, so many of them data.
    case whole(used: Int, body: Int)
    /// The input ends before the body does, having so many bytes of data.
    case cut(body: Int)
    /// A chunk's size or end is wrong.
    case wrong
    /// A line, or the trailers, are longer than the limit.
    case tooLong
  }

  private let bytes: UnsafeRawBufferPointer
  private let limit: Int
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
    self.bytes = bytes
    self.limit = limit
  }

  mutating func decode() -> Outcome {
    var body = 0
    while true {
      let sizeLine: [UInt8]
      switch takeLine() {
      case .line(let line): sizeLine = line
      case .cut: return .cut(body: body)
      case .tooLong: return .tooLong
      }
      guard let size = Self.size(sizeLine) else { return .wrong }
      if size == 0 { return takeTrailers(body) }
      let available = min(size, bytes.count - position)
      position += available
      body += available
      guard available == size else { return .cut(body: body) }
      switch takeLine() {
      case .line(let line): guard line.isEmpty || line == [0x0D] else { return .wrong }
      case .cut: return .cut(body: body)
      case .tooLong: return .tooLong
      }
    }
  }

  private enum Taken {
    case line([UInt8])
    case cut
    case tooLong
  }

  /// The bytes up to the next line feed, without it.
  private mutating func takeLine() -> Taken {
    let rest = bytes[position...]
    guard let end = rest.firstIndex(of: 0x0A) else { return rest.count > limit ? .tooLong : .cut }
    guard end - position < limit else { return .tooLong }
    defer { position = end + 1 }
    return .line([UInt8](rest[position..<end]))
  }

  /// Lines up to an empty one.
  private mutating func takeTrailers(_ body: Int) -> Outcome {
    let start = position
    while true {
      switch takeLine() {
      case .line(let line):
        if position - start > limit { return .tooLong }
        if line.allSatisfy({ $0 == 0x0D }) { return .whole(used: position, body: body) }
      case .cut: return bytes.count - start > limit ? .tooLong : .cut(body: body)
      case .tooLong: return .tooLong
      }
    }
  }

  /// The number at the front of a line, in hexadecimal: one to fourteen digits, and behind them
  /// nothing, white space or a semicolon.
  private static func size(_ line: [UInt8]) -> Int? {
    let digits = line.prefix { digit($0) != nil }
    guard (1...14).contains(digits.count) else { return nil }
    if let next = line.dropFirst(digits.count).first {
      guard [0x0D, 0x20, 0x09, UInt8(ascii: ";")].contains(next) else { return nil }
    }
    return Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    Character(UnicodeScalar(byte)).isASCII ? Character(UnicodeScalar(byte)).hexDigitValue : nil
  }
}
