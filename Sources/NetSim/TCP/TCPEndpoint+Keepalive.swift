/// The probes of a connection on which nothing happens.
struct KeepaliveProbes {
  /// How many were sent since something was heard.
  var unanswered: UInt32 = 0
  /// Whether one has to go out.
  var isDue = false
}

/// Whether the peer is still there, where nothing is heard of it (RFC 9293 §3.8.4).
extension TCPEndpoint {
  /// Begins to watch, once the connection is established.
  mutating func startKeepalive(at now: SimTime) {
    lastHeard = now
    if let policy = settings.keepalive {
      timers[.keepalive] = deadline(after: policy.idle, at: now)
    }
  }

  /// Something was heard.
  @inline(__always)
  mutating func heardPeer(at now: SimTime) {
    lastHeard = now
    keepaliveProbes.unanswered = 0
  }

  /// Probes, waits on, or gives up. While data is outstanding or waits, other timers tell.
  mutating func keepaliveTimerFired(at now: SimTime, _ log: inout EventLog) {
    timers[.keepalive] = .never
    guard let policy = settings.keepalive else { return }
    let quiet = now - lastHeard
    if !scoreboard.isEmpty || writeEnd > sendNext {
      timers[.keepalive] = deadline(after: policy.idle, at: now)
    } else if quiet < policy.idle {
      timers[.keepalive] = deadline(after: policy.idle - quiet, at: now)
    } else if keepaliveProbes.unanswered >= policy.probes {
      logTimer(.keepalive, at: now, &log)
      fail(.connectionFailed, at: now, &log)
      reset = .ownAccord
    } else {
      logTimer(.keepalive, at: now, &log)
      keepaliveProbes.unanswered += 1
      keepaliveProbes.isDue = true
      timers[.keepalive] = deadline(after: policy.interval, at: now)
    }
  }

  /// A bare segment with a number that was acknowledged: it must be answered (RFC 9293 §3.8.4).
  mutating func makeKeepaliveProbe(at now: SimTime) -> Segment {
    keepaliveProbes.isDue = false
    return makeSegment(at: sendUnacknowledged - 1, payload: 0, at: now)
  }
}
