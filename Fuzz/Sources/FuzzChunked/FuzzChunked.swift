import FuzzSupport
import NetSim

/// Bytes of a line at most, as both decoders have it.
private let limit = 256

/// What the reader makes of a response whose body is `input`, in pieces, in the other decoder's
/// words.
private func decode(_ input: Input, pieces size: Int) -> PlainDecoder.Outcome {
  var reader = HTTPMessageReader(isRequest: false, offset: 0, limit: limit)
  let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
  var outcome: PlainDecoder.Outcome?
  func take(_ piece: UnsafeRawBufferPointer) {
    guard outcome == nil else { return }
    var position = 0
    do throws(HTTPError) {
      while outcome == nil, let event = try reader.next(piece, &position) {
        guard case .ended(let offset, let body, let isWhole) = event else { continue }
        require(isWhole, "a body ended by itself and is not whole")
        outcome = .whole(used: Int(offset) - head.count, body: Int(body))
      }
      require(outcome != nil || position == piece.count, "bytes are left over")
    } catch {
      outcome = error == .tooLong ? .tooLong : .wrong
      require(error == .tooLong || error == .chunk, "an error that no chunk can make")
    }
    require(position >= 0 && position <= piece.count, "more bytes were used than given")
  }
  head.withUnsafeBytes(take)
  input.forEachPiece(of: size, take)
  if let outcome { return outcome }
  guard case .ended(_, let body, false) = reader.finish() else { fatalError("an end is missing") }
  return .cut(body: Int(body))
}

/// Reads an input as a response's chunked body, in several pieces, and checks what it gives.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChunked(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Input(data, count)
  var plain = PlainDecoder(input.bytes, limit: limit)
  let expected = plain.decode()
  for size in [Int.max, 1 + count % 4] {
    let found = decode(input, pieces: size)
    require(found == expected, "pieces of \(size): \(found), and plainly \(expected)")
  }
  return 0
}

/// Writes seeds before the run: bodies of responses in chunks, and two by hand.
@_cdecl("LLVMFuzzerInitialize")
public func seedChunked(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, isClient in
    guard !isClient, let end = stream.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound,
      stream[..<end].firstRange(of: Array("chunked".utf8)) != nil
    else { return [] }
    return [
      Array(stream[end...]), Array("5\r\nhello\r\n0\r\n\r\n".utf8),
      Array("A;name=value\n0123456789\n00 \r\nField: value\r\n\r\n".utf8),
    ]
  }
  return 0
}
