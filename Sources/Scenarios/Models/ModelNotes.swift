import NetSim

/// What a profile models and what it leaves out.
public struct ModelNotes: Sendable {
  /// The profile.
  public let profile: Profile
  /// What is modelled, with the profile's values.
  public let modelled: [ModelNote]
  /// What is left out, and what that means for results.
  public let leftOut: [ModelNote]

  /// The notes of a profile.
  public init(_ profile: Profile) {
    let settings = TransportSettings.standard(profile)
    self.profile = profile
    modelled =
      ModelNotes.connecting(settings) + ModelNotes.sending(settings)
      + ModelNotes.acknowledging(settings) + ModelNotes.repairing(settings)
      + ModelNotes.network(profile) + ModelNotes.applications + ModelNotes.quic(profile)
    leftOut = ModelNotes.missing(settings)
  }

  private static func connecting(_ settings: TransportSettings) -> [ModelNote] {
    let timestamps =
      settings.timestamps ? "timestamps (12 bytes of each segment)" : "no timestamps"
    let initial = Quantity.text(settings.initialRTO)
    let linear = settings.linearSYNTimeouts
    let pace =
      linear == 0
      ? "after \(initial), then doubling" : "\(linear) times after \(initial) each, then doubling"
    return [
      ModelNote(
        "connecting",
        "three-way handshake with MSS \(settings.maximumSegmentSize), window scale, SACK permitted "
          + "and \(timestamps)", "RFC 9293 §3.5, RFC 7323, RFC 2018"),
      ModelNote(
        "SYN retransmission", "\(pace); fails after \(settings.synRetries + linear) repetitions",
        "RFC 6298 §2.1, RFC 9293 §3.8.3"),
      ModelNote(
        "closing",
        "orderly with FIN; TIME-WAIT of \(Quantity.text(settings.timeWait)); reset",
        "RFC 9293 §3.5.2, §3.6"),
      ModelNote(
        "Fast Open", "with --fast-open the request goes in the SYN, by a cookie known from before",
        "RFC 7413 §4.2"),
      ModelNote(
        "keepalive",
        "with --tcp-keepalive; \(KeepalivePolicy().probes) probes "
          + "\(Quantity.text(KeepalivePolicy().interval)) apart, then the connection fails",
        "RFC 9293 §3.8.4"),
    ]
  }

  private static func sending(_ settings: TransportSettings) -> [ModelNote] {
    [
      ModelNote("sequence space", "32 bits that wrap around", "RFC 9293 §3.4"),
      ModelNote(
        "sliding window",
        "a receive window of \(receiveWindow(settings))", "RFC 9293 §3.8.6, RFC 7323 §2"),
      ModelNote(
        "closed window",
        "with --read-rate it closes, and opens again when "
          + (settings.receivePolicy.needsSixteenth
            ? "a sixteenth of the buffer is free" : "it can move by a segment")
          + "; probed after a time-out, then after twice as long each time, "
          + (settings.probesWithoutData ? "by a bare segment" : "by an octet of data"),
        "RFC 9293 §3.8.6.1, §3.8.6.2"),
      ModelNote(
        "ECN in TCP", "with --tcp-ecn a mark is answered as a loss is, once in a round trip",
        "RFC 3168 §6.1"
      ),
      ModelNote(
        "initial window", "\(settings.initialWindow) segments, slow-start threshold without limit",
        "RFC 6928 §2"),
      ModelNote(
        "slow start",
        "grows by all that is acknowledged"
          + hyStart(settings.hyStart),
        settings.hyStart == .plusPlus ? "RFC 5681 §3.1, RFC 9406" : "RFC 5681 §3.1"),
      ModelNote(
        "congestion avoidance", congestion(settings.congestion), "RFC 9438, RFC 5681 §3.1"),
      ModelNote(
        "BBR",
        "with --congestion bbr: version 1 as in Linux, always paced; HyStart, proportional rate "
          + "reduction and the rule for unused windows do not apply",
        "draft-cardwell-iccrg-bbr-congestion-control-00"),
      ModelNote(
        "pacing",
        settings.usesPacing
          ? "segments leave spread over the round trip, at twice the window's rate in slow start and "
            + "a fifth above it afterwards; the first ten at once"
          : "none but for BBR: what the window allows leaves in a burst"),
      ModelNote(
        "Nagle and cork", "in the machine and its scripts; simulated applications switch them off",
        "RFC 9293 §3.7.4"),
      ModelNote(
        "unused window",
        settings.validatesWindow
          ? "grows only while more than half of it is used or all of it; kept for five minutes, and "
            + "counts for no more than what was used when something is lost"
          : "does not grow while the sender does not fill it (Linux's rule), and is halved for each "
            + "time-out without use",
        "RFC 7661"),
    ]
  }

  private static func hyStart(_ variant: HyStartVariant) -> String {
    switch variant {
    case .none: ""
    case .linux: "; under CUBIC, HyStart ends it when the queue grows"
    case .plusPlus: "; HyStart++ ends the first when the queue grows"
    }
  }

  private static func receiveWindow(_ settings: TransportSettings) -> String {
    let most = Quantity.text(settings.receiveWindow)
    guard settings.receivePolicy.isTuned else { return "\(most) from beginning to end" }
    let opening = Quantity.text(settings.initialReceiveWindow)
    guard settings.receivePolicy.initialBuffer < settings.receiveWindow else {
      return "\(opening) at first, up to \(most); with --receive-buffer a smaller buffer, which "
        + "grows to twice what is read in a round trip"
    }
    return "\(opening) at first and up to \(most): the buffer grows to twice what is read in a "
      + "round trip, and more where that grows"
  }

  private static func congestion(_ algorithm: CongestionAlgorithm) -> String {
    switch algorithm {
    case .cubic: "CUBIC; NewReno or BBR with --congestion reno, bbr"
    case .reno: "NewReno; CUBIC or BBR with --congestion cubic, bbr"
    case .bbr: "BBR; CUBIC or NewReno with --congestion cubic, reno"
    }
  }

  private static func acknowledging(_ settings: TransportSettings) -> [ModelNote] {
    let policy = settings.acknowledgements
    let delay = Quantity.text(policy.delay)
    let later =
      policy.everySegments <= 1
      ? "each segment at once" : "each \(ordinal(policy.everySegments)) segment or after \(delay)"
    let behaviour =
      policy.quickSegments == 0
      ? later : "the first \(policy.quickSegments) segments at once, then \(later)"
    return [
      ModelNote(
        "acknowledgements", behaviour + "; out of order and filled gaps at once",
        "RFC 9293 §3.8.6.3, RFC 5681 §4.2"),
      ModelNote("duplicates received", "reported with D-SACK", "RFC 2883 §4"),
    ]
  }

  private static func ordinal(_ count: UInt32) -> String {
    count == 2 ? "second" : "\(count)th"
  }

  private static func repairing(_ settings: TransportSettings) -> [ModelNote] {
    let least = Quantity.text(settings.minimumRTO)
    let floor: String =
      switch settings.rtoFloor {
      case .variance: "the smoothed round trip and at least \(least)"
      case .total: "at least \(least)"
      }
    return [
      lossRecovery(settings.lossDetection),
      ModelNote(
        "window in recovery", "proportional rate reduction with its slow-start bound", "RFC 6937 §3"
      ),
      ModelNote(
        "limited transmit", "what is SACKed, or a duplicate without SACK, lets a new segment out",
        "RFC 3042"),
      ModelNote(
        "retransmission time-out",
        "\(floor); doubles each time up to 120s, fails after \(settings.dataRetries) repetitions",
        "RFC 6298 §2, §5"),
      ModelNote(
        "undo",
        "of a needless time-out by timestamps or F-RTO, of any needless repetition by D-SACK",
        "RFC 3522, RFC 4015, RFC 5682, RFC 3708"),
    ]
  }

  private static func lossRecovery(_ detection: LossDetection) -> ModelNote {
    switch detection {
    case .duplicateAcknowledgements:
      ModelNote(
        "loss recovery", "a segment is lost when three above it were SACKed; NewReno without SACK",
        "RFC 6675, RFC 6582")
    case .rack:
      ModelNote(
        "loss recovery",
        "RACK-TLP: a segment is lost when one sent later has arrived and a round trip, with a quarter "
          + "for reordering and one more for each round with a D-SACK, is over; a probe after two round "
          + "trips finds losses at the tail; NewReno without SACK", "RFC 8985, RFC 6582")
    }
  }

  private static func network(_ profile: Profile) -> [ModelNote] {
    let link = Scenario.standard(profile).links[0]
    let isFree = link.acknowledgementsAreFree
    return [
      ModelNote(
        "links",
        "serialise IP bytes (pure acknowledgements \(isFree ? "take no time" : "too")), then delay; "
          + "rate \(Quantity.text(link.rate)) and queue \(Quantity.text(link.queue)) unless told otherwise"
      ),
      ModelNote(
        "queues",
        "drop-tail, in packets or bytes, the packet in service counted; with --aqm, RED (gentle, in "
          + "packets) on entry or CoDel on leaving; with --ecn on these mark what allows it",
        "RFC 2309, RFC 8289, RFC 3168 §7"),
      ModelNote(
        "losses",
        "at random, in bursts (Gilbert-Elliott), while there is an outage, or the packets that are "
          + "listed; before the queue"),
      ModelNote(
        "impairments",
        "jitter that keeps the order, packets that are late, packets sent twice: each with its own "
          + "random stream; rates that change, for the packet in service too"),
      ModelNote(
        "middleboxes",
        "with --nat-timeout: a NAT next to the client that forgets idle connections without a word",
        "RFC 5382 §5"),
      ModelNote("hosts", "take no time, but for the server's think time"),
    ]
  }

  private static var applications: [ModelNote] {
    [
      ModelNote("tcp", "one download for each connection; a request of 15 bytes"),
      ModelNote(
        "HTTP/1.0 and HTTP/1.1",
        "real heads; requests in series over kept or new connections, several in parallel; both "
          + "ends' limits of idle time and of requests; safe repetition",
        "RFC 1945, RFC 9112 §9.3, RFC 9110 §9.2.2"),
      ModelNote(
        "connection pools",
        "limits of waiting requests and of their time, lifetime, checks before use and heartbeats "
          + "by OPTIONS *, either order of reuse, connections opened ahead", "RFC 9110 §9.3.7"),
      ModelNote("arrivals", "with --arrivals: evenly, or by chance as a Poisson process"),
      ModelNote(
        "pipelining",
        "responses in the order of the requests; nothing behind what is not idempotent",
        "RFC 9112 §9.3.2"),
      ModelNote(
        "responses",
        "in parts, in chunks of up to 32 KiB, up to the close, after 101, with 103 before them, or "
          + "with a wrong length; objects that are named in a part of another",
        "RFC 9112 §6, §7.1, RFC 8297, RFC 9110 §7.8"),
      ModelNote(
        "proxies",
        "with --proxy: correct and smart ones with connections of their own, relays that forward "
          + "Connection or strip it", "RFC 9110 §7.6, RFC 9112 §C.2.2"),
      ModelNote(
        "HTTP/2",
        "frames with the lengths of real field blocks; windows of streams and connection; limits of "
          + "streams; a send buffer of twice the congestion window; each end by itself or by a preset "
          + "(model http2-presets)",
        "RFC 9113, RFC 7541"),
      ModelNote(
        "HTTP/2 errors",
        "with cancel, --request-timeout and --inject: RST_STREAM, GOAWAY with its code, refused streams "
          + "asked for again; limits of resets and of frames that carry nothing; injected frames are read "
          + "by the rules, the ends' own are right",
        "RFC 9113 §5.4, §8.7, §10.5"),
      ModelNote(
        "HTTP/2 PING",
        "with --ping: asked after silence, given up without an answer; limits of servers (--ping-limit); "
          + "windows that follow the path as hyper's; GOAWAY in one step or two (--goaway)",
        "RFC 9113 §6.7, §6.8"),
      ModelNote(
        "HTTP/2 priorities",
        "with --scheduler urgency: strictly by urgency, parts by turns; with tree: dependencies and "
          + "weights; sent as fields or frames, changed later; servers change none by themselves",
        "RFC 9218, RFC 7540 §5.3"),
      ModelNote(
        "ALPN",
        "both ends' lists of protocols with their bytes; HTTP/1.1 where a server knows no h2",
        "RFC 7301, RFC 9113 §3.2"),
      ModelNote(
        "TLS",
        "with --tls: the flights of 1.2 and 1.3 with OpenSSL's bytes, whole, resumed, with False "
          + "Start, retried or with early data; records of up to 16 KiB that are read whole",
        "RFC 5246, RFC 5077, RFC 7918, RFC 8446, RFC 8470"),
      ModelNote(
        "replay", "with --replay-early: early data repeated by somebody on the path, without keys",
        "RFC 8446 §8"),
    ]
  }
}
