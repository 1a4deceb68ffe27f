import Foundation
import Testing

@Suite struct CompareCommandTests {
  private static let workload = ["--objects", "5x30kB", "--rtt", "80ms", "--loss", "1%"]

  private func runs(_ arguments: [String]) throws -> [[String: Any]] {
    let result = try CommandLineProgram.run(["compare", "--format", "json"] + arguments)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.compare/1")
    #expect(Set(object.keys) == ["format", "runs"])
    return try #require(object["runs"] as? [[String: Any]])
  }

  private func scenario(_ run: [String: Any]) throws -> [String: Any] {
    try #require(run["scenario"] as? [String: Any])
  }

  @Test(arguments: [["--tls", "1.3"], ["--tls", "none"], ["--tls", "1.3-0rtt"]])
  func eachRunIsWhatRunGivesWithTheSameOptions(tls: [String]) throws {
    let names = ["tcp", "http1.0", "http1", "http1-pipelined"]
    // 1.3 is what holds without the option.
    let given = tls == ["--tls", "1.3"] ? [] : tls
    let all = try runs(["--protocols", names.joined(separator: ",")] + Self.workload + given)
    #expect(all.map { $0["protocol"] as? String } == names)
    for (name, run) in zip(names, all) {
      let alone = try CommandLineProgram.run(
        ["run", "--protocol", name, "--format", "json"] + Self.workload + tls
      ).object()
      var run = run
      run["protocol"] = nil
      #expect(run["format"] as? String == "netsim.run/1")
      #expect(NSDictionary(dictionary: run) == NSDictionary(dictionary: alone), "\(name)")
    }
  }

  @Test func theCausesOfEachRequestAddUp() throws {
    for run in try runs(["--protocols", "tcp,http1-pipelined"] + Self.workload) {
      for request in try #require(run["requests"] as? [[String: Any]]) {
        let causes = try #require(request["causes_ms"] as? [String: Double])
        let complete = try #require(request["complete_ms"] as? Double)
        let queued = try #require(request["queued_ms"] as? Double)
        #expect(abs(causes.values.reduce(0, +) - (complete - queued)) < 1e-5)
        #expect(causes["tls"] ?? 0 > 80)
      }
    }
  }

  @Test func eachProtocolKeepsItsOwnDefaults() throws {
    let all = try runs(["--protocols", "tcp,HTTP1.0, http1", "--objects", "3x1kB"])
    let http = try all.map { try #require(try scenario($0)["http"] as? [String: Any]) }
    #expect(http.map { $0["protocol"] as? String } == ["tcp", "http1.0", "http1"])
    #expect(http.map { $0["connections"] as? String } == ["3", "1", "1"])
    #expect(http.map { $0["keep-alive"] as? String } == ["on", "off", "on"])
    let tls = try all.map { (try scenario($0)["tls"] as? [String: Any])?["tls"] as? String }
    #expect(tls == ["1.3", "1.3", "1.3"])
  }

  @Test func theListWinsOverAFileWhoseTLSAndSeedStay() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "seed: 9\ntls: none\nhttp: {protocol: http1}\nworkload: {objects: 2x5kB}\n".utf8,
      as: "page.yaml")
    let all = try runs([file, "--protocols", "tcp,http1-pipelined"])
    #expect(all.map { $0["protocol"] as? String } == ["tcp", "http1-pipelined"])
    for run in all {
      let scenario = try scenario(run)
      #expect(
        (scenario["http"] as? [String: Any])?["protocol"] as? String
          == run["protocol"] as? String)
      #expect(scenario["seed"] as? String == "9")
      #expect(scenario["tls"] as? String == "none")
    }
  }

  @Test(arguments: [60, 80, 100])
  func textFitsAndEndsWithTheFastest(width: Int) throws {
    let result = try CommandLineProgram.run(
      ["compare", "--protocols", "http1.0,http1", "--ascii", "--width", "\(width)"]
        + Self.workload)
    #expect(result.status == 0)
    #expect(result.output.contains(" http1 was fastest: complete after "))
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B })
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= width })
  }

  /// What is said of one protocol alone is not refused where others are compared with it.
  @Test func eachProtocolTakesWhatItHas() throws {
    let all = try runs(
      ["--protocols", "http1,http2,http3", "--stream-window", "32KiB", "--retry", "on"]
        + ["--timestamps", "off", "--max-data", "4KiB", "--objects", "2x5kB"])
    let tls = try all.map { (try scenario($0)["tls"] as? [String: Any])?["tls"] as? String }
    #expect(tls == ["1.3", "1.3", "1.3"])
    let quic = try all.map { try scenario($0)["quic"] as? [String: Any] }
    #expect(quic.map { $0?["retry"] as? String } == [nil, nil, "on"])
    let transport = try all.map { try scenario($0)["transport"] as? [String: Any] }
    #expect(transport.map { $0?["timestamps"] as? String } == ["off", "off", nil])
  }

  // MARK: Many seeds

  private static let seeds = [
    "compare", "--protocols", "http1,http3", "--objects", "6x20kB", "--loss", "2%", "--seeds", "7",
    "--seed", "3",
  ]

  /// Each of the seven times is that of `compare` with its seed alone: the table is made of them.
  @Test func seedsAreWhatEachSeedGives() throws {
    let object = try CommandLineProgram.run(Self.seeds + ["--format", "json"]).object()
    #expect(object["seeds"] as? Int == 7 && object["first_seed"] as? String == "3")
    var times: [String: [Double]] = [:]
    for seed in 3...9 {
      let options = ["--objects", "6x20kB", "--loss", "2%", "--seed", "\(seed)"]
      for run in try runs(["--protocols", "http1,http3"] + options) {
        times[try #require(run["protocol"] as? String), default: []].append(
          try #require(run["complete_ms"] as? Double))
      }
    }
    let (first, third) = (try #require(times["http1"]), try #require(times["http3"]))
    let won = zip(third, first).filter { $0 < $1 }.count
    let protocols = try #require(object["protocols"] as? [[String: Any]])
    for (entry, name) in zip(protocols, ["http1", "http3"]) {
      #expect(entry["protocol"] as? String == name)
      let own = try #require(times[name]).sorted()
      let spread = try #require(entry["complete_ms"] as? [String: Double])
      // Of seven the first, the fourth and the seventh.
      #expect(spread["p5"] == own[0] && spread["p50"] == own[3] && spread["p95"] == own[6])
      #expect(abs((spread["mean"] ?? 0) - own.reduce(0, +) / 7) < 1e-5)
    }
    #expect(protocols[0]["won"] is NSNull && protocols[1]["won"] as? Int == won)
    let drawn = try #require(object["drawn_seed"] as? String)
    let shown = try #require(object["runs"] as? [[String: Any]])
    for run in shown { #expect(try scenario(run)["seed"] as? String == drawn) }
    // The seed whose difference is the fourth of seven.
    let differences = zip(third, first).map { $0 - $1 }
    let index = try #require(Int(drawn)) - 3
    #expect(differences[index] == differences.sorted()[3])
  }

  @Test(arguments: [60, 80])
  func seedsAreATableBeforeTheLanes(width: Int) throws {
    let result = try CommandLineProgram.run(Self.seeds + ["--ascii", "--width", "\(width)"])
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.hasPrefix(" how long each took, ms, over seeds 3 to 9\n"))
    for row in ["5th percentile", "median", "95th percentile", "mean", "sooner than first"] {
      #expect(result.output.contains("\n \(row) "))
    }
    #expect(result.output.contains(" was fastest: complete after "))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= width })
  }

  @Test func oneProtocolAloneIsFine() throws {
    let result = try CommandLineProgram.run("compare", "--protocols", "http1")
    #expect(result.status == 0)
    #expect(result.output.contains("\n http1 was complete after "))
  }

  @Test(
    arguments: [
      ([], "compare needs --protocols LIST"),
      (["--protocols"], "--protocols needs a value"),
      (["--protocols", ""], "a protocol is missing"),
      (["--protocols", "http1,,tcp"], "a protocol is missing"),
      (["--protocols", "http1,htp1.0"], "htp1.0: did you mean http1.0?"),
      (
        ["--protocols", "spdy"],
        "spdy: it takes tcp, http1.0, http1, http1-pipelined, http2 or http3"
      ),
      (["--protocols", "http1,grpc"], ": grpc is not modelled yet"),
      (["--protocols", "http1,http3", "--tls", "1.2"], "QUIC requires TLS 1.3"),
      (["--protocols", "http1", "--seeds", "0"], "--seeds 0: a whole number of 1 or more"),
      (["--protocols", "http1", "--seeds", "-5"], "--seeds -5: a whole number of 1 or more"),
      (["--protocols", "http1", "--seeds", "2", "--seed", "18446744073709551615"], "not so many"),
      (["--protocols", "tcp,http1,TCP"], "tcp is named twice"),
      (["--protocols", "tcp", "--protocol", "tcp"], "leave --protocol out"),
      (["--protocol", "tcp"], "takes --protocols"),
      (["--protocls", "tcp"], "did you mean --protocols?"),
      (["--protocols", "tcp", "a.yaml", "b.yaml"], "one too many"),
      (["--protocols", "tcp", "--rate", "5"], "--rate 5: a rate needs a unit"),
      (["--protocols", "tcp", "--tls", "none", "--certificate-size", "3kB"], "needs TLS"),
      (["--protocols", "tcp", "--format", "jsn"], "did you mean json"),
      (["--protocols", "tcp", "--width", "59"], "60 or more"),
    ] as [([String], String)])
  func aWrongCommandLineGetsOneLineAndStatus2(_ words: [String], _ hint: String) throws {
    let result = try CommandLineProgram.run(["compare"] + words)
    #expect(result.status == 2, "\(words)")
    #expect(result.output.isEmpty, "\(words)")
    #expect(result.errors.contains(hint), "\(words): \(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(words): \(result.errors)")
  }

  @Test func aBadFileIsStatus3() throws {
    let folder = try TemporaryFolder()
    let bad = try folder.write("link: {rate: 5}\n".utf8, as: "bad.yaml")
    for file in [bad, "missing.yaml"] {
      let result = try CommandLineProgram.run("compare", file, "--protocols", "tcp")
      #expect(result.status == 3)
      #expect(result.output.isEmpty)
    }
    // Its requests have targets, which plain TCP has not.
    let home = try CommandLineProgram.run("compare", "shared-home", "--protocols", "http1,tcp")
    #expect(home.status == 3)
    #expect(home.errors.contains("only requests over HTTP have a target"))
  }

  @Test func helpIsAnAnswer() throws {
    let result = try CommandLineProgram.run("compare", "--help")
    #expect(result.status == 0)
    #expect(result.output.contains("TLS below every protocol (1.3)"))
    #expect(!result.output.contains("--protocol PROTOCOL"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let overview = try CommandLineProgram.run("--help")
    #expect(overview.output.contains("simcli compare [SCENARIO] --protocols LIST\n"))
    #expect(overview.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
