/// What an `EventRecord` says. The comment on each case gives the meaning of the record's fields;
/// a field that is not mentioned is zero.
///
/// "Sequence" means the position in that direction of the connection, as Wireshark's relative
/// sequence numbers have it but without wrapping: the SYN is 0, the first byte of data is 1.
public enum EventKind: UInt8, Sendable {
  // Packets on links. `place` is the link's index, `item` the packet's number, `length` its IP bytes.

  /// A packet entered a link. `offset`: nanoseconds until its serialisation begins, or −1 where the
  /// queue does not know it yet and `packetDequeued` or `packetDropped` follows.
  case packetEnqueued
  /// A packet was lost at a link. `detail`: a `DropReason`. `offset`: nanoseconds from now until it
  /// would have reached the link's far end.
  case packetDropped
  /// A packet reached the link's far end. `offset`: nanoseconds its serialisation took.
  case packetArrived

  // Segments at hosts. `place` is the `Side`, `item` the packet's number.

  /// A host sent a segment. `offset`: sequence, `length`: payload bytes, `detail`: TCP flags.
  /// `segmentAcknowledgement`, `segmentSACK` and `segmentRetransmission` records of the same
  /// packet follow at once.
  case segmentSent
  /// A host received a segment; fields and followers as for `segmentSent`.
  case segmentReceived
  /// The acknowledgement a segment carries. `offset`: next sequence expected, `length`: window in
  /// bytes, scaled; `detail`: 1 where the scale is not known, because the SYN was not captured.
  case segmentAcknowledgement
  /// One SACK block a segment carries. `offset`: first sequence, `length`: bytes. `detail`: 1 when
  /// it is a D-SACK (RFC 2883).
  case segmentSACK
  /// The segment just sent repeats bytes sent before. `detail`: a `RetransmissionKind`.
  case segmentRetransmission
  /// A received retransmission carried nothing new. `offset`, `length`: its span.
  case segmentSpurious

  // The sender's and receiver's state. `place` is the `Side`.

  /// The sender judged a span lost. `offset`, `length`: the span. `detail`: a `RetransmissionKind`.
  case segmentDeclaredLost
  /// A timer ran out. `detail`: a `TimerKind`.
  case timerFired
  /// The congestion window changed. `offset`: its bytes, `length`: bytes in flight.
  case congestionWindow
  /// The slow-start threshold changed. `offset`: its bytes.
  case slowStartThreshold
  /// The congestion state changed. `detail`: a `CongestionPhase`.
  case congestionPhase
  /// A round-trip time was measured. `offset`: nanoseconds.
  case roundTripSample
  /// What holds the sender from now on. `detail`: a `Cause` + 1, or 0 when nothing does.
  case sendLimited
  /// Bytes arrived but wait behind a hole. `item`: their packet, `offset`, `length`: their span.
  case bytesBuffered
  /// Bytes were handed to the application, in order. `item`: the packet that released them,
  /// `offset`, `length`: their span.
  case bytesDelivered

  // Connections. `place` is the `Side`.

  /// `connect()` or the SYN's arrival.
  case connectionOpened
  /// The handshake is complete on this side.
  case connectionEstablished
  /// This side has sent and received every byte and both FINs.
  case connectionClosed
  /// A reset was sent or received.
  case connectionReset
  /// This side gave up (a time-out, or a refusal).
  case connectionFailed

  // Requests. `item` is the request's number; `place` the `Side`.

  /// The client wants it. `connection` is `EventRecord.noConnection` while none is chosen.
  case requestQueued
  /// The client handed the request to the connection. `offset`, `length`: its span, client to server.
  case requestSent
  /// The server has the whole request.
  case requestReceived
  /// The server handed the response, or a part of it, to the connection. `offset`, `length`: its
  /// span, server to client. `detail`: a `ResponseWrite`.
  case responseSent
  /// The client has the response's first byte. `offset`: sequence of that byte; `length`: the
  /// response's whole length with its head, where it is known.
  case responseFirstByte
  /// The client has the response's last byte. `offset`: the sequence after it.
  case responseComplete
  /// The request will never be complete. `detail`: a `RequestFailure`.
  case requestFailed

  // Packets on links again: here, because fingerprints hold the kinds' numbers.

  /// Serialisation begins of a packet whose wait was not known when it entered. `offset`:
  /// nanoseconds that it waited.
  case packetDequeued
  /// A queue marked a packet: congestion experienced (RFC 3168).
  case packetMarked
  /// A link sends a packet twice. `item`: the number of the copy, `offset`: of the packet, whose
  /// `packetEnqueued` on that link came just before.
  case packetDuplicated

  // TLS, and what else came later. `place` is the `Side`.

  /// An end handed a TLS message to the connection. `offset`, `length`: its span with its records'
  /// headers. `detail`: a `TLSMessage.Kind`. From a capture: when its last byte passed.
  case tlsMessage
  /// The TLS handshake is complete for this side.
  case connectionSecured
  /// The server has what it answers a request with, but earlier responses of the connection come
  /// first (RFC 9112 §9.3.2). `item`: the request's number.
  case responseReady
  /// The connection of a request ended before anything was answered, and the client sends it again.
  /// `item`: the request's number.
  case requestRepeated
  /// The client has the hints that come before a response (RFC 8297). `item`: the request's number,
  /// `offset`: the sequence after them.
  case hintsReceived
  /// Where a response should begin the client finds something else, because the server was wrong about
  /// the length of the one before. `item`: the number of the request that is not answered, if one is
  /// waiting; `offset`: the sequence of what is no response.
  case responseGarbled
  /// What holds a stream's response at the server changed while it had something to send. `item`: the
  /// request's number, `detail`: a `Cause` + 1, or 0 when nothing does.
  case streamLimited
  /// An end handed an HTTP/2 frame to the connection. `item`: the stream, of PRIORITY_UPDATE the one that
  /// it is about; `offset`, `length`: its span,
  /// `detail`: its `HTTP2FrameType`, and 128 more where it ends the stream or acknowledges. The `item` of
  /// PUSH_PROMISE is the promised stream.
  ///
  /// The `length` of WINDOW_UPDATE is its increment, that of RST_STREAM its code, and that of GOAWAY the
  /// last stream it names: of these frames everybody knows how long they are, 13, 13 and 17 bytes
  /// (RFC 9113 §6.9, §6.4, §6.8). The code of GOAWAY is that of the `frameError` before it, or NO_ERROR.
  case frameSent
  /// An end has read a frame of its peer's; otherwise as for `frameSent`.
  case frameReceived
  /// An end handed over a frame that the scenario injects. `item`: its place among the injections,
  /// `offset`, `length`: its span, `detail`: its type.
  case frameInjected
  /// An end found its peer in error, and ends a stream or the connection for it. `item`: the stream, or
  /// 0 for the connection, `detail`: the code (RFC 9113 §7), `offset`: the number of an
  /// `HTTP2Violation`.
  case frameError
  /// A server promises a response that nobody has asked for yet (RFC 9113 §8.4). `item`: the request's
  /// number, `offset`: its stream. Its life begins here.
  case requestPromised

  // QUIC. `place` is the `Side`; `item` the number of the datagram, unless said otherwise.

  /// An end sent a QUIC packet. `offset`: its number in its space (RFC 9000 §12.3), `length`: its bytes,
  /// `detail`: its `QUICPacketType`. Its frames follow as `quicFrame`.
  case quicPacketSent
  /// An end received a QUIC packet, whose keys it has; otherwise as for `quicPacketSent`.
  case quicPacketReceived
  /// A frame of the packet that was sent last. `detail`: its type (RFC 9000 §19), and 128 more where a
  /// stream ends with it. `item`: its stream; `offset`, `length`: its span or its limit; of ACK the
  /// largest number and the delay in microseconds, of each of its ranges, which have type 3, the first
  /// number and how many there are. ACK_FREQUENCY has type 47, with the threshold and the delay in
  /// microseconds.
  case quicFrame
  /// A sender takes a QUIC packet for lost (RFC 9002 §6). `offset`: its number, `length`: its bytes,
  /// `detail`: 1 where it only tried a larger size.
  case quicPacketLost
  /// A QUIC packet that was declared lost had arrived; otherwise as for `quicPacketLost`.
  case quicPacketSpurious
  /// Bytes of a stream reached the application, released by the packet that was received last.
  /// `item`: the stream, `offset`, `length`: the span.
  case streamDelivered
  /// Bytes of a stream wait behind a hole in it; otherwise as for `streamDelivered`.
  case streamBuffered
  /// An end handed an HTTP/3 frame to a stream. `item`: the stream, `offset`, `length`: its span in it,
  /// `detail`: its type (RFC 9114 §7.2), PRIORITY_UPDATE 16.
  case http3FrameSent
  /// An end has read an HTTP/3 frame; otherwise as for `http3FrameSent`.
  case http3FrameReceived
  /// A field section waits for the encoder's stream (RFC 9204 §2.2.1), or no longer. `item`: the stream,
  /// `detail`: 1 or 0.
  case fieldsBlocked
  /// A packet leaves for, or comes from, another address of the client's than its connection's first, or
  /// for another connection ID, as the end `place` sees it. `item`: the packet, `offset`: the
  /// `ClientAddress`, `length`: the sequence number of the connection ID (RFC 9000 §5.1.1).
  case packetAddress
  /// An end found out about its path; of a NAT's new port the client's end is named. `offset`: the
  /// `ClientAddress` in use, `length`: the sequence number of the connection ID in use, `detail`: a
  /// `PathChange`.
  case pathChanged
}

/// What a server hands to a connection at once.
public enum ResponseWrite: UInt8, Sendable {
  /// The response, or its beginning.
  case beginning
  /// A response that wants the request again (425, RFC 8470 §5.2).
  case tooEarly
  /// The hints that come before it (103, RFC 8297).
  case hints
  /// More of a response that has begun.
  case continuation
}

/// The two ends of a connection.
public enum Side: UInt8, BitwiseCopyable, Sendable {
  /// The end that opened the connection.
  case client
  /// The end that accepted it.
  case server

  /// The other end.
  public var peer: Side { self == .client ? .server : .client }
}

/// Why a packet was lost.
public enum DropReason: UInt8, Sendable {
  /// The queue had no room.
  case queueFull
  /// The link's random loss took it.
  case randomLoss
  /// It was on the scenario's list of packets to lose.
  case dropList
  /// A capture shows its retransmission and not the packet itself.
  case inferred
  /// The link's random loss took it, in a burst.
  case burstLoss
  /// It came while nothing passed the link.
  case outage
  /// The queue dropped it to tell the sender that it grows.
  case activeQueue
  /// A middlebox had forgotten the connection.
  case forgotten
  /// A middlebox lets no UDP datagram pass.
  case blocked
}

/// What made a sender repeat bytes.
public enum RetransmissionKind: UInt8, Sendable {
  /// Duplicate or selective acknowledgements (RFC 5681 §3.2, RFC 6675, RFC 8985).
  case fast
  /// The retransmission timer (RFC 6298).
  case timeout
  /// A tail-loss probe (RFC 8985 §7).
  case tailLossProbe
  /// The timer of the SYN or SYN-ACK.
  case handshake
}

/// The timers of a TCP endpoint.
public enum TimerKind: UInt8, CaseIterable, Sendable {
  /// RFC 6298.
  case retransmission
  /// RFC 9293 §3.8.6.3.
  case delayedACK
  /// RFC 8985 §7.
  case tailLossProbe
  /// RFC 8985 §6.2, the reordering window.
  case reordering
  /// RFC 9293 §3.8.6.1, the zero-window probe.
  case persist
  /// RFC 9293 §3.6, twice the maximum segment lifetime.
  case timeWait
  /// RFC 9293 §3.8.4, the probe of an idle connection.
  case keepalive
  /// RFC 9002 §6.2, QUIC's probe time-out.
  case probe
}

/// Where a sender's congestion control stands.
public enum CongestionPhase: UInt8, Sendable {
  /// The window doubles each round trip.
  case slowStart
  /// The window grows slowly.
  case congestionAvoidance
  /// Losses found by acknowledgements are being repaired.
  case recovery
  /// Losses found by the timer are being repaired.
  case loss
}
