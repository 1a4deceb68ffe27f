import NetSim

extension ModelNotes {
  /// What QUIC and HTTP/3 do in a profile.
  static func quic(_ profile: Profile) -> [ModelNote] {
    let server = QUICPolicy.standard(profile).server
    return [
      ModelNote(
        "QUIC",
        "with --protocol http3: long and short headers, CRYPTO, STREAM and ACK frames with their real "
          + "lengths, padded Initial packets, three times what was received before the address is "
          + "proved; Retry, tokens and version negotiation by options",
        "RFC 9000, RFC 9001"),
      ModelNote("QUIC's datagrams", datagrams(server), "RFC 9000 §14, RFC 8899"),
      ModelNote("QUIC's acknowledgements", acknowledgements(server), "RFC 9000 §13.2"),
      ModelNote(
        "QUIC's loss recovery",
        "three packets or 9/8 of the round trip; probe time-outs without a floor, with "
          + (server.sendsTwoProbes ? "two packets" : "one packet") + " each"
          + (server.widensThreshold
            ? "; the packet threshold grows with what is under way, half of it and 256 at most"
            : "")
          + (server.keepsBackoff ? "; an answer to a probe alone leaves two doublings" : ""),
        "RFC 9002 §6"),
      ModelNote("QUIC's congestion control", congestion(server), "RFC 9002 §7, RFC 9438"),
      ModelNote("QUIC's pacing", pacing(server), "RFC 9002 §7.7"),
      ModelNote(
        "QUIC's paths",
        "with --rebind-at, --nat-udp-timeout or --migrate-at the client's address changes: PATH_CHALLENGE both "
          + "ways, three times what came until it is answered, window and round trip anew unless only the "
          + "port is another",
        "RFC 9000 §8.2, §9"),
      ModelNote(
        "HTTP/3",
        "a stream for each request, delivered in its own order (--stream-aware off for one order of all); "
          + "control streams and SETTINGS; streams by urgency",
        "RFC 9114, RFC 9218"),
    ]
  }

  private static func datagrams(_ end: QUICEndPolicy) -> String {
    if end.carriesSegments { return "carry as much as a TCP segment, headers included" }
    let sizes = end.triedSizes.map { String($0) }
    return "\(end.datagramSize) bytes of UDP payload"
      + (sizes.isEmpty
        ? ", without probes of the path"
        : ", then \(Wording.list(sizes)) where probes of that size are answered")
  }

  private static func acknowledgements(_ end: QUICEndPolicy) -> String {
    if end.answersEvery <= 1 { return "each packet at once" }
    let latest =
      end.waitsAnEighth
      ? "an eighth of the round trip, \(Quantity.text(end.mostDelay)) at most"
      : Quantity.text(end.mostDelay)
    let each = end.answersEvery == 2 ? "second" : "\(end.answersEvery)th"
    return "each \(each) packet or after \(latest); out of order at once"
  }

  private static func congestion(_ end: QUICEndPolicy) -> String {
    guard end.countsBytes else {
      return "the same CUBIC and NewReno as over TCP, in datagrams; lowered once a round trip; "
        + "persistent congestion"
    }
    return
      "ngtcp2's CUBIC in bytes: RFC 8312's curve scaled by the time of its epoch, so that in the "
      + "first second only the Reno-friendly window grows, by a packet a window; HyStart++ without "
      + "its conservative phase; no growth far beyond what the path delivers; NewReno with "
      + "--congestion reno"
  }

  private static func pacing(_ end: QUICEndPolicy) -> String {
    end.burst == 0
      ? "none: what the window allows leaves in a burst"
      : "5/4 of the window a round trip, after bursts of \(end.burst) datagrams"
        + (end.pacingSlack > .zero ? " or \(Quantity.text(end.pacingSlack)) early" : "")
  }

  /// What QUIC does not do in any profile.
  static var missingQUIC: [ModelNote] {
    [
      ModelNote(
        "the rest of QUIC",
        "no key update, stateless reset, preferred address or DATAGRAM frame; --read-rate and BBR are "
          + "TCP's",
        "RFC 9000 §9.6, §10.3, RFC 9001 §6, RFC 9221"),
      ModelNote(
        "the rest of HTTP/3", "no push, no priorities that change, no proxies",
        "RFC 9114 §4.6, RFC 9218 §7.2"),
    ]
  }
}
