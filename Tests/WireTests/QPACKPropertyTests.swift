import NetSim
import TestSupport
import Testing

/// An encoder and a decoder with streams between them that run ahead of each other, lose and keep
/// nothing, and are drawn from a seed.
private struct QPACKPair {
  /// A section on its way.
  struct Section {
    var streamID: UInt64
    var bytes: [UInt8]
    var requiredInsertCount: Int64
    var fields: [HeaderField]
  }

  static let names: [StaticString] = [
    ":path", "cookie", "x-request-id", "accept", "a", "etag", "content-type", "user-agent", "b",
  ]

  var generator: SeededGenerator
  var encoder: QPACKEncoder
  var decoder: QPACKDecoder
  let tableLimit: UInt64
  let blockedLimit: UInt64
  /// What is on its way, and the sections that wait.
  var instructions: [UInt8] = []
  var answers: [UInt8] = []
  var sections: [Section] = []
  var wasBlocked = false
  var decoded = 0
  /// What went wrong.
  var faults: [String] = []

  init(seed: UInt64, policy: QPACKPolicy) throws {
    generator = SeededGenerator(seed: seed)
    tableLimit = [0, 40, 100, 256, 512, 4_096].randomElement(using: &generator) ?? 0
    blockedLimit = [0, 1, 3, 100].randomElement(using: &generator) ?? 0
    encoder = QPACKEncoder(
      policy: policy, usesHuffman: .random(using: &generator),
      addsEverything: .random(using: &generator),
      mostTableBytes: .random(in: 0...4_096, using: &generator))
    decoder = QPACKDecoder(tableLimit: tableLimit, blockedLimit: blockedLimit)
    try encoder.setLimits(tableLimit: tableLimit, blockedLimit: blockedLimit)
  }

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &generator) == 0 }

  mutating func field() -> HeaderField {
    let name = Self.names.randomElement(using: &generator) ?? "a"
    let length = chance(10) ? Int.random(in: 0...200, using: &generator) : 3
    // Few values, so that they come again.
    let letter = UInt8(ascii: "a") + UInt8.random(in: 0..<4, using: &generator)
    var field = HeaderField(name, "", isSensitive: chance(12))
    field.value = [UInt8](repeating: letter, count: length)
    return field
  }

  mutating func send(streamID: UInt64) {
    let fields = (0..<Int.random(in: 0...8, using: &generator)).map { _ in field() }
    let section = encoder.encode(fields, streamID: streamID)
    instructions += section.instructions
    sections.append(
      Section(
        streamID: streamID, bytes: section.bytes,
        requiredInsertCount: section.requiredInsertCount, fields: fields))
  }

  mutating func deliverInstructions(_ count: Int) throws {
    try decoder.receive(Array(instructions.prefix(count)))
    instructions.removeFirst(min(count, instructions.count))
  }

  /// Reads any section whose stream has no older one.
  mutating func deliverSection() throws {
    guard !sections.isEmpty else { return }
    let any = Int.random(in: 0..<sections.count, using: &generator)
    let streamID = sections[any].streamID
    guard let place = sections.firstIndex(where: { $0.streamID == streamID }) else { return }
    let section = sections[place]
    let isMet = decoder.meets(section.requiredInsertCount)
    switch try decoder.decode(section.bytes, streamID: streamID) {
    case .blocked(let count):
      check(!isMet && count == section.requiredInsertCount, "a section waits for another count")
      wasBlocked = true
    case .fields(let list):
      check(isMet && list.isWhole, "a section is decoded too early")
      check(list.fields.map(\.name) == section.fields.map(\.name), "a name differs")
      check(list.fields.map(\.value) == section.fields.map(\.value), "a value differs")
      let keepsSecrets = zip(section.fields, list.fields).allSatisfy {
        $1.isSensitive || !$0.isSensitive
      }
      check(keepsSecrets, "a secret is no longer one")
      sections.remove(at: place)
      decoded += 1
    }
  }

  mutating func check(_ isRight: Bool, _ fault: String) {
    if !isRight { faults.append(fault) }
  }

  mutating func cancel() {
    guard let streamID = sections.randomElement(using: &generator)?.streamID else { return }
    decoder.cancel(streamID: streamID)
    sections.removeAll { $0.streamID == streamID }
  }

  mutating func answer(_ count: Int) throws {
    let acknowledges = chance(2)
    answers += decoder.takeInstructions(acknowledgesInserts: acknowledges)
    try encoder.receive(Array(answers.prefix(count)))
    answers.removeFirst(min(count, answers.count))
  }

  mutating func step(_ number: Int) throws {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0...2:
      // Every stream has its own section, or the one before has a second: trailers.
      send(streamID: 4 * UInt64(chance(4) ? max(0, number - 1) : number))
    case 3...4: try deliverInstructions(Int.random(in: 0...40, using: &generator))
    case 5...6: try deliverSection()
    case 7: try answer(Int.random(in: 0...6, using: &generator))
    case 8: if chance(4) { cancel() }
    default:
      if chance(4) { encoder.setCapacity(UInt64.random(in: 0...tableLimit, using: &generator)) }
      if chance(4) { encoder.insert(field()) }
    }
    check(encoder.tableBytes <= tableLimit, "the encoder's table is too large")
    check(decoder.tableBytes <= decoder.tableCapacity, "the decoder's table is too large")
    check(encoder.streamsAtRisk <= blockedLimit, "too many streams may have to wait")
    check(decoder.blockedStreams <= blockedLimit, "too many streams wait")
    check(encoder.knownReceivedCount <= decoder.insertCount, "what did not come is known")
    check(decoder.insertCount <= encoder.insertCount, "what was not sent is there")
  }

  /// Everything arrives.
  mutating func finish() throws {
    instructions += encoder.takeInstructions()
    try deliverInstructions(.max)
    while !sections.isEmpty { try deliverSection() }
    answers += decoder.takeInstructions()
    try encoder.receive(answers)
    check(decoder.insertCount == encoder.insertCount, "insertions are lost")
    check(encoder.knownReceivedCount == encoder.insertCount, "acknowledgements are lost")
    check(encoder.tableBytes == decoder.tableBytes, "the tables differ")
    check(encoder.streamsAtRisk == 0 && encoder.unacknowledgedSections == 0, "sections are held")
  }
}

@Suite struct QPACKPropertyTests {
  @Test(
    "However streams run ahead of each other, the lists are the same",
    arguments: [QPACKPolicy.staticOnly, .withoutBlocking, .blocking])
  func anyOrder(policy: QPACKPolicy) throws {
    var blockedRuns = 0
    for seed in UInt64(1)...600 {
      var pair = try QPACKPair(seed: seed, policy: policy)
      do {
        for number in 0..<120 { try pair.step(number) }
        try pair.finish()
      } catch {
        Issue.record("\(error), seed \(seed)")
        return
      }
      #expect(pair.decoded > 5, "seed \(seed)")
      #expect(policy != .staticOnly || pair.encoder.insertCount == 0, "seed \(seed)")
      #expect(pair.faults.isEmpty, "seed \(seed)")
      if pair.wasBlocked { blockedRuns += 1 }
    }
    // Who may not block never does, and who may does often enough to tell.
    #expect(policy == .blocking ? blockedRuns > 100 : blockedRuns == 0)
  }

  @Test("Truncated or changed bytes of 1,000 seeds are read or refused, and never trap")
  func brokenBytes() throws {
    for seed in UInt64(1)...1_000 {
      var pair = try QPACKPair(seed: seed, policy: .blocking)
      for number in 0..<12 { pair.send(streamID: UInt64(number)) }
      var decoder = QPACKDecoder(
        tableLimit: pair.tableLimit, blockedLimit: 100, maximumListBytes: 1_000)
      var instructions = pair.instructions
      if pair.chance(2), let place = instructions.indices.randomElement(using: &pair.generator) {
        instructions[place] = .random(in: 0...255, using: &pair.generator)
      }
      try? decoder.receive(instructions)
      #expect(decoder.tableBytes <= pair.tableLimit, "seed \(seed)")
      for section in pair.sections {
        var copy = decoder
        var bytes = section.bytes
        if pair.chance(2) {
          bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &pair.generator)))
        } else {
          let place = bytes.indices.randomElement(using: &pair.generator) ?? 0
          bytes[place] = .random(in: 0...255, using: &pair.generator)
        }
        if case .fields(let list) = try? copy.decode(bytes, streamID: section.streamID) {
          let counted = list.fields.reduce(0) { $0 + $1.countedBytes }
          #expect(counted <= 1_000, "seed \(seed)")
        }
        var encoder = pair.encoder
        try? encoder.receive(bytes)
        #expect(encoder.knownReceivedCount <= encoder.insertCount, "seed \(seed)")
      }
    }
  }

  @Test("A part of a section is never taken for the whole where a line is cut")
  func truncation() throws {
    // One literal: every proper part of it is too short, but for the prefix alone.
    let section = [UInt8](hex: "0000" + "23616263" + "03646566")
    for count in 0..<section.count where count != 2 {
      var decoder = QPACKDecoder(tableLimit: 0, blockedLimit: 0)
      #expect(throws: QPACKError(.truncated, .qpackDecompressionFailed)) {
        try decoder.decode(Array(section.prefix(count)), streamID: 0)
      }
    }
  }
}
