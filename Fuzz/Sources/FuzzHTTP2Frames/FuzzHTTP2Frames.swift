import FuzzSupport
import NetSim

/// How a stream of frames is read.
private struct Settings {
  var isFromClient: Bool
  var isBegun: Bool
  var keepsContent: Bool

  init(choice: UInt8) {
    isFromClient = choice & 1 == 0
    isBegun = choice & 2 != 0
    keepsContent = choice & 4 == 0
  }

  var reader: HTTP2FrameReader {
    var reader = HTTP2FrameReader(
      isFromClient: isFromClient, offset: 1, isBegun: isBegun, keepsContent: keepsContent,
      maximumBlockBytes: 300)
    reader.setMaximumFrameBytes(500)
    return reader
  }
}

/// What reading a stream gave.
private struct Reading: Equatable {
  var events: [HTTP2FrameEvent] = []
  var errors: [HTTP2Error] = []
  var end: Int64 = 0

  var hasEnded: Bool { errors.last?.scope == .connection }
}

private func read(_ input: Input, pieces size: Int, _ settings: Settings) -> Reading {
  var reader = settings.reader
  var reading = Reading()
  input.forEachPiece(of: size) { piece in
    var position = 0
    let before = reader.offset
    while !reading.hasEnded {
      do throws(HTTP2Error) {
        guard let event = try reader.next(piece, &position) else {
          require(position == piece.count, "bytes are left over and nothing is wrong")
          break
        }
        reading.events.append(event)
      } catch { reading.errors.append(error) }
    }
    require(position >= 0 && position <= piece.count, "more bytes were used than given")
    require(reader.offset - before == Int64(position), "the offset does not count what was used")
  }
  reading.end = reader.offset
  return reading
}

/// Frames follow each other without overlap, and without a gap where none is in error.
private func check(_ reading: Reading, _ settings: Settings) {
  var next: Int64 = settings.isFromClient && !settings.isBegun ? 25 : 1
  for event in reading.events {
    require(event.offset >= next, "frames overlap")
    require(event.offset == next || !reading.errors.isEmpty, "bytes between frames are lost")
    require(event.header.length <= 500, "a frame is longer than the limit")
    next = event.offset + event.wireBytes
    if case .data(let content, let padding, _) = event.payload {
      let length = content.count + (padding.map { Int($0) + 1 } ?? 0)
      require(
        settings.keepsContent ? length == event.header.length : content.isEmpty,
        "content and padding are not the payload")
    }
  }
  require(next <= reading.end || reading.events.isEmpty, "a frame ends behind what was read")
}

/// What was read is written again, and reads the same.
private func repeated(_ reading: Reading, _ settings: Settings) {
  let events = reading.events.filter { $0.payload.type != nil }
  var writer = HTTP2FrameWriter(isFromClient: settings.isFromClient, isBegun: settings.isBegun)
  writer.setMaximumFrameBytes(500)
  var bytes: [UInt8] = []
  for event in events {
    let frame = HTTP2Frame(streamID: event.header.streamID, event.payload)
    guard (try? writer.append(frame, to: &bytes)) != nil else {
      fatalError("what was read is not written: \(frame)")
    }
  }
  bytes.withUnsafeBufferPointer { raw in
    let again = read(Input(raw.baseAddress, raw.count), pieces: .max, settings)
    require(again.errors.isEmpty, "what was written is wrong")
    require(again.events.count == events.count, "frames are lost")
    for (before, after) in zip(events, again.events) {
      require(before.payload == after.payload, "a frame reads differently")
      require(before.header.streamID == after.header.streamID, "a frame changes its stream")
      require(before.header.length == after.header.length, "a frame changes its length")
    }
  }
}

/// Takes the frames as those of one stream, whatever stream they are on.
private func followStates(_ reading: Reading, isClient: Bool) {
  var state = HTTP2StreamState.idle
  for event in reading.events {
    guard let frame = HTTP2StreamFrame(event.payload) else { continue }
    let before = state
    do throws(HTTP2Error) {
      let isTaken = try state.receive(frame, streamID: 1, isClient: isClient)
      require(isTaken || state == before, "what is discarded changes the state")
    } catch {
      require(state == before, "an error changes the state")
    }
  }
}

/// Reads an input as frames of HTTP/2, in several pieces, and writes them again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2Frames(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let settings = Settings(choice: choice)
  let whole = read(input, pieces: .max, settings)
  check(whole, settings)
  for size in [1, 2 + Int(choice >> 3)] {
    require(read(input, pieces: size, settings) == whole, "pieces of \(size) differ")
  }
  if settings.keepsContent { repeated(whole, settings) }
  followStates(whole, isClient: !settings.isFromClient)
  return 0
}

/// Writes seeds before the run: HTTP/2 connections in the clear, from their beginning and amid.
@_cdecl("LLVMFuzzerInitialize")
public func seedHTTP2Frames(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, isClient in
    let preface = HTTP2FrameReader.preface
    guard stream.starts(with: isClient ? preface : [0, 0]) else { return [] }
    let frames = isClient ? Array(stream[preface.count...]) : stream
    let role: UInt8 = isClient ? 0 : 1
    return [[role] + stream, [role | 2] + frames, [role | 6] + frames, [role | 0x1A] + frames]
  }
  return 0
}
