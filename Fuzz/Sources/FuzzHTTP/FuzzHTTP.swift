import FuzzSupport
import NetSim

/// What reading a stream gave.
private struct Reading: Equatable {
  var events: [HTTPEvent] = []
  var error: HTTPError?
  var end: Int64 = 0
  var isTunnel = false
}

/// Reads a stream of requests or responses in pieces. `choice` says which, and what the responses
/// answer.
private func read(_ input: Input, pieces size: Int, _ choice: UInt8) -> Reading {
  var reader = HTTPMessageReader(isRequest: choice & 1 == 0, offset: 1, limit: 2_048)
  for shift in [1, 2, 3] {
    reader.expectResponse(
      to: choice >> shift & 1 == 0 ? .plain : shift == 2 ? .connect : .head)
  }
  var reading = Reading()
  (reading.events, reading.error) = input.read(
    pieces: size,
    next: { (piece, position) throws(HTTPError) in try reader.next(piece, &position) },
    offset: { reader.offset })
  reading.end = reader.offset
  reading.isTunnel = reader.isTunnel
  if reading.error == nil, let event = reader.finish() { reading.events.append(event) }
  return reading
}

/// Messages begin, have a head and end, in this order, and their bytes add up.
private func check(_ reading: Reading) {
  var start: Int64?
  var head: HTTPHead?
  var last: Int64 = 1
  for event in reading.events {
    switch event {
    case .started(let offset):
      require(offset >= last, "a message begins within another")
      // The response itself follows an interim one, which has no end of its own.
      require(start == nil || head.map { $0.status > 0 && $0.status < 200 } == true, "no end")
      (start, head, last) = (offset, nil, offset)
    case .head(let found):
      require(start != nil && head == nil, "a head without a message")
      require(found.headBytes > 0 && last + found.headBytes <= reading.end, "a head too long")
      require(found.minorVersion <= 9 && found.status < 1_000, "a start line that cannot be")
      (head, last) = (found, last + found.headBytes)
    case .ended(let offset, let bodyBytes, let isWhole):
      require(start != nil, "an end without a message")
      require(offset >= last && offset <= reading.end, "a message's end is outside of it")
      require(bodyBytes >= 0 && bodyBytes <= offset - last, "a body larger than its message")
      if isWhole, let declared = head?.declaredBodyBytes, declared >= 0 {
        require(bodyBytes == declared, "a whole body of another length than declared")
      }
      (start, head, last) = (nil, nil, offset)
    }
  }
}

/// Reads an input as HTTP/1.x requests or responses, in several pieces, and checks what it gives.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let whole = read(input, pieces: .max, choice)
  check(whole)
  let size = 1 + Int(choice >> 4)
  require(read(input, pieces: size, choice) == whole, "pieces of \(size) differ")
  return 0
}

/// Writes seeds before the run: requests and responses.
@_cdecl("LLVMFuzzerInitialize")
public func seedHTTP(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, isClient in
    if isClient { return stream.starts(with: Array("GET ".utf8)) ? [[0] + stream] : [] }
    return stream.starts(with: Array("HTTP/".utf8)) ? [[1] + stream, [0xFF] + stream] : []
  }
  return 0
}
