extension ScenarioOption {
  /// What links can do beside rate, delay, queue and loss: each both ways, up and down.
  static let impairments =
    ways(
      [.aqm, .aqmUp, .aqmDown], "DISCIPLINE",
      "the queue's discipline: droptail, red[:MIN,MAX,PROBABILITY,WEIGHT] in packets or "
        + "codel[:TARGET,INTERVAL]", default: "droptail")
    + ways(
      [.ecn, .ecnUp, .ecnDown], "on|off",
      "whether red or codel mark packets that allow it instead of dropping them", default: "off",
      words: WordChoice.switchWords.allWords)
    + ways(
      [.jitter, .jitterUp, .jitterDown], "TIME",
      "up to so much more delay by chance; the order stays", default: "none")
    + ways(
      [.reorder, .reorderUp, .reorderDown], "SHARE[:TIME]",
      "packets that arrive late, by 5ms or by TIME", default: "none")
    + ways(
      [.duplicate, .duplicateUp, .duplicateDown], "PROBABILITY", "packets that are sent twice",
      default: "none")
    + ways(
      [.outage, .outageUp, .outageDown], "SPANS",
      "times in which packets are lost (2s-3s,7s-8s) or wait (hold:2s-3s)", default: "none")
    + ways(
      [.rateSteps, .rateStepsUp, .rateStepsDown], "STEPS",
      "changes of the rate: 5s:1Mbps,8s:10Mbps", default: "none")
    + [
      ScenarioOption(
        .natTimeout, .link, "TIME",
        "a NAT next to the client forgets connections that are idle for so long, and then drops their "
          + "packets", default: "none"),
      ScenarioOption(
        .natUDPTimeout, .link, "TIME",
        "the same for UDP, which then gets another port; as --nat-timeout where it is not given",
        default: "none"),
      ScenarioOption(
        .rebindAt, .link, "TIMES",
        "a NAT next to the client forgets all connections then, such as 2s,5s, and gives what goes on "
          + "another port", default: "none"),
      ScenarioOption(
        .blockUDP, .link, "on|off",
        "whether a middlebox next to the client lets no UDP pass, and tells nobody",
        default: "off", words: WordChoice.switchWords.allWords),
    ]

  private static func ways(
    _ names: [ScenarioOptionName], _ placeholder: String, _ meaning: String,
    default defaultText: String, words: [String] = []
  ) -> [ScenarioOption] {
    names.map { name in
      let host = name.way == .up ? "server" : "client"
      return name.way == .both
        ? ScenarioOption(
          name, .link, placeholder, meaning, default: defaultText, words: words)
        : ScenarioOption(
          name, .link, placeholder, "the same, to the \(host) only",
          default: "as --\(name.stem)", words: words)
    }
  }
}
