import NetSim

extension ModelNotes {
  /// What no profile has yet.
  static func missing(_ settings: TransportSettings) -> [ModelNote] {
    let probe = ModelNote(
      "RACK-TLP", "not in this profile: a lost tail waits for the time-out", "RFC 8985")
    return (settings.lossDetection == .rack ? [] : [probe]) + missingTransport + missingLayers
      + missingQUIC
  }

  private static var missingTransport: [ModelNote] {
    [
      ModelNote(
        "BBR's policer detection", "no long-term rate where losses come with a fixed rate",
        "draft-cardwell-iccrg-bbr-congestion-control-00"),
      ModelNote(
        "bursts of an unused window", "a window kept through a pause goes out at once in rfc",
        "RFC 7661 §4.4.2"),
      ModelNote(
        "limit of challenges", "each segment that calls for an acknowledgement gets one",
        "RFC 5961 §7"),
      ModelNote(
        "Fast Open's cookies", "known from before; none is asked for or made", "RFC 7413 §4.1.2"),
      ModelNote("SYN in TIME-WAIT", "a connection's numbers are not used again", "RFC 6191"),
    ]
  }

  private static var missingLayers: [ModelNote] {
    [
      ModelNote(
        "fair queueing", "all that crosses a link shares one queue, first in, first out",
        "RFC 8290"),
      ModelNote(
        "cryptography",
        "takes the time that --tls-time says; keys, client certificates and renegotiation are not modelled",
        "RFC 8446 §4.4"),
      ModelNote(
        "HTTP/1.1 bodies", "without trailers, ranges and content codings", "RFC 9112 §7.1.2"),
      ModelNote(
        "caches and tunnels", "proxies have none; TLS ends at the first",
        "RFC 9111, RFC 9110 §9.3.6"),
      ModelNote(
        "the rest of HTTP/2", "no push; what proxies do with resets is a failed request",
        "RFC 9113 §8.4"),
    ]
  }
}
