/// Field sections on HTTP/3 connections: what QPACK makes of them, and those that wait for the encoder's
/// stream (RFC 9204).
extension Simulator {
  // MARK: Writing

  /// Encodes a section that a side is about to send on a stream, with what the encoder's stream has to
  /// carry before it. Returns its place among the session's sections.
  mutating func encode(
    _ fields: [HeaderField], on number: UInt32, of side: Side, _ session: Int, _ connection: Int
  ) -> Int {
    let section = http3Sessions[session][side].encoder.encode(fields, streamID: UInt64(number))
    writeInstructions(section.instructions, .encoder, side, session, connection)
    http3Sessions[session].sections.append(section.bytes)
    return http3Sessions[session].sections.count - 1
  }

  /// Writes to one of the streams of QPACK.
  private mutating func writeInstructions(
    _ bytes: [UInt8], _ kind: HTTP3Session.OwnStream, _ side: Side, _ session: Int,
    _ connection: Int
  ) {
    if bytes.isEmpty { return }
    http3Sessions[session][side].written[kind.rawValue] += bytes
    quicEndpoints[quic(connection, side)].write(
      Int64(bytes.count), on: kind.number(of: side), isLast: false, isCritical: true)
    pumpLater(side.endpoint(of: connection))
  }

  /// An end has read its peer's settings.
  mutating func takeSettings(by side: Side, _ session: Int, _ connection: Int) {
    let peer = clients[connections[connection].client].settings.quic[side.peer]
    do throws(QPACKError) {
      try http3Sessions[session][side].encoder.setLimits(
        tableLimit: peer.fieldTableBytes, blockedLimit: peer.mostBlockedStreams)
    } catch {
      preconditionFailure("settings that QPACK does not take")
    }
    let instructions = http3Sessions[session][side].encoder.takeInstructions()
    writeInstructions(instructions, .encoder, side, session, connection)
  }

  // MARK: Reading

  /// Something came on a stream of QPACK.
  mutating func readInstructions(
    on kind: HTTP3Session.OwnStream, by side: Side, _ session: Int, _ connection: Int
  ) {
    let delivered = Int(
      quicEndpoints[quic(connection, side)].delivered(of: kind.number(of: side.peer)))
    // The stream's type comes first.
    let bytes = http3Sessions[session][side.peer].take(kind, upTo: delivered - 1)
    if bytes.isEmpty { return }
    do throws(QPACKError) {
      if kind == .encoder {
        try http3Sessions[session][side].decoder.receive(bytes)
      } else {
        try http3Sessions[session][side].encoder.receive(bytes)
      }
    } catch {
      preconditionFailure("instructions that QPACK does not take")
    }
    if kind == .encoder {
      unblock(by: side, session, connection)
      answerInstructions(by: side, session, connection)
    }
  }

  private mutating func answerInstructions(by side: Side, _ session: Int, _ connection: Int) {
    let instructions = http3Sessions[session][side].decoder.takeInstructions()
    writeInstructions(instructions, .decoder, side, session, connection)
  }

  /// Reads the sections again that waited.
  private mutating func unblock(by side: Side, _ session: Int, _ connection: Int) {
    let waiting = http3Sessions[session][side].blocked
    http3Sessions[session][side].blocked.removeAll()
    for number in waiting {
      if side == .client {
        readHTTP3Response(on: number, session, connection)
      } else {
        readHTTP3Request(on: number, session, connection)
      }
    }
  }

  /// Decodes a section. Returns false where it has to wait for the encoder's stream.
  mutating func decode(
    _ section: Int, on number: UInt32, by side: Side, _ session: Int, _ connection: Int
  ) -> Bool {
    let bytes = http3Sessions[session].sections[section]
    do throws(QPACKError) {
      switch try http3Sessions[session][side].decoder.decode(bytes, streamID: UInt64(number)) {
      case .fields: break
      case .blocked:
        http3Sessions[session][side].blocked.append(number)
        noteBlocked(true, number, side, session, connection)
        return false
      }
    } catch {
      preconditionFailure("a section that QPACK does not take")
    }
    noteBlocked(false, number, side, session, connection)
    answerInstructions(by: side, session, connection)
    return true
  }

  /// Whether the stream of a request still waits for the encoder's.
  func isBlocked(_ index: Int, _ side: Side, _ session: Int) -> Bool {
    http3Sessions[session].streams[index].isBlocked
      && http3Sessions[session][side].blocked.contains(UInt32(index) << 2)
  }

  private mutating func noteBlocked(
    _ isBlocked: Bool, _ number: UInt32, _ side: Side, _ session: Int, _ connection: Int
  ) {
    let index = Int(number >> 2)
    if http3Sessions[session].streams[index].isBlocked == isBlocked { return }
    http3Sessions[session].streams[index].isBlocked = isBlocked
    log.recordMilestone(
      EventRecord(
        time: now, kind: .fieldsBlocked, connection: UInt32(connection), side: side, item: number,
        detail: isBlocked ? 1 : 0))
  }
}
