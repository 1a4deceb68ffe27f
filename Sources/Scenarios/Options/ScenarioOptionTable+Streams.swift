extension ScenarioOption {
  /// What the ends of HTTP/2 connections announce, and how they send. Without the name of an end an
  /// option is about both, or about the one that it concerns.
  static let streams = [
    ScenarioOption(
      .clientHTTP2, .client, "PRESET", "whose HTTP/2 clients speak", default: presets("curl"),
      words: WordChoice.preset(.client).allWords),
    ScenarioOption(
      .serverHTTP2, .server, "PRESET", "whose HTTP/2 servers speak", default: presets("nginx"),
      words: WordChoice.preset(.server).allWords),
    ScenarioOption(
      .streamWindow, .http, "SIZE",
      "flow-control window of a stream: what either end takes ahead",
      default: "32MiB, nginx's 64KiB; 65535 in rfc; http3 6MiB and 256KiB; unlimited in ideal"),
    ScenarioOption(
      .connectionWindow, .http, "SIZE",
      "flow-control window of a connection with streams: what either end takes ahead",
      default: "32MiB, nginx's 2GiB; 65535 in rfc; http3 15MiB and 1MiB; unlimited in ideal"),
    ScenarioOption(
      .maxFrameSize, .http, "SIZE",
      "largest HTTP/2 frame that either end takes, and both then send as data",
      default: "16KiB, nginx's 16777215"),
    ScenarioOption(
      .maxData, .http, "SIZE", "the most that either end puts into an HTTP/2 frame",
      default: "as much as the other takes; nginx 8KiB"),
    ScenarioOption(
      .maxConcurrentStreams, .http, "COUNT", "streams that a server lets be open at once",
      default: "128, http3 100; unlimited in ideal, for http2 in rfc"),
    ScenarioOption(
      .assumedStreams, .http, "COUNT",
      "HTTP/2 streams that a client opens before it knows the server's limit",
      default: "100; unlimited in rfc and ideal"),
    ScenarioOption(
      .windowUpdates, .http, "each|half|third|adaptive",
      "when an end gives HTTP/2 windows back: with all that it reads, when half or a third is used, or "
        + "with windows that follow the path",
      default: "half", words: WordChoice.windowUpdates.allWords),
    ScenarioOption(
      .headerTableSize, .http, "SIZE", "table of header fields that either end keeps",
      default: "4096"),
    ScenarioOption(
      .settingsCount, .http, "COUNT", "values in the SETTINGS of either end, six bytes each",
      default: "3; hyper 4"),
    ScenarioOption(
      .push, .http, "on|off", "whether an HTTP/2 client takes what servers push",
      default: "off; on in rfc and ideal", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .scheduler, .http, "NAME", "order in which streams are served",
      default: "sequential; round-robin in rfc and ideal; http3 urgency",
      words: WordChoice.scheduler.allWords),
    ScenarioOption(
      .ping, .http, "TIME[:TIMEOUT][:idle]",
      "a client that hears nothing for so long asks by PING, with idle also while no stream is open",
      default: "off"),
    ScenarioOption(
      .pingLimit, .http, "TIME:COUNT",
      "the least time between a client's PINGs, and how many sooner ones a server forgives",
      default: "unlimited"),
    ScenarioOption(
      .goAway, .http, "once|twice",
      "whether a server that ends a connection says so once, or first without a last stream",
      default: "once", words: WordChoice.ending.allWords),
    ScenarioOption(
      .resetLimit, .http, "COUNT:COUNT",
      "streams that the other end may reset, at once and a second", default: "1000:33"),
    ScenarioOption(
      .controlLimit, .http, "COUNT:COUNT",
      "frames that carry nothing which an end takes, at once and a second", default: "1000:1000"),
    ScenarioOption(
      .maxHeaderList, .http, "SIZE", "the longest list of injected fields that an end takes",
      default: "64KiB"),
    ScenarioOption(
      .maxHeaderBlock, .http, "SIZE", "the longest block of injected fields that an end takes",
      default: "64KiB"),
    ScenarioOption(
      .inject, .http, "FRAME",
      "a frame that an end sends although it should not, such as from=client,after=0ms,frame=data",
      default: "none", repeatable: true),
  ]

  private static func presets(_ own: String) -> String {
    "\(own); rfc9113 in rfc, and in ideal with windows without limit"
  }
}
