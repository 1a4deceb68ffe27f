import FuzzSupport
import NetSim

/// How a stream is read.
private struct Settings {
  var isFromClient: Bool
  var keepsContent: Bool

  init(choice: UInt8) {
    isFromClient = choice & 1 == 0
    keepsContent = choice & 2 == 0
  }

  func reader(_ kind: HTTP3StreamKind) -> HTTP3FrameReader {
    var reader = HTTP3FrameReader(
      kind, isFromClient: isFromClient, offset: 1, keepsContent: keepsContent,
      maximumPayloadBytes: 500)
    reader.setPushLimit(1_000)
    return reader
  }
}

/// Frames follow each other without gap and overlap.
private func check(_ events: [HTTP3FrameEvent], keepsContent: Bool) {
  var next: Int64 = 1
  for event in events {
    require(event.offset == next, "frames have a gap or overlap")
    next += Int64(event.headerBytes) + Int64(event.length)
    switch event.payload {
    case .data(let content):
      require(
        keepsContent ? content.count == event.length : content.isEmpty, "content is not the payload"
      )
    case .headers(let section): require(section.count == event.length, "a section is cut")
    default: break
    }
  }
}

/// What was read is written again, is as long as was said, and reads the same.
private func repeated(
  _ events: [HTTP3FrameEvent], _ kind: HTTP3StreamKind, _ settings: Settings
) {
  let payloads = events.map(\.payload).filter { $0.type != nil }
  var writer = HTTP3FrameWriter(kind, isFromClient: settings.isFromClient)
  writer.setPushLimit(1_000)
  var bytes: [UInt8] = []
  for payload in payloads {
    let before = bytes.count
    guard (try? writer.append(payload, to: &bytes)) != nil else {
      fatalError("what was read is not written: \(payload)")
    }
    require(Int64(bytes.count - before) == size(payload), "a frame is not as long as was said")
  }
  var reader = settings.reader(kind)
  var again: [HTTP3Payload] = []
  bytes.withUnsafeBytes { raw in
    var position = 0
    while let event = try? reader.next(raw, &position) { again.append(event.payload) }
  }
  require(again == payloads, "what was written reads differently")
  require((try? reader.end()) != nil, "what was written ends within a frame")
}

private func size(_ payload: HTTP3Payload) -> Int64 {
  switch payload {
  case .data(let content): HTTP3FrameSize.data(Int64(content.count))
  case .headers(let section): HTTP3FrameSize.headers(Int64(section.count))
  case .cancelPush(let pushID): HTTP3FrameSize.cancelPush(pushID)
  case .settings(let settings): HTTP3FrameSize.settings(settings)
  case .pushPromise(let pushID, let section):
    HTTP3FrameSize.pushPromise(pushID: pushID, Int64(section.count))
  case .goAway(let number): HTTP3FrameSize.goAway(number)
  case .maxPushID(let pushID): HTTP3FrameSize.maxPushID(pushID)
  case .priorityUpdate(let streamID, let value):
    HTTP3FrameSize.priorityUpdate(streamID: streamID, Int64(value.count))
  case .pushPriorityUpdate(let pushID, let value):
    HTTP3FrameSize.pushPriorityUpdate(pushID: pushID, Int64(value.count))
  case .ignored: 0
  }
}

/// Takes the frames as those of a message.
private func followMessage(_ events: [HTTP3FrameEvent], isRequest: Bool) {
  var state = HTTP3MessageState()
  for event in events {
    let frame: HTTP3MessageFrame
    switch event.payload {
    case .data: frame = .data
    case .headers: frame = .headers
    case .pushPromise: frame = .pushPromise
    default: continue
    }
    let before = state
    do throws(HTTP3Error) {
      try state.take(frame, isRequest: isRequest)
    } catch { require(state == before, "an error changes the state") }
  }
}

/// The head of a stream of one direction, which reads the same in one piece and byte by byte.
private func head(_ bytes: UnsafeRawBufferPointer) -> (kind: HTTP3StreamKind, count: Int)? {
  var reader = HTTP3StreamHeadReader()
  var count = 0
  let kind = reader.next(bytes, &count)
  var single = HTTP3StreamHeadReader()
  var position = 0
  var other: HTTP3StreamKind?
  while other == nil, position < bytes.count {
    var place = 0
    let byte = UnsafeRawBufferPointer(rebasing: bytes[position..<position + 1])
    other = single.next(byte, &place)
    position += place
  }
  require(other == kind && position == count, "a head in pieces differs")
  return kind.map { ($0, count) }
}

/// Reads an input as a stream of HTTP/3, in several pieces, and writes its frames again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP3Frames(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let settings = Settings(choice: choice)
  var kind = HTTP3StreamKind.request
  if choice & 4 != 0 {
    guard let head = head(input.bytes) else { return 0 }
    _ = input.take(head.count)
    kind = head.kind
    var streams = HTTP3Streams(isFromClient: settings.isFromClient)
    streams.pushLimit = 1_000
    guard (try? streams.open(kind)) != nil else { return 0 }
  }
  switch kind {
  case .qpackEncoder, .qpackDecoder, .ignored: return 0
  case .request, .control, .push: break
  }
  func read(pieces size: Int) -> (events: [HTTP3FrameEvent], error: HTTP3Error?) {
    var reader = settings.reader(kind)
    return input.read(
      pieces: size,
      next: { (piece, position) throws(HTTP3Error) in try reader.next(piece, &position) },
      offset: { reader.offset })
  }
  let whole = read(pieces: .max)
  check(whole.events, keepsContent: settings.keepsContent)
  let again = read(pieces: 1 + Int(choice >> 3))
  require(again.events == whole.events && again.error == whole.error, "pieces differ")
  if settings.keepsContent { repeated(whole.events, kind, settings) }
  followMessage(whole.events, isRequest: settings.isFromClient)
  return 0
}

/// Writes seeds before the run: a stream of each kind.
@_cdecl("LLVMFuzzerInitialize")
public func seedHTTP3Frames(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  let value: [UInt8] = [0x75, 0x3D, 0x31]
  let message: [HTTP3Payload] = [.headers([0, 0, 0xD1]), .data(value), .headers([0, 0, 0xC0])]
  let settings: [HTTP3Payload] = [
    .settings([HTTP3Setting(.qpackMaxTableCapacity, 4_096), HTTP3Setting(.datagram, 1)])
  ]
  let ofClient: [HTTP3Payload] = [
    .maxPushID(8), .priorityUpdate(streamID: 4, value: value), .cancelPush(2),
    .pushPriorityUpdate(pushID: 1, value: value), .goAway(3),
  ]
  let promise = HTTP3Payload.pushPromise(pushID: 1, section: [0, 0, 0xD1])
  let streams: [(HTTP3StreamKind, Bool, [HTTP3Payload])] = [
    (.request, true, message), (.request, false, [promise] + message),
    (.push(1), false, message), (.control, true, settings + ofClient),
    (.control, false, settings + [.goAway(8), .cancelPush(1)]),
  ]
  var seeds: [[UInt8]] = []
  for (kind, isFromClient, payloads) in streams {
    var seed: [UInt8] = [(isFromClient ? 0 : 1) | (kind == .request ? 0 : 4)]
    kind.appendHead(to: &seed)
    var writer = HTTP3FrameWriter(kind, isFromClient: isFromClient)
    writer.setPushLimit(1_000)
    for payload in payloads {
      try? writer.append(payload, to: &seed)
      try? writer.append(grease: 1, value, to: &seed)
    }
    seeds.append(seed)
  }
  var isWritten = false
  Seeds.write { _, _ in
    defer { isWritten = true }
    return isWritten ? [] : seeds
  }
  return 0
}
