import NetSim
import Testing

@Suite struct HTTP3StreamTests {
  private func head(_ hex: String, pieces size: Int = .max) -> (HTTP3StreamKind?, Int) {
    var reader = HTTP3StreamHeadReader()
    let bytes = [UInt8](hex: hex)
    var used = 0
    for start in stride(from: 0, to: bytes.count, by: min(size, bytes.count)) {
      var position = 0
      let kind = Array(bytes[start...].prefix(size)).withUnsafeBytes { reader.next($0, &position) }
      used += position
      if let kind { return (kind, used) }
    }
    return (nil, used)
  }

  @Test("A stream of one direction says its type first (RFC 9114 §6.2, RFC 9204 §4.2)")
  func heads() {
    let cases: [(String, HTTP3StreamKind)] = [
      ("00", .control), ("0105", .push(5)), ("0140ff", .push(255)), ("02", .qpackEncoder),
      ("03", .qpackDecoder), ("21", .ignored(0x21)), ("4040", .ignored(0x40)),
    ]
    for (hex, kind) in cases {
      // What follows is not touched.
      #expect(head(hex + "0400") == (kind, hex.count / 2), "\(hex)")
      #expect(head(hex + "0400", pieces: 1) == (kind, hex.count / 2), "\(hex)")
      var bytes: [UInt8] = []
      kind.appendHead(to: &bytes)
      #expect(bytes.hex == hex)
      #expect(HTTP3FrameSize.streamHead(kind) == bytes.count)
    }
    #expect(head("01") == (nil, 1) && head("c0000000") == (nil, 4))
    #expect(HTTP3FrameSize.streamHead(.request) == 0)
  }

  @Test("There is one control stream and one of each of QPACK's; only servers push")
  func opening() throws {
    for kind in [HTTP3StreamKind.control, .qpackEncoder, .qpackDecoder] {
      var streams = HTTP3Streams(isFromClient: true)
      try streams.open(kind)
      #expect(throws: HTTP3Error(.secondStream)) { try streams.open(kind) }
      #expect(throws: HTTP3Error(.criticalStreamClosed)) { try streams.close(kind) }
    }
    var client = HTTP3Streams(isFromClient: true)
    for _ in 0..<2 {
      try client.open(.request)
      try client.open(.ignored(0x21))
      try client.close(.ignored(0x21))
      try client.close(.request)
    }
    #expect(throws: HTTP3Error(.pushByClient)) { try client.open(.push(0)) }
    var server = HTTP3Streams(isFromClient: false)
    #expect(throws: HTTP3Error(.bidirectionalByServer)) { try server.open(.request) }
    #expect(throws: HTTP3Error(.pushID)) { try server.open(.push(0)) }
    server.pushLimit = 2
    try server.open(.push(1))
    #expect(throws: HTTP3Error(.pushTwice)) { try server.open(.push(1)) }
    #expect(throws: HTTP3Error(.pushID)) { try server.open(.push(2)) }
    try server.open(.push(0))
    try server.close(.push(0))
    #expect(HTTP3Violation.secondStream.code == .streamCreationError)
    #expect(HTTP3Violation.pushByClient.code == .streamCreationError)
    #expect(HTTP3Violation.bidirectionalByServer.code == .streamCreationError)
    #expect(HTTP3Violation.criticalStreamClosed.code == .closedCriticalStream)
    #expect(HTTP3Violation.pushTwice.code == .idError)
  }

  // MARK: Messages

  private func take(
    _ frames: [HTTP3MessageFrame], isRequest: Bool, isPushed: Bool = false
  ) -> (HTTP3MessageState, HTTP3Violation?) {
    var state = HTTP3MessageState()
    for frame in frames {
      do throws(HTTP3Error) {
        try state.take(frame, isRequest: isRequest, isPushed: isPushed)
      } catch { return (state, error.violation) }
    }
    return (state, nil)
  }

  @Test("A message is a header, content and trailers (RFC 9114 §4.1)")
  func messages() {
    let whole: [[HTTP3MessageFrame]] = [
      [.headers, .end], [.headers, .data, .data, .end], [.headers, .headers, .end],
      [.headers, .data, .headers, .end], [.tunnelHeaders, .data, .data, .end],
    ]
    for frames in whole {
      for isRequest in [true, false] {
        #expect(take(frames, isRequest: isRequest) == (.ended, nil), "\(frames)")
      }
    }
    let interim: [HTTP3MessageFrame] = [
      .pushPromise, .interimHeaders, .interimHeaders, .headers, .pushPromise, .data, .headers,
      .pushPromise, .end,
    ]
    #expect(take(interim, isRequest: false) == (.ended, nil))
  }

  @Test("What cannot follow is the connection's error, what is missing the stream's (§4.1)")
  func messageErrors() {
    // Request or response, the frames, and what is wrong with the last.
    let cases: [(Bool, [HTTP3MessageFrame], HTTP3Violation)] = [
      (true, [.data], .messageOrder), (false, [.data], .messageOrder),
      (false, [.interimHeaders, .data], .messageOrder),
      (true, [.headers, .headers, .headers], .messageOrder),
      (false, [.headers, .data, .headers, .data], .messageOrder),
      (true, [.interimHeaders], .messageOrder), (true, [.pushPromise], .messageOrder),
      (true, [.tunnelHeaders, .headers], .messageOrder),
      (false, [.tunnelHeaders, .pushPromise], .messageOrder),
      (true, [.headers, .end, .data], .messageOrder), (true, [.end], .requestIncomplete),
      (false, [.end], .messageIncomplete), (false, [.interimHeaders, .end], .messageIncomplete),
      (false, [.headers, .interimHeaders], .secondMessage),
    ]
    for (isRequest, frames, violation) in cases {
      #expect(take(frames, isRequest: isRequest).1 == violation, "\(frames)")
    }
    #expect(
      take([.headers, .pushPromise], isRequest: false, isPushed: true).1 == .messageOrder)
    #expect(HTTP3Violation.messageOrder.code == .frameUnexpected)
    #expect(HTTP3Violation.requestIncomplete.code == .requestIncomplete)
    #expect(HTTP3Violation.messageIncomplete.code == .messageError)
    #expect(HTTP3Violation.secondMessage.code == .messageError)
    #expect(HTTP3Error(.requestIncomplete).isOfStream && !HTTP3Error(.messageOrder).isOfStream)
  }

  @Test("An error changes no state, and nothing leads out of the end")
  func states() {
    for state in HTTP3MessageState.allCases {
      for frame in HTTP3MessageFrame.allCases {
        for isRequest in [true, false] {
          var next = state
          do throws(HTTP3Error) {
            try next.take(frame, isRequest: isRequest)
            #expect(state != .ended)
          } catch { #expect(next == state) }
        }
      }
    }
  }
}
