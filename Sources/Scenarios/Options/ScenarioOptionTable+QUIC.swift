extension ScenarioOption {
  /// What the ends of QUIC connections do, beside what they share with HTTP/2 and TCP. Without the name
  /// of an end an option is about both.
  static let quic = [
    ScenarioOption(
      .streamAware, .quic, "on|off",
      "whether each stream is delivered in its own order, or all bytes in the order of sending",
      default: "on", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .retry, .quic, "on|off",
      "whether servers let clients prove their address first, by a Retry packet",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .addressToken, .quic, "on|off",
      "whether clients bring a token of an earlier connection, which proves their address",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .versionNegotiation, .quic, "on|off",
      "whether servers do not know the version that clients try first",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .maxDatagramSize, .quic, "SIZE", "UDP payload of datagrams, before probes find more",
      default: "1200; as --mss in ideal"),
    ScenarioOption(
      .pmtudProbes, .quic, "SIZES",
      "UDP payloads that are tried once the handshake is complete, such as 1350,1452, or off",
      default: "1406,1444; off in rfc and ideal"),
    ScenarioOption(
      .idleTimeout, .quic, "TIME", "how long QUIC keeps a connection on which nothing comes",
      default: "30s"),
    ScenarioOption(
      .ackThreshold, .quic, "COUNT", "QUIC packets after which one is acknowledged at once",
      default: "2; 1 in ideal"),
    ScenarioOption(
      .quicKeepalive, .quic, "TIME",
      "how long nothing passes on a QUIC connection before a PING keeps it and NATs' ports",
      default: "off"),
    ScenarioOption(
      .ackFrequency, .quic, "COUNT,TIME",
      "how seldom an end asks its peer to acknowledge, such as 10,25ms, or off", default: "off"),
    ScenarioOption(
      .minAckDelay, .quic, "TIME",
      "the least delay of acknowledgements that an end can be asked for, or off for nobody may ask",
      default: "off"),
    ScenarioOption(
      .connectionIDLength, .quic, "BYTES", "bytes of the connection IDs that an end chooses",
      default: "client 17, server 18; 8 in rfc and ideal"),
    ScenarioOption(
      .streamsPerPacket, .quic, "COUNT", "streams that share a QUIC packet, where so many wait",
      default: "1"),
    ScenarioOption(
      .pacingBurst, .quic, "COUNT", "QUIC datagrams that leave at once where they are paced",
      default: "client 45, server 10; 10 in rfc"),
    ScenarioOption(
      .ptoProbes, .quic, "1|2", "packets that a probe time-out of QUIC sends", default: "2"),
    ScenarioOption(
      .migrateAt, .quic, "TIME",
      "when clients go on from another address with all their QUIC connections, or off",
      default: "off"),
    ScenarioOption(
      .migrateRTT, .quic, "TIME", "the round trip from that address", default: "as --rtt"),
    ScenarioOption(
      .migrateRate, .quic, "RATE", "the rate from and to that address", default: "as --rate"),
    ScenarioOption(
      .forbidMigration, .quic, "on|off",
      "whether servers forbid that (disable_active_migration)", default: "off",
      words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .altSvc, .quic, "on|off",
      "whether clients begin over HTTP/2 and learn of HTTP/3 from the first response",
      default: "off", words: WordChoice.switchWords.allWords),
    ScenarioOption(
      .raceTCP, .quic, "TIME",
      "how long QUIC has before HTTP/2 over TCP is tried beside it, or off", default: "off"),
    ScenarioOption(
      .cryptoBuffer, .quic, "SIZE", "bytes of a QUIC handshake that an end can keep",
      default: "64KiB"),
  ]
}
