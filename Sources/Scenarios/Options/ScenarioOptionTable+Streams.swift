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
      "flow-control window of an HTTP/2 stream: what either end takes ahead",
      default: "32MiB, nginx's 64KiB; 65535 in rfc; unlimited in ideal"),
    ScenarioOption(
      .connectionWindow, .http, "SIZE",
      "flow-control window of an HTTP/2 connection: what either end takes ahead",
      default: "32MiB, nginx's 2GiB; 65535 in rfc; unlimited in ideal"),
    ScenarioOption(
      .maxFrameSize, .http, "SIZE",
      "largest HTTP/2 frame that either end takes, and both then send as data",
      default: "16KiB, nginx's 16777215"),
    ScenarioOption(
      .maxData, .http, "SIZE", "the most that either end puts into an HTTP/2 frame",
      default: "as much as the other takes; nginx 8KiB"),
    ScenarioOption(
      .maxConcurrentStreams, .http, "COUNT", "HTTP/2 streams that a server lets be open at once",
      default: "128; unlimited in rfc and ideal"),
    ScenarioOption(
      .assumedStreams, .http, "COUNT",
      "HTTP/2 streams that a client opens before it knows the server's limit",
      default: "100; unlimited in rfc and ideal"),
    ScenarioOption(
      .windowUpdates, .http, "each|half|third|adaptive",
      "whether an end gives HTTP/2 windows back with all that it reads, or when half is used",
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
      .scheduler, .http, "NAME", "order in which HTTP/2 streams are served",
      default: "sequential; round-robin in rfc and ideal",
      words: WordChoice.scheduler.allWords),
  ]

  private static func presets(_ own: String) -> String {
    "\(own); rfc9113 in rfc, and in ideal with windows without limit"
  }
}
