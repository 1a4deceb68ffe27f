import FuzzSupport
import NetSim

/// What reading a stream gave.
private struct Reading: Equatable {
  var events: [TLSEvent] = []
  var error: TLSError?
  var end: Int64 = 0
}

/// Reads a stream of TLS records in pieces, the version known from the start or not.
private func read(_ input: Input, pieces size: Int, version: TLSVersion?) -> Reading {
  var reader = TLSReader(offset: 1, limit: 4_096)
  if let version { reader.agree(on: version) }
  var reading = Reading()
  (reading.events, reading.error) = input.read(
    pieces: size,
    next: { (piece, position) throws(TLSError) in try reader.next(piece, &position) },
    offset: { reader.offset })
  reading.end = reader.offset
  return reading
}

/// Records follow each other without a gap, and messages lie within them, in order.
private func check(_ reading: Reading) {
  var next: Int64 = 1
  var messageEnd: Int64 = 1
  for event in reading.events {
    switch event {
    case .record(let record):
      require(record.offset == next, "a record does not begin where the last one ended")
      next += record.wireBytes
    case .message(let message):
      require(message.offset >= messageEnd, "messages overlap")
      require(message.wireBytes >= Int64(message.bodyBytes) + 4, "a message is too short")
      messageEnd = message.offset + message.wireBytes
      require(messageEnd <= reading.end, "a message ends behind what was read")
    case .alert(let alert): require(alert.offset == next, "an alert is not in its record")
    }
  }
  require(next <= reading.end, "a record ends behind what was read")
}

/// Reads an input as TLS records and handshake messages, in several pieces, and checks what it gives.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTLS(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let version: TLSVersion? = [nil, TLSVersion.tls12, .tls13, nil][Int(choice & 3)]
  let whole = read(input, pieces: .max, version: version)
  check(whole)
  for size in [1, 2 + Int(choice >> 2)] {
    require(read(input, pieces: size, version: version) == whole, "pieces of \(size) differ")
  }
  return 0
}

/// Writes seeds before the run: each stream as it is, the version known or not.
@_cdecl("LLVMFuzzerInitialize")
public func seedTLS(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, _ in
    stream.starts(with: [22, 3]) ? [[0] + stream, [2] + stream, [29] + stream] : []
  }
  return 0
}
