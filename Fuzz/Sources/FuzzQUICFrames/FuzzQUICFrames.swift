import FuzzSupport
import NetSim

/// In which packet frames are read.
private struct Settings {
  var packetType: QUICPacketType
  var isFromClient: Bool

  init(choice: UInt8) {
    let types: [QUICPacketType] = [.oneRTT, .initial, .zeroRTT, .handshake]
    packetType = types[Int(choice & 3)]
    isFromClient = choice & 4 != 0
  }
}

/// What reading a payload gave.
private struct Reading {
  var frames: [QUICFrame] = []
  var error: QUICError?
}

private func read(_ payload: ByteReader, _ settings: Settings) -> Reading {
  var reader = QUICFrameReader(
    payload, in: settings.packetType, isFromClient: settings.isFromClient)
  var reading = Reading()
  do throws(QUICError) {
    while true {
      let before = reader.offset
      guard let frame = try reader.next() else {
        require(before == payload.count, "bytes are left over and nothing is wrong")
        break
      }
      // A field may take more bytes than it needs.
      require(
        reader.offset - before >= frame.size && reader.offset <= payload.count,
        "a frame has not its size")
      require(frame.type.isAllowed(in: settings.packetType), "a frame in the wrong packet")
      reading.frames.append(frame)
    }
  } catch {
    reading.error = error
    require(error.offset <= payload.count, "an error behind the end")
    do throws(QUICError) {
      _ = try reader.next()
      require(false, "an error is forgotten")
    } catch { require(reading.error == error, "an error changes") }
  }
  return reading
}

/// The packet numbers of an ACK go down and leave gaps, and there are as many ranges as it says.
private func check(_ frame: QUICAcknowledgement, in payload: ByteReader) {
  var count = 0
  var smallest: UInt64?
  for range in frame.ranges(in: payload) {
    require(range.upperBound <= QUICVarint.maximum, "a packet number is too large")
    if let smallest { require(range.upperBound + 2 <= smallest, "ranges touch") }
    smallest = range.lowerBound
    count += 1
  }
  require(count == frame.rangeCount + 1, "ranges are lost")
}

private func write(
  _ frames: [QUICFrame], from source: ByteReader, _ settings: Settings
) -> [UInt8] {
  var writer = QUICFrameWriter(in: settings.packetType, isFromClient: settings.isFromClient)
  var bytes: [UInt8] = []
  for frame in frames {
    let before = bytes.count
    guard (try? writer.append(frame, from: source, to: &bytes)) != nil else {
      fatalError("what was read is not written: \(frame)")
    }
    require(bytes.count - before == frame.size, "a frame is not as long as its size says")
  }
  return bytes
}

/// What was read is written again, and reads and writes the same.
private func repeated(_ reading: Reading, from payload: ByteReader, _ settings: Settings) {
  guard !reading.frames.isEmpty else { return }
  let bytes = write(reading.frames, from: payload, settings)
  bytes.withUnsafeBytes { raw in
    let again = read(ByteReader(raw), settings)
    require(again.error == nil, "what was written is wrong")
    require(
      again.frames.map(\.typeNumber) == reading.frames.map(\.typeNumber), "frames change")
    require(write(again.frames, from: ByteReader(raw), settings) == bytes, "bytes change")
  }
}

private func takeFrames(_ payload: ByteReader, _ settings: Settings) {
  let reading = read(payload, settings)
  for frame in reading.frames {
    if case .acknowledgement(let frame) = frame { check(frame, in: payload) }
  }
  repeated(reading, from: payload, settings)
}

/// Takes the input for a datagram, and its packets' payloads for frames without protection.
private func takePackets(_ datagram: ByteReader, _ settings: Settings, shortIDBytes: Int) {
  var reader = QUICPacketReader(
    datagram, shortIDBytes: shortIDBytes, takesGreasedBit: settings.isFromClient)
  var end = 0
  while let packet = try? reader.next() {
    require(packet.range.lowerBound == end, "bytes between packets are lost")
    require(packet.range.upperBound > end, "a packet of no bytes")
    end = packet.range.upperBound
    require(end <= datagram.count, "a packet is longer than its datagram")
    for part in [packet.destination, packet.source, packet.token, packet.body] {
      require(part.upperBound <= end, "a part is behind its packet's end")
    }
    guard packet.type.hasFrames else { continue }
    let payload = packet.unprotected(in: datagram).payload
    var inner = settings
    inner.packetType = packet.type
    takeFrames(datagram.slice(from: payload.lowerBound, length: payload.count), inner)
  }
  require(reader.offset <= datagram.count, "more bytes were used than given")
}

/// Reads an input as the frames of a packet, or as a datagram.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQUICFrames(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let settings = Settings(choice: choice)
  input.forEachPiece(of: .max) { bytes in
    if choice & 8 == 0 {
      takeFrames(ByteReader(bytes), settings)
    } else {
      takePackets(ByteReader(bytes), settings, shortIDBytes: Int(choice >> 4))
    }
  }
  return 0
}

/// Writes seeds before the run: a frame of each type, and packets with some.
@_cdecl("LLVMFuzzerInitialize")
public func seedQUICFrames(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  let token = "000102030405060708090a0b0c0d0e0f"
  Seeds.write(
    hex: [
      "00 02 4064 00 02 0a 08 00 4044 0a 01 000000", "00 03 05 08 00 05 01 02 4040",
      "00 04 04 4080 7bbd 05 04 00 11 04 4400 15 04 4400", "01 06 4400 03 616263",
      "00 07 02 aabb 1e 1f", "00 0f 04 01 01 61 0e 0f 7bbd 00 09 04",
      "00 10 80100000 12 4064 13 03 14 80100000 16 4064 17 03",
      "00 18 02 01 04 c0c1c2c3 \(token) 19 01", "00 1a 0102030405060708 1b 0102030405060708",
      "03 1c 4178 06 02 6e6f", "00 1d 4100 00", "00 31 02 6162 30 6162",
      "00 40af 01 09 80004e20 03",
      "08 c3 00000001 08 8394c8f03e515708 00 00 401a 00000002 02 00000000 01 \(token)",
      "08 ff 00000001 00 08 f067a5502a4262b5 746f6b656e \(token)",
      "08 42 00bff4 01 \(token)", "08 c0 00000000 02 0102 01 0a 00000001 6b3343cf",
      "08 e0 00000001 00 01 aa 4015 00 01 \(token) 000000 d0 00000001 00 00 4014 00 01 \(token) 0000",
      "08 80 6b3343cf 02 0102 01 0a 0000",
    ])
  return 0
}
