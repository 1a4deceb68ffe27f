import Foundation
import Scenarios
import Testing

/// Scenario files with mistakes, and every message that each of them gets.
@Suite struct MalformedFileTests {
  @Test(arguments: MalformedFileTests.files)
  func listsEveryMistake(name: String, messages: [String]) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Malformed")
      .path(percentEncoded: false)
    let presets = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scenarios").path(percentEncoded: false)
    let file = ScenarioFile(path: folder + "/" + name + ".yaml", presets: presets)
    #expect(file.problems.map { $0.text.replacing(folder + "/", with: "") } == messages)
    #expect(throws: OptionError.self) { try file.scenario() }
  }

  static let files: [(String, [String])] = [
    (
      "anchor",
      [
        "anchor.yaml:1:7: anchors (&name) are not known here; include a file instead"
      ]
    ),
    (
      "client-with-mistakes",
      [
        "client-with-mistakes.yaml:3:15: start-at 5: a duration needs a unit, such as 50ms",
        "client-with-mistakes.yaml:4:5: link: it belongs at the top of the file",
      ]
    ),
    (
      "client-without-a-path",
      [
        "client-without-a-path.yaml:8:3: page: a path is wanted, one of near and far"
      ]
    ),
    (
      "empty-object",
      [
        "empty-object.yaml:2:21: objects 0: an object over tcp has at least one byte"
      ]
    ),
    (
      "ends-with-mistakes",
      [
        "ends-with-mistakes.yaml:2:3: initial-windows: no such key here; did you mean initial-window?",
        "ends-with-mistakes.yaml:4:3: initial-windw: no such key here; did you mean initial-window?",
        "ends-with-mistakes.yaml:5:3: rtt: it belongs under link",
      ]
    ),
    (
      "include-of-mistakes",
      [
        "three-mistakes.yaml:1:7: seed -1: a seed lies between 0 and 18446744073709551615  (included at include-of-mistakes.yaml:1:10)",
        "three-mistakes.yaml:2:18: rtt 5: a duration needs a unit, such as 50ms",
        "three-mistakes.yaml:2:28: drop left:1: a list of drops names a direction and the packets, such as down:5,9, up:data:1 or down:seq:14601",
        "include-of-mistakes.yaml:2:7: seed x: a seed is a whole number without a unit",
      ]
    ),
    (
      "include-of-a-folder",
      [
        "include-of-a-folder.yaml:1:10: include ./: a file is wanted; this is a folder"
      ]
    ),
    (
      "clients-without-one",
      [
        "clients-without-one.yaml:1:10: clients: each stands under its name; this is an empty group"
      ]
    ),
    (
      "target-over-tcp",
      [
        "target-over-tcp.yaml:2:12: objects of 1: only requests over HTTP have a target; this client's protocol is tcp"
      ]
    ),
    (
      "include-of-no-such-file",
      [
        "include-of-no-such-file.yaml:1:10: missing.yaml: no such file"
      ]
    ),
    (
      "include-of-no-such-name",
      [
        "include-of-no-such-name.yaml:1:10: include dls: no such file; did you mean dsl?"
      ]
    ),
    (
      "indentation",
      [
        "indentation.yaml:3:7: YAML: mapping values are not allowed in this context; is the line indented as those around it?"
      ]
    ),
    (
      "key-twice",
      [
        "key-twice.yaml:3:3: rate: the key stands here twice; it was given on line 2"
      ]
    ),
    (
      "list-instead-of-keys",
      [
        "list-instead-of-keys.yaml:1:1: a scenario is a group of keys; this is a list"
      ]
    ),
    (
      "list-where-one-value",
      [
        "list-where-one-value.yaml:2:9: rate: one value is wanted; this is a list"
      ]
    ),
    (
      "loop-a",
      [
        "loop-b.yaml:1:10: files that include each other in a loop: loop-a.yaml includes loop-b.yaml includes loop-a.yaml  (included at loop-a.yaml:1:10)",
        "loop-b.yaml:2:14: rate 1: a rate needs a unit, such as 10Mbps",
      ]
    ),
    (
      "loop-b",
      [
        "loop-a.yaml:1:10: files that include each other in a loop: loop-b.yaml includes loop-a.yaml includes loop-b.yaml  (included at loop-b.yaml:1:10)",
        "loop-b.yaml:2:14: rate 1: a rate needs a unit, such as 10Mbps",
      ]
    ),
    (
      "no-clients",
      [
        "no-clients.yaml:1:25: count 0: the number of clients lies between 1 and 100000"
      ]
    ),
    (
      "not-modelled",
      [
        "not-modelled.yaml:1:23: recovery frto: recovery is not modelled yet"
      ]
    ),
    (
      "not-text",
      [
        "not-text.yaml:1:1: this is no UTF-8 text: invalid leading UTF-8 octet"
      ]
    ),
    (
      "object-after-a-later-one",
      [
        "object-after-a-later-one.yaml:2:37: after 3: the number of an object before this one lies between 0 and 0"
      ]
    ),
    (
      "objects-with-mistakes",
      [
        "objects-with-mistakes.yaml:3:26: after 0: the first object has none before it",
        "objects-with-mistakes.yaml:4:8: bytes: no such key of an object; there are size, target, method, request, head, server-time, framing, content-length, parts, hints, urgency, incremental, weight, depends-on, exclusive, reprioritize, push, cached, after, at, client-time, cancel and origin",
        "objects-with-mistakes.yaml:4:7: an object needs a size",
      ]
    ),
    (
      "option-outside-its-section",
      [
        "option-outside-its-section.yaml:1:1: rate: it belongs under link"
      ]
    ),
    (
      "path-of-no-links",
      [
        "path-of-no-links.yaml:4:8: far: the names of the links that it leads over are wanted, as in [home, core]"
      ]
    ),
    (
      "path-of-no-such-name",
      [
        "path-of-no-such-name.yaml:4:16: nowhere: no path of that name"
      ]
    ),
    (
      "path-over-no-such-link",
      [
        "path-over-no-such-link.yaml:4:15: core: no link of that name; did you mean home?"
      ]
    ),
    (
      "path-with-wrong-keys",
      [
        "path-with-wrong-keys.yaml:1:8: about: text is wanted; this is a list",
        "path-with-wrong-keys.yaml:2:13: dwn: a path has up and down",
        "path-with-wrong-keys.yaml:2:9: p: a path leads up over at least one link",
      ]
    ),
    (
      "queue-too-small",
      [
        "queue-too-small.yaml:1:15: queue 1000B: a queue must hold at least one packet, here of 1500 bytes"
      ]
    ),
    (
      "rate-of-zero",
      [
        "rate-of-zero.yaml:2:9: rate 0Mbps: a rate must be more than zero, such as 10Mbps"
      ]
    ),
    (
      "reserved-character",
      [
        "reserved-character.yaml:1:1: YAML keeps this character for itself; put the text in quotation marks"
      ]
    ),
    (
      "section-that-is-a-value",
      [
        "section-that-is-a-value.yaml:1:7: link: a group of keys is wanted, such as rate; this is a plain value"
      ]
    ),
    (
      "self",
      [
        "self.yaml:1:16: files that include each other in a loop: self.yaml includes self.yaml"
      ]
    ),
    (
      "stray-brace",
      [
        "stray-brace.yaml:2:9: rate 10Mbps}: Mbps} is no unit of rate, which takes bps, kbps, Mbps, Gbps or Tbps, such as 10Mbps"
      ]
    ),
    (
      "tab",
      [
        "tab.yaml:2:1: a tab; YAML is indented with spaces"
      ]
    ),
    (
      "three-mistakes",
      [
        "three-mistakes.yaml:1:7: seed -1: a seed lies between 0 and 18446744073709551615",
        "three-mistakes.yaml:2:18: rtt 5: a duration needs a unit, such as 50ms",
        "three-mistakes.yaml:2:28: drop left:1: a list of drops names a direction and the packets, such as down:5,9, up:data:1 or down:seq:14601",
      ]
    ),
    (
      "times-for-other-objects",
      [
        "times-for-other-objects.yaml:2:23: server-time 1ms,2ms: one time for all requests or one for each is wanted, of which there are 3"
      ]
    ),
    (
      "two-documents",
      [
        "two-documents.yaml:2:1: a file holds one scenario; this begins a second document"
      ]
    ),
    (
      "unclosed-brace",
      [
        "unclosed-brace.yaml:2:5: YAML: did not find expected ',' or '}', while parsing a flow mapping that begins on line 1"
      ]
    ),
    (
      "unclosed-quotation",
      [
        "unclosed-quotation.yaml:4:1: YAML: found unexpected end of stream, while scanning a quoted scalar that begins on line 2"
      ]
    ),
    (
      "unit-of-another-kind",
      [
        "unit-of-another-kind.yaml:2:9: rate 10ms: ms is no unit of rate, which takes bps, kbps, Mbps, Gbps or Tbps, such as 10Mbps"
      ]
    ),
    (
      "unknown-option",
      [
        "unknown-option.yaml:2:3: rat: no such key here; did you mean rate?"
      ]
    ),
    (
      "unknown-section",
      [
        "unknown-section.yaml:1:1: lnk: no such key here; did you mean link?"
      ]
    ),
    (
      "value-missing",
      [
        "value-missing.yaml:2:8: rate: one value is wanted; this is nothing"
      ]
    ),
    (
      "words-not-known",
      [
        "words-not-known.yaml:1:10: profile linus: did you mean linux? It takes linux, rfc or ideal",
        "words-not-known.yaml:2:18: protocol sse: sse is not modelled yet; this version has tcp, http1.0, http1, http1-pipelined, http2 and http3",
        "words-not-known.yaml:3:25: congestion vegas: it takes reno, cubic or bbr",
      ]
    ),
  ]
}
