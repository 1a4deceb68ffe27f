import NetSim

/// What reading a payload's frames gives.
struct QUICFrameReading: Equatable {
  var frames: [QUICFrame] = []
  /// Where each frame begins.
  var offsets: [Int] = []
  var error: QUICError?
  /// Of each ACK, the packet numbers from the highest down.
  var acknowledged: [[ClosedRange<UInt64>]] = []

  init(
    _ payload: [UInt8], in packetType: QUICPacketType = .oneRTT, isFromClient: Bool = false
  ) {
    payload.withUnsafeBytes { raw in
      let bytes = ByteReader(raw)
      var reader = QUICFrameReader(bytes, in: packetType, isFromClient: isFromClient)
      do throws(QUICError) {
        while true {
          let offset = reader.offset
          guard let frame = try reader.next() else { break }
          frames.append(frame)
          offsets.append(offset)
          if case .acknowledgement(let acknowledgement) = frame {
            acknowledged.append(Array(acknowledgement.ranges(in: bytes)))
          }
        }
      } catch { self.error = error }
    }
  }

  /// The frames written again, from the bytes that they were read from.
  func rewritten(
    from payload: [UInt8], in packetType: QUICPacketType = .oneRTT, isFromClient: Bool = false
  ) throws(QUICError) -> [UInt8] {
    var bytes: [UInt8] = []
    var failure: QUICError?
    payload.withUnsafeBytes { raw in
      var writer = QUICFrameWriter(in: packetType, isFromClient: isFromClient)
      do throws(QUICError) {
        for frame in frames { try writer.append(frame, from: ByteReader(raw), to: &bytes) }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
