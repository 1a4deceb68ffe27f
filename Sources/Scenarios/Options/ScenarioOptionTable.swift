extension ScenarioOption {
  /// All options, by section.
  public static let all: [ScenarioOption] =
    general + link + impairments + transport + tls + http + streams + quic + pool + workload

  static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static let general = [
    ScenarioOption(
      .profile, .top, "PROFILE", "whose behaviour the hosts have", default: "linux",
      words: WordChoice.profile.allWords),
    ScenarioOption(.seed, .top, "NUMBER", "seed of every random stream", default: "1"),
    ScenarioOption(
      .timeLimit, .top, "TIME", "simulated time after which a run is stopped", default: "86400s"),
  ]

  private static let link = [
    ScenarioOption(
      .rate, .link, "RATE", "bits per second, both ways", default: "10Mbps; unlimited in ideal"),
    ScenarioOption(.rateUp, .link, "RATE", "the rate to the server", default: "as --rate"),
    ScenarioOption(.rateDown, .link, "RATE", "the rate to the client", default: "as --rate"),
    ScenarioOption(.rtt, .link, "TIME", "round trip of the empty path", default: "40ms"),
    ScenarioOption(
      .rttUp, .link, "TIME", "a round trip of which the way to the server takes half",
      default: "as --rtt"),
    ScenarioOption(
      .rttDown, .link, "TIME", "a round trip of which the way to the client takes half",
      default: "as --rtt"),
    ScenarioOption(
      .queue, .link, "QUEUE", "packets or bytes that may wait, the one in service included",
      default: "100packets; unlimited in ideal"),
    ScenarioOption(.queueUp, .link, "QUEUE", "the queue to the server", default: "as --queue"),
    ScenarioOption(.queueDown, .link, "QUEUE", "the queue to the client", default: "as --queue"),
    ScenarioOption(
      .loss, .link, "LOSS",
      "share of packets lost at random, both ways, or bursts: burst:ENTER,LEAVE[,LOSS[,LOSS OUTSIDE]]",
      default: "0%"),
    ScenarioOption(.lossUp, .link, "LOSS", "losses to the server", default: "as --loss"),
    ScenarioOption(.lossDown, .link, "LOSS", "losses to the client", default: "as --loss"),
    ScenarioOption(
      .drop, .link, "LIST",
      "packets to lose: the n-th (down:5,9), the n-th with data (down:data:5), or by sequence number "
        + "(down:seq:1, on a second connection down:seq:1/1)",
      default: "none", repeatable: true),
  ]

  private static let transport = [
    ScenarioOption(
      .congestion, .transport, "NAME", "congestion control", default: "cubic",
      words: WordChoice.congestion.allWords),
    ScenarioOption(
      .initialWindow, .transport, "COUNT", "initial window in segments or datagrams", default: "10"),
    ScenarioOption(
      .mss, .transport, "SIZE", "maximum segment size without TCP options", default: "1460"),
    ScenarioOption(
      .ackDelay, .transport, "TIME", "longest delay of an acknowledgement",
      default: "40ms; 200ms in rfc; over QUIC 25ms; 0ms in ideal"),
    ScenarioOption(
      .minRTO, .transport, "TIME", "least retransmission time-out",
      default: "200ms; 1s in rfc and ideal"),
    ScenarioOption(
      .receiveWindow, .transport, "SIZE", "largest receive window",
      default: "3840KiB; 1GiB in ideal"),
    ScenarioOption(
      .receiveBuffer, .transport, "SIZE",
      "what the buffer holds at first; in linux it grows to the window as data is read",
      default: "as large as the window"),
    ScenarioOption(
      .pacing, .transport, "on|off", "packets spread over the round trip",
      default: "on; off in rfc over TCP, and in ideal", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .slowStartAfterIdle, .transport, "on|off",
      "whether the window falls while nothing is sent", default: "on",
      words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .timestamps, .transport, "on|off", "the timestamps option, 12 bytes of each segment",
      default: "on; off in ideal", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .sack, .transport, "on|off", "selective acknowledgements", default: "on",
      words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .tcpECN, .transport, "on|off",
      "explicit congestion notification of TCP, asked for and granted, or of QUIC",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .tcpKeepalive, .transport, "TIME", "how long an idle connection waits before it is probed",
      default: "off"),
    ScenarioOption(
      .fastOpen, .transport, "on|off", "requests in the SYN, with a cookie known from before",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .recovery, .transport, "NAME", "loss recovery", default: "by profile", modelled: false),
  ]

  private static let tls = [
    ScenarioOption(
      .tls, .tls, "VERSION", "TLS below the protocol; http3 takes those of 1.3",
      default: "none; 1.3 for http2 and http3",
      words: WordChoice.tls.allWords),
    ScenarioOption(
      .certificateSize, .tls, "SIZE", "bytes of the server's certificates", default: "815"),
    ScenarioOption(
      .tlsTime, .tls, "TIME", "how long the server computes before each flight of a handshake",
      default: "0ms"),
    ScenarioOption(
      .earlyData, .tls, "safe|any", "which requests leave as early data", default: "safe",
      words: WordChoice.earlyData.allWords),
    ScenarioOption(
      .replayEarly, .tls, "TIME",
      "an attacker repeats the first early data so long after it was sent", default: "none"),
    ScenarioOption(
      .antiReplay, .tls, "on|off", "whether the server takes each ticket's early data once",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .clientALPN, .client, "NAMES",
      "protocols that clients offer in TLS, such as h2,http/1.1; off where they know beforehand",
      default: "as the protocol has it"),
    ScenarioOption(
      .serverALPN, .server, "NAMES",
      "protocols that servers know in TLS, the one they like best first; off where they take no notice",
      default: "h2,http/1.1,http/1.0"),
  ]

  private static let http = [
    ScenarioOption(
      .protocol, .http, "PROTOCOL", "tcp (one download per object) or a version of HTTP",
      default: "http1", words: WordChoice.application.allWords),
    ScenarioOption(
      .connections, .http, "COUNT", "connections open at once",
      default: "1; for tcp as many as objects"),
    ScenarioOption(
      .keepAlive, .http, "on|off", "whether a connection serves more than one request",
      default: "on; off for http1.0", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .keepAliveTimeout, .http, "TIME", "how long servers keep a connection without a request",
      default: "75s; unlimited in rfc and ideal"),
    ScenarioOption(
      .keepAliveMax, .http, "COUNT", "requests that a connection serves at most",
      default: "1000; unlimited in rfc and ideal"),
    ScenarioOption(
      .connectionLifetime, .http, "TIME", "the age at which servers end a connection",
      default: "unlimited"),
    ScenarioOption(
      .requestTimeout, .http, "TIME", "how long a client wants an answer, from when it wants it",
      default: "unlimited"),
    ScenarioOption(
      .poolIdle, .http, "TIME", "how long the client keeps a connection without a request",
      default: "118s; unlimited in rfc and ideal"),
    ScenarioOption(
      .proxy, .http, "KINDS",
      "proxies on the way, the one next to the client first: correct, smart, blind, stripping",
      default: "none"),
    ScenarioOption(
      .proxyRTT, .http, "TIME", "round trip from a proxy to what lies behind it",
      default: "as --rtt"),
    ScenarioOption(
      .proxyConnection, .http, "on|off",
      "whether clients ask proxies by Proxy-Connection instead of Connection", default: "off",
      words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .responseHead, .http, "alone|joined",
      "whether a response's head leaves before its body, in a packet of its own",
      default: "alone; joined in rfc and ideal", words: WordChoice.responseHead.allWords),
  ]

  private static let workload = [
    ScenarioOption(
      .objects, .workload, "SIZES",
      "sizes in order: 20000,3000 or 20x30kB; what is no GET with its method: post:1kB; with an "
        + "urgency over HTTP/2 or HTTP/3: u0:1kB",
      default: "100kB"),
    ScenarioOption(
      .request, .workload, "SIZE", "bytes of a request with its head", default: "auto"),
    ScenarioOption(
      .start, .workload, "RULE", "when each object is asked for", default: "together",
      words: WordChoice.start.allWords),
    ScenarioOption(
      .arrivals, .workload, "GAPS",
      "objects wanted one after the other, instead of --start: every:TIME or poisson:NUMBER/s, "
        + "and ,from:TIME", default: "none"),
    ScenarioOption(
      .readRate, .workload, "SIZE", "bytes a second that a client's application reads",
      default: "unlimited"),
    ScenarioOption(
      .serverTime, .server, "TIMES", "think time: one for all requests, or a list of one each",
      default: "0ms"),
  ]
}
