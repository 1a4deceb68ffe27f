/// Requests with content over HTTP/2: what the server's windows and frames let a client send
/// (RFC 9113 §5.2, §8.1).
extension Simulator {
  /// The content of a request: what its size leaves beside its fields and the headers of two frames.
  func content(of request: Int, beside block: Int64) -> Int64 {
    let settings = clients[requests[request].client].settings
    guard method(of: request).hasContent,
      let given = settings.objects[requests[request].ordinal].request ?? settings.requestBytes
    else { return 0 }
    return max(given.bytes - block - 2 * SessionFrame.headerBytes, 0)
  }

  /// A request's fields are written: its content follows as the server lets it.
  mutating func beginUpload(
    of content: Int64, on stream: UInt32, _ connection: Int, _ session: Int
  ) {
    if content == 0 { return }
    let slot = sessions[session].slot(of: stream)
    sessions[session].streams[slot].uploadLeft = content
    sessions[session].streams[slot].uploadWindow = sessions[session].client.peerStreamWindow
    sessions[session].uploads.append(stream)
    attachments[connection * 2].servesStreams = true
    sendUploads(on: connection)
  }

  /// Lets a client write its content, a frame of each stream in turn, while there is room in the buffer
  /// of its connection.
  mutating func sendUploads(on connection: Int) {
    guard let session = connections[connection].session, !sessions[session].uploads.isEmpty
    else { return }
    let endpoint = connection * 2
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return }
    var idle = 0
    while endpoints[endpoint].bufferedBytes < endpoints[endpoint].sendBufferBytes,
      idle < sessions[session].uploads.count, let stream = sessions[session].uploads.first
    {
      _ = sessions[session].uploads.removeFirst()
      let slot = sessions[session].slot(of: stream)
      if sessions[session].streams[slot].clientState != .open { continue }  // It was reset.
      let frame = nextUpload(on: stream, slot, session)
      if let frame { write([frame], at: endpoint) }
      idle = frame == nil ? idle + 1 : 0
      if sessions[session].streams[slot].uploadLeft > 0 {
        sessions[session].uploads.append(stream)
      } else {
        sessions[session].streams[slot].clientState = .halfClosedLocal
      }
    }
  }

  private mutating func nextUpload(
    on stream: UInt32, _ slot: Int, _ session: Int
  ) -> SessionFrame? {
    let client = sessions[session].client
    let length = min(
      sessions[session].streams[slot].uploadLeft, client.settings.mostData ?? .max,
      client.peerFrameSize, sessions[session].streams[slot].uploadWindow, client.window)
    guard length > 0 else { return nil }
    sessions[session].streams[slot].uploadLeft -= length
    sessions[session].streams[slot].uploadWindow -= length
    sessions[session].client.window -= length
    return SessionFrame(
      type: .data, stream: stream, length: length,
      isFlagged: sessions[session].streams[slot].uploadLeft == 0)
  }

  /// The server has the rest of a request.
  mutating func receiveRest(of stream: UInt32, on connection: Int, _ session: Int) {
    let slot = sessions[session].slot(of: stream)
    let request = Int(sessions[session].streams[slot].request)
    guard sessions[session].streams[slot].serverState == .open,
      requests[request].stream == stream, requests[request].connection == connection
    else { return }
    sessions[session].streams[slot].serverState = .halfClosedRemote
    receive(request)
  }
}
