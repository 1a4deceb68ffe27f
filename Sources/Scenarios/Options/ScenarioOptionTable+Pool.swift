extension ScenarioOption {
  /// How a client's connections wait for requests, and requests for them; and what requests say.
  static let pool = [
    ScenarioOption(
      .poolQueue, .http, "COUNT",
      "requests that may wait for a connection to an origin; one more fails at once",
      default: "unlimited"),
    ScenarioOption(
      .poolWait, .http, "TIME", "how long a request waits for a connection before it fails",
      default: "unlimited"),
    ScenarioOption(
      .poolLifetime, .http, "TIME",
      "the age from which a connection is closed when it is next free", default: "unlimited"),
    ScenarioOption(
      .poolValidate, .http, "TIME[:TIMEOUT]",
      "a connection idle for longer is checked by a small request before it is used",
      default: "off"),
    ScenarioOption(
      .heartbeat, .http, "TIME[:TIMEOUT]",
      "an idle connection gets a small request so often, to be kept open", default: "off"),
    ScenarioOption(
      .poolOrder, .http, "lifo|fifo",
      "whether the connection used last is used next, or the one idle for longest",
      default: "lifo", words: WordChoice.idleOrder.allWords),
    ScenarioOption(
      .poolWatch, .http, "on|off",
      "whether the client sees at once that a server has closed an idle connection",
      default: "on", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .poolWarm, .http, "COUNT", "connections opened before anything is asked", default: "0"),
    ScenarioOption(
      .headers, .http, "curl|browser", "whose header fields requests have", default: "curl",
      words: WordChoice.fields.allWords),
    ScenarioOption(
      .cookie, .http, "SIZE", "bytes of the cookie in each request", default: "none"),
  ]
}
