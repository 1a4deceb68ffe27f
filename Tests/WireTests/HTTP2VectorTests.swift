import Foundation
import NetSim
import Testing

/// The cases of `Vectors/h2-frames`.
@Suite struct HTTP2VectorTests {
  private struct Case: Decodable {
    var error: [UInt32]?
    var wire: String
  }

  private static func load(_ path: String) throws -> Case {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/h2-frames/\(path).json")
    return try JSONDecoder().decode(Case.self, from: Data(contentsOf: file))
  }

  private static let normal: [(path: String, frame: HTTP2Frame, endOfPadding: String)] = [
    (
      "data/normal",
      HTTP2Frame(
        streamID: 2, .data(content: Array("Hello, world!".utf8), padding: 6, endsStream: false)),
      "Howdy!"
    ),
    (
      "headers/normal",
      HTTP2Frame(
        streamID: 1,
        .headers(
          fragment: Array("this is dummy".utf8), priority: nil, padding: nil, endsStream: false,
          endsBlock: true)), ""
    ),
    (
      "headers/priority",
      HTTP2Frame(
        streamID: 3,
        .headers(
          fragment: Array("this is dummy".utf8),
          priority: HTTP2Priority(dependency: 20, isExclusive: true, weightLessOne: 9),
          padding: 16, endsStream: false, endsBlock: true)), "This is padding."
    ),
    (
      "priority/normal",
      HTTP2Frame(
        streamID: 9,
        .priority(HTTP2Priority(dependency: 11, isExclusive: false, weightLessOne: 7))), ""
    ),
    ("rst_stream/normal", HTTP2Frame(streamID: 5, .resetStream(.cancel)), ""),
    (
      "settings/normal",
      HTTP2Frame(
        streamID: 0,
        .settings([
          HTTP2Setting(.headerTableSize, 8_192), HTTP2Setting(.maxConcurrentStreams, 5_000),
        ])), ""
    ),
    (
      "push_promise/normal",
      HTTP2Frame(
        streamID: 10,
        .pushPromise(
          promised: 12, fragment: Array("this is dummy".utf8), padding: 6, endsBlock: true)),
      "Howdy!"
    ),
    (
      "ping/normal",
      HTTP2Frame(streamID: 0, .ping(0x6465_6164_6265_6566, isAcknowledgement: false)), ""
    ),
    (
      "goaway/normal",
      HTTP2Frame(
        streamID: 0,
        .goAway(lastStream: 30, code: .compressionError, debug: Array("hpack is broken".utf8))),
      ""
    ),
    ("window_update/normal", HTTP2Frame(streamID: 50, .windowUpdate(1_000)), ""),
    (
      "continuation/normal",
      HTTP2Frame(streamID: 50, .continuation(fragment: [], endsBlock: false)), ""
    ),
    (
      "continuation/header",
      HTTP2Frame(
        streamID: 50, .continuation(fragment: Array("this is dummy".utf8), endsBlock: false)), ""
    ),
  ]

  /// HEADERS on stream 50 that a CONTINUATION may follow.
  private static let opening = [UInt8](hex: "000000010000000032")

  @Test("Well-formed frames are read, and written back with zeros for padding")
  func wellFormed() throws {
    for (path, frame, padding) in Self.normal {
      let wire = [UInt8](hex: try Self.load(path).wire)
      let isContinuation = path.hasPrefix("continuation")
      let bytes = (isContinuation ? Self.opening : []) + wire
      // Only a server promises.
      let isFromClient = !path.hasPrefix("push_promise")
      for size in [1, 5, Int.max] {
        let reading = HTTP2Reading(
          bytes, pieces: size,
          by: HTTP2FrameReader(isFromClient: isFromClient, offset: 0, isBegun: true))
        #expect(reading.errors.isEmpty, "\(path)")
        let event = try #require(reading.events.last)
        #expect(HTTP2Frame(streamID: event.header.streamID, event.payload) == frame, "\(path)")
        #expect(event.wireBytes == Int64(wire.count))
      }
      var writer = HTTP2FrameWriter(isFromClient: isFromClient, isBegun: true)
      var written: [UInt8] = []
      if isContinuation {
        let headers = HTTP2Payload.headers(
          fragment: [], priority: nil, padding: nil, endsStream: false, endsBlock: false)
        try writer.append(HTTP2Frame(streamID: 50, headers), to: &written)
      }
      try writer.append(frame, to: &written)
      let zeros = [UInt8](repeating: 0, count: padding.utf8.count)
      #expect(written == bytes.dropLast(zeros.count) + zeros, "\(path)")
    }
  }

  private static let malformed = [
    "data-frame-padding", "data-frame-size", "data-frame-stream", "goaway-frame-size",
    "goaway-frame-stream", "headers-frame-padding", "headers-frame-stream", "ping-frame-size",
    "ping-frame-stream", "priority-frame-size", "priority-frame-stream",
    "push_promise-frame-padding", "push_promise-frame-promised_stream-odd",
    "push_promise-frame-promised_stream-zero", "push_promise-frame-stream",
    "rst_stream-frame-size", "rst_stream-frame-stream", "settings-frame-ack-size",
    "settings-frame-size", "settings-frame-stream", "window_update-frame-increment",
    "window_update-frame-size",
  ]

  @Test("Malformed frames give the error code that they are to give", arguments: malformed)
  func malformedFrames(name: String) throws {
    let vector = try Self.load("error/" + name)
    for size in [1, 5, Int.max] {
      let reading = HTTP2Reading(
        [UInt8](hex: vector.wire), pieces: size,
        by: HTTP2FrameReader(
          isFromClient: !name.hasPrefix("push_promise"), offset: 0, isBegun: true))
      #expect(reading.events.isEmpty)
      let error = try #require(reading.errors.first)
      #expect(try #require(vector.error).contains(error.code.rawValue), "\(error)")
    }
  }
}
