import NetSim
import Scenarios
import Testing

@Suite struct OptionErrorTests {
  /// The message that options are refused with; "accepted" if they are not.
  static func refusal(_ options: [(name: String, value: String)]) -> String {
    do throws(OptionError) {
      _ = try ScenarioBuilder(options).build()
      return "accepted"
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    ("rate", "0", "a rate must be more than zero, such as 10Mbps"),
    ("rate", "0Mbps", "a rate must be more than zero, such as 10Mbps"),
    ("rate", "10", "a rate needs a unit, such as 10Mbps"),
    ("rate", "-1Mbps", "a rate must be more than zero, such as 10Mbps"),
    ("rate", "fast", "a rate is a number with a unit, such as 10Mbps"),
    ("rate", "1.2.3Mbps", "a rate is a number with a unit, such as 10Mbps"),
    ("rate", ".5Mbps", "a rate is a number with a unit, such as 10Mbps"),
    (
      "rate", "1e6bps",
      "e6bps is no unit of rate, which takes bps, kbps, Mbps, Gbps or Tbps, such as 10Mbps"
    ),
    ("rate", "10MBps", "Bps would be bytes per second; a rate is in bits, such as 10Mbps"),
    ("rate", "2Tbps", "a rate is at most 1Tbps"),
    ("rate", "9999999999999999999Tbps", "a rate is at most 1Tbps"),
    ("rate", "99999999999999999999bps", "a rate has at most 19 digits, such as 10Mbps"),
    ("rate", "1.5bps", "a rate is not finer than a bit per second, such as 10Mbps"),
    ("rtt", "50", "a duration needs a unit, such as 50ms"),
    ("rtt", "-5ms", "a duration is zero or more, such as 50ms"),
    ("rtt", "86401s", "a duration is at most 86400s"),
    ("rtt", "0.5ns", "a duration is not finer than a nanosecond, such as 50ms"),
    ("rtt", "5h", "h is no unit of duration, which takes ns, us, ms or s, such as 50ms"),
    ("read-rate", "0", "a rate of reading lies between 1B/s and 1TB/s"),
    ("read-rate", "fast", "a size is a whole number or one with a unit, such as 64KiB"),
    ("tcp-keepalive", "10ms", "an idle time is 1s or more, such as 30s, or off"),
    ("queue", "100", "a queue needs a unit, such as 100packets or 64KiB"),
    ("queue", "0packets", "a queue in packets lies between 1 and 1000000000"),
    ("queue", "0B", "a queue must hold at least one packet, such as 100packets"),
    ("queue", "big", "a queue is a number of packets or a size, such as 100packets or 64KiB"),
    ("queue-up", "1000B", "a queue must hold at least one packet, here of 1500 bytes"),
    ("loss", "150%", "a probability lies between 0% and 100%"),
    ("loss", "-1%", "a probability lies between 0% and 100%"),
    ("loss", "0.01", "a probability needs a percent sign, such as 1.5%"),
    ("loss", "lots", "a probability is a number of percent, such as 1.5%"),
    ("loss", "0.00000001%", "a probability is not finer than 0.0000001%"),
  ])
  func refusesLinks(name: String, value: String, reason: String) {
    #expect(OptionErrorTests.refusal([(name, value)]) == "--\(name) \(value): \(reason)")
  }

  @Test(arguments: [
    (
      "loss", "burst:1%",
      "bursts are the probabilities to enter one, to leave it and, if not all is lost in it, of a "
        + "loss in it and outside of it, such as burst:1%,30%,90%,0.1%"
    ),
    ("loss", "burst:1%,lots", "a probability is a number of percent, such as 1.5%"),
    ("aqm", "codle", "did you mean codel? It takes droptail, red or codel"),
    ("aqm", "fq", "it takes droptail, red or codel"),
    ("aqm", "droptail:5", "droptail has no parameters; --queue is its length"),
    (
      "aqm-up", "red:5",
      "RED takes the least and the greatest average in packets, the probability at the greatest and "
        + "the weight of a packet, such as red:5,15,10%,1/512"
    ),
    ("aqm", "red:15,5", "RED's greatest average is more than its least, such as red:5,15"),
    ("aqm", "red:5,70000", "RED's greatest average lies between 1 and 65535"),
    (
      "aqm", "red:5,15,10%,1/500",
      "RED's weight is one in a power of two up to 65536, such as 1/512"
    ),
    (
      "aqm", "codel:5ms", "CoDel takes the target and the interval, such as codel:5ms,100ms"
    ),
    (
      "aqm-down", "codel:5ms,5s",
      "CoDel's target is more than zero, its interval no less and at most 4s"
    ),
    ("ecn", "yes", "it takes on or off"),
    ("jitter", "5", "a duration needs a unit, such as 50ms"),
    ("jitter-up", "5s", "a jitter is at most 4s"),
    ("reorder", "5ms", "a probability is a number of percent, such as 1.5%"),
    ("reorder", "1%:0ms", "a late packet is late by more than zero, such as 1%:5ms"),
    ("duplicate", "2", "a probability needs a percent sign, such as 1.5%"),
    (
      "outage", "2s",
      "an outage lasts from one time to another, such as 2s-3s, or hold:2s-3s where packets wait"
    ),
    ("outage-down", "3s-2s", "an outage ends after it begins"),
    ("rate-steps", "1Mbps", "a step is a time and the rate from then on, such as 5s:1Mbps"),
    ("rate-steps", "5s:0Mbps", "a rate must be more than zero, such as 10Mbps"),
    (
      "rate-steps-up", "5s:1Mbps,5s:2Mbps",
      "steps stand in the order of their times, each later than the last"
    ),
  ])
  func refusesImpairments(name: String, value: String, reason: String) {
    #expect(OptionErrorTests.refusal([(name, value)]) == "--\(name) \(value): \(reason)")
  }

  @Test(arguments: [
    (
      "drop", "5",
      "a list of drops names a direction and the packets, such as down:5,9, up:data:1 or "
        + "down:seq:14601"
    ),
    (
      "drop", "left:5",
      "a list of drops names a direction and the packets, such as down:5,9, up:data:1 or "
        + "down:seq:14601"
    ),
    ("drop", "down:0", "the number of a packet lies between 1 and 4294967295"),
    ("drop", "down:5,", "the number of a packet is a whole number without a unit"),
    ("congestion", "cubik", "did you mean cubic? It takes reno, cubic or bbr"),
    ("congestion", "x", "it takes reno, cubic or bbr"),
    ("initial-window", "0", "the initial window in segments lies between 1 and 10000"),
    ("initial-window", "10kB", "the initial window in segments is a whole number without a unit"),
    ("mss", "87", "the maximum segment size lies between 88 and 65495 bytes"),
    ("mss", "65496", "the maximum segment size lies between 88 and 65495 bytes"),
    ("receive-window", "0", "a receive window lies between 1 byte and 1GiB"),
    ("receive-window", "2GiB", "a receive window lies between 1 byte and 1GiB"),
    ("min-rto", "121s", "a time-out lies between 1ns and 120s, such as 200ms"),
    ("min-rto", "0ms", "a time-out lies between 1ns and 120s, such as 200ms"),
    ("seed", "-1", "a seed lies between 0 and 18446744073709551615"),
    ("seed", "x", "a seed is a whole number without a unit"),
    ("profile", "linus", "did you mean linux? It takes linux, rfc or ideal"),
    ("certificate-size", "0", "a certificate lies between 1 byte and 16MB"),
    ("recovery", "rack", "recovery is not modelled yet"),
    ("scheduler", "fifo", "it takes round-robin, sequential, urgency or tree"),
  ])
  func refusesTransports(name: String, value: String, reason: String) {
    #expect(OptionErrorTests.refusal([(name, value)]) == "--\(name) \(value): \(reason)")
  }

  @Test(arguments: [
    (
      "protocol", "grpc",
      "grpc is not modelled yet; this version has tcp, http1.0, http1, http1-pipelined, http2 and http3"
    ),
    (
      "protocol", "htp1",
      "did you mean http1? It takes tcp, http1.0, http1, http1-pipelined, http2 or http3"
    ),
    ("objects", "1,,2", "a size is missing; objects are sizes, such as 20000 or 20x30kB"),
    ("objects", "0x30kB", "the number of objects lies between 1 and 100000"),
    ("objects", "-5", "a size is zero or more, such as 64KiB"),
    ("objects", "3x", "a size is missing after 3x, such as 20x30kB"),
    ("objects", "x5", "the number of objects is a whole number without a unit"),
    ("objects", "60000x1,60000x1", "a workload has at most 100000 objects"),
    ("objects", "2x600GB", "the objects of a workload have at most 1TB together"),
    ("objects", "2Mb", "a small b would be bits; a size is in bytes, such as 64KiB"),
    ("objects", "1.5", "a size is not finer than a byte, such as 64KiB"),
    ("connections", "0", "the number of connections lies between 1 and 10000"),
    ("connections", "10001", "the number of connections lies between 1 and 10000"),
    ("keep-alive", "yes", "it takes on or off"),
    ("keep-alive", "no", "it takes on or off"),
    (
      "protocol", "grpcs",
      "did you mean grpc? grpc is not modelled yet; this version has tcp, http1.0, http1, http1-pipelined, http2 and http3"
    ),
    ("start", "in-serie", "did you mean in-series? It takes together, in-series or after-first"),
    ("request", "0", "a request lies between 1 byte and 1GiB"),
    ("server-time", "5", "a duration needs a unit, such as 50ms"),
    ("server-time", "5ms,", "a duration is a number with a unit, such as 50ms"),
  ])
  func refusesWorkloads(name: String, value: String, reason: String) {
    #expect(OptionErrorTests.refusal([(name, value)]) == "--\(name) \(value): \(reason)")
  }

  @Test func refusesWhatDoesNotFitTogether() {
    #expect(
      OptionErrorTests.refusal([("protocol", "tcp"), ("objects", "5,0")])
        == "--objects 5,0: an object over tcp has at least one byte")
    #expect(
      OptionErrorTests.refusal([("queue", "1500B"), ("mss", "9000")])
        == "--queue 1500B: a queue must hold at least one packet, here of 9040 bytes")
    #expect(
      OptionErrorTests.refusal([("protocol", "http1-pipelined"), ("keep-alive", "off")])
        == "--keep-alive off: requests are pipelined on connections that are kept")
    #expect(
      OptionErrorTests.refusal([("certificate-size", "3kB")])
        == "--certificate-size 3kB: a certificate needs TLS, as with tls 1.3")
  }

  @Test func namesWhereTheValueStood() {
    #expect(OptionErrorTests.refusal([("objects", "")]).hasPrefix("--objects \"\": a size is"))
    #expect(
      OptionErrorTests.refusal([("ratee", "1")]) == "--ratee: no such option; did you mean --rate?")
    #expect(OptionErrorTests.refusal([("zzzzzz", "1")]) == "--zzzzzz: no such option")
    #expect(
      OptionErrorTests.refusal([("server-time", "1ms,2ms")])
        == "--server-time 1ms,2ms: one time for all requests or one for each is wanted, of which "
        + "there is 1")
  }

  @Test(arguments: ScenarioOption.all.map(\.name))
  func saysEverythingInOneLine(name: ScenarioOptionName) {
    for value in [
      "", "\n", "5\n", "5\u{1B}[2J\r\n", "5\nx,", "-", "%", "x", ",", ":", "-1",
      "99999999999999999999999", "é",
    ] {
      let message = OptionErrorTests.refusal([(name.rawValue, value)])
      #expect(
        !message.contains { $0.isNewline || $0 == "\u{1B}" }
          && message.hasPrefix("--\(name.rawValue) "), "\(message)")
    }
  }

  @Test func shortensLongValues() {
    let long = String(repeating: "9", count: 10_000)
    for name in ["rate", "objects", "drop", "seed", "congestion"] {
      #expect(OptionErrorTests.refusal([(name, long)]).count < 200)
      #expect(OptionErrorTests.refusal([(name, "5" + long + "q" + long)]).count < 200)
      #expect(OptionErrorTests.refusal([(name + long, "5")]).count < 200)
    }
    #expect(
      OptionErrorTests.refusal([("rate", "5" + String(repeating: "q", count: 99))]).count < 300)
  }

  @Test func findsTheNearestWord() {
    #expect(Wording.nearest("cubik", among: ["reno", "cubic"]) == "cubic")
    #expect(Wording.nearest("compaer", among: ["run", "compare"]) == "compare")
    #expect(Wording.nearest("RUN", among: ["sweep", "run"]) == "run")
    #expect(Wording.nearest("", among: ["run"]) == nil)
    #expect(Wording.nearest("run", among: []) == nil)
  }
}
