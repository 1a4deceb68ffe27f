import NetSim
import TestSupport

/// Frames that a server may send in a 1-RTT packet, made from a seed.
struct QUICRandomFrames {
  /// The bytes that the frames' ranges name.
  let source: [UInt8]
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<300 { bytes.append(.random(in: .min ... .max, using: &generator)) }
    source = bytes
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }

  /// A value of any size, up to 2^60.
  mutating func value() -> UInt64 {
    .random(in: 0...1 << UInt64(int(0...60)), using: &generator)
  }

  private mutating func bool() -> Bool { .random(using: &generator) }

  private mutating func range(_ counts: ClosedRange<Int>) -> Range<Int> {
    let count = int(counts)
    let start = int(0...source.count - count)
    return start..<start + count
  }

  /// A stream that both ends send on.
  private mutating func streamID() -> UInt64 { value() & ~2 }

  /// Ranges of packet numbers from the highest down.
  mutating func acknowledgedRanges() -> [ClosedRange<UInt64>] {
    var ranges: [ClosedRange<UInt64>] = []
    var upper = value()
    for _ in 0..<int(1...70) {
      let lower = upper - min(upper, value() >> UInt64(int(0...60)))
      ranges.append(lower...upper)
      let gap = 2 + (value() >> UInt64(int(0...60)))
      guard gap <= lower else { break }
      upper = lower - gap
    }
    return ranges
  }

  mutating func frames(count: Int) -> [QUICFrame] {
    var frames: [QUICFrame] = []
    while frames.count < count, frames.last?.isLast != true {
      let frame = bool() ? ofStreams() : ofConnection()
      // Two runs of PADDING would be one.
      if frame.type == .padding, frames.last?.type == .padding { continue }
      frames.append(frame)
    }
    return frames
  }

  private mutating func ofStreams() -> QUICFrame {
    switch int(0...8) {
    case 0: .resetStream(id: streamID(), code: value(), finalSize: value())
    case 1: .stopSending(id: streamID(), code: value())
    case 2: .maxData(value())
    case 3: .maxStreamData(id: streamID(), limit: value())
    case 4: .maxStreams(value(), isUnidirectional: bool())
    case 5: .dataBlocked(value())
    case 6: .streamDataBlocked(id: streamID(), limit: value())
    case 7: .streamsBlocked(value(), isUnidirectional: bool())
    default:
      .stream(
        QUICStreamContent(
          id: streamID(), offset: bool() ? 0 : value(), data: range(0...200), isFinal: bool(),
          hasLength: int(0...3) > 0))
    }
  }

  private mutating func ofConnection() -> QUICFrame {
    switch int(0...13) {
    case 0: return .padding(count: int(1...100))
    case 1: return .ping
    case 2: return .crypto(offset: value(), data: range(0...200))
    case 3: return .newToken(range(1...100))
    case 4:
      let sequence = value()
      return .newConnectionID(
        sequence: sequence, retirePriorTo: sequence / 2, id: range(1...20),
        resetToken: range(16...16))
    case 5: return .retireConnectionID(sequence: value())
    case 6: return .pathChallenge(generator.next())
    case 7: return .pathResponse(generator.next())
    case 8:
      return .connectionClose(
        code: QUICErrorCode(rawValue: value()), frameType: value(), reason: range(0...80))
    case 9: return .applicationClose(code: value(), reason: range(0...80))
    case 10: return .handshakeDone
    case 11: return .datagram(range(0...100), hasLength: int(0...3) > 0)
    case 12:
      return .acknowledgementFrequency(
        sequence: value(), threshold: value(), delay: value(), reordering: value())
    default: return .immediateAcknowledgement
    }
  }
}
