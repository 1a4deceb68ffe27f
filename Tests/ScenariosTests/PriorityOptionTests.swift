import NetSim
import Scenarios
import Testing

/// Priorities of objects, in files and on the command line.
@Suite struct PriorityOptionTests {
  private func file(_ text: String) throws -> ScenarioFile {
    try TemporaryFile.with(text) { ScenarioFile(path: $0, presets: nil) }
  }

  private static let page = """
    http: {protocol: http2, scheduler: tree}
    workload:
      objects:
        - {size: 12kB, urgency: 1}
        - {size: 30kB, urgency: 5, incremental: on, weight: 200, depends-on: 0, exclusive: on}
        - size: 30kB
          reprioritize: {after: 100ms, urgency: 0, depends-on: 3, weight: 1}
        - {size: 1kB, incremental: on, reprioritize: {after: 1s, incremental: off}}

    """

  @Test func readsPriorities() throws {
    let scenario = try file(Self.page).scenario()
    let client = scenario.clients[0]
    #expect(client.http2.client.scheduler == .tree && client.http2.server.scheduler == .tree)
    let objects = client.objects
    #expect(objects.map(\.priority.field.urgency) == [1, 5, 3, 3])
    #expect(objects.map(\.priority.field.isIncremental) == [false, true, false, true])
    #expect(objects.map(\.priority.weight) == [16, 200, 16, 16])
    #expect(objects.map(\.priority.dependsOn) == [nil, 0, nil, nil])
    #expect(objects.map(\.priority.isExclusive) == [false, true, false, false])
    let later = try #require(objects[2].reprioritization)
    #expect(later.after == .milliseconds(100))
    #expect(later.priority.field == HTTPPriority(urgency: 0))
    #expect(later.priority.dependsOn == 3 && later.priority.weight == 1)
    // What a change does not name stays.
    #expect(objects[3].reprioritization?.priority.field == HTTPPriority())
  }

  @Test func aDescriptionIsTheSameScenario() throws {
    let scenario = try file(Self.page).scenario()
    let text = ScenarioDescription(scenario).yaml
    let again = try file(text).scenario()
    #expect(again.clients[0].objects == scenario.clients[0].objects)
    #expect(again.clients[0].http2 == scenario.clients[0].http2)
  }

  @Test(arguments: [
    ("size: 1kB, urgency: 8", "urgency 8: an urgency lies between 0 and 7"),
    ("size: 1kB, urgency: high", "urgency high: an urgency is a whole number without a unit"),
    ("size: 1kB, incremental: yes", "incremental yes: it takes on or off"),
    ("size: 1kB, weight: 0", "weight 0: a weight lies between 1 and 256"),
    ("size: 1kB, weight: 257", "weight 257: a weight lies between 1 and 256"),
    (
      "size: 1kB, depends-on: 1",
      "depends-on 1: the number of an object before this one lies between 0 and 0"
    ),
    (
      "size: 1kB, reprioritize: {urgency: 0}",
      "reprioritize: it needs a time, as in {after: 100ms, urgency: 0}"
    ),
    (
      "size: 1kB, reprioritize: 100ms",
      "reprioritize: a group of keys is wanted, such as {after: 100ms, urgency: 0}"
    ),
    (
      "size: 1kB, reprioritize: {after: 1s, urgncy: 0}",
      "urgncy: no such key of reprioritize; did you mean urgency?"
    ),
    (
      "size: 1kB, reprioritize: {after: 1s, depends-on: 1}",
      "depends-on 1: a stream cannot depend on itself (RFC 7540 §5.3.1)"
    ),
    (
      "size: 1kB, reprioritize: {after: 1s, depends-on: 2}",
      "depends-on 2: the last object is 1"
    ),
  ])
  func refusesObjects(object: String, reason: String) throws {
    let text = """
      http: {protocol: http2, scheduler: tree}
      workload: {objects: [1kB, {\(object)}]}

      """
    let problems = try file(text).problems
    #expect(problems.map(\.message) == [reason])
  }

  @Test func theFirstObjectDependsOnNone() throws {
    let text = "workload: {objects: [{size: 1kB, depends-on: 0}]}\n"
    #expect(
      try file(text).problems.first?.message == "depends-on 0: there is no other object")
  }

  @Test(
    arguments: [
      (
        ["protocol": "http1", "objects": "u0:1kB,2kB"],
        "--objects u0:1kB,2kB: priorities are those of streams, in HTTP/2 and HTTP/3; this client's protocol is http1"
      ),
      (
        ["protocol": "http2", "objects": "u8:1kB"],
        "--objects u8:1kB: an urgency lies between 0 and 7"
      ),
    ] as [(KeyValuePairs<String, String>, String)])
  func refusesOptions(options: KeyValuePairs<String, String>, reason: String) {
    let given = options.map { (name: $0.key, value: $0.value) }
    #expect(OptionErrorTests.refusal(given) == reason)
  }

  @Test func weightsNeedTheTree() throws {
    let text = "http: {protocol: http2}\nworkload: {objects: [{size: 1kB, weight: 9}]}\n"
    let message = try file(text).problems.first?.message
    #expect(
      message == "objects of 1: weight, depends-on and exclusive are said with scheduler tree only "
        + "(RFC 7540 §5.3)")
  }

  @Test func listsOfObjectsHaveUrgencies() throws {
    let objects = try ObjectList.parse("u0:1kB, 2xu5i:30kB, post:u1:2kB, U7I:4, 5")
    #expect(objects.map(\.priority.field.urgency) == [0, 5, 5, 1, 7, 3])
    #expect(
      objects.map(\.priority.field.isIncremental) == [false, true, true, false, true, false])
    #expect(objects.map(\.method) == [.get, .get, .get, .post, .get, .get])
  }

  @Test(arguments: ["round-robin", "sequential", "urgency", "tree"])
  func everySchedulerIsDescribed(word: String) throws {
    let scenario = try ScenarioBuilder([("protocol", "http2"), ("scheduler", word)]).build()
    #expect(
      scenario.clients[0].http2.client.scheduler == scenario.clients[0].http2.server.scheduler)
    let again = try file(ScenarioDescription(scenario).yaml).scenario()
    #expect(again.clients[0].http2.server.scheduler == scenario.clients[0].http2.server.scheduler)
  }
}
