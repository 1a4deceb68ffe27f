import Testing

@testable import NetSim

/// The field `priority` as RFC 9218 has it, and the Dictionaries of RFC 8941 that it is made of.
@Suite struct HTTPPriorityTests {
  private func read(_ text: String) -> HTTPPriority? {
    HTTPPriority().updated(by: Array(text.utf8))
  }

  /// RFC 9218 §4.1 and §4.2: its own examples, and what is omitted.
  @Test(
    arguments: [
      ("u=0", 0, false), ("u=5, i", 5, true), ("u=1", 1, false), ("i", 3, true), ("", 3, false),
      ("i=?1", 3, true), ("i=?0", 3, false), ("u=7,i", 7, true), ("  u=2  ", 2, false),
      ("u=2\t,\ti", 2, true), ("i, u=6", 6, true), ("u=1;a=b, i;q", 1, true),
    ] as [(String, UInt8, Bool)])
  func readsPriorities(text: String, urgency: UInt8, isIncremental: Bool) {
    #expect(read(text) == HTTPPriority(urgency: urgency, isIncremental: isIncremental))
  }

  /// RFC 9218 §4: unknown parameters, values out of range and of other types are ignored. Of a key that
  /// stands there twice the last counts, whatever it is (RFC 8941 §4.2.2).
  @Test(
    arguments: [
      ("u=8", 3, false), ("u=-1", 3, false), ("u=1.0", 3, false), ("u", 3, false),
      ("u=\"1\"", 3, false), ("u=?1", 3, false), ("u=(1 2)", 3, false), ("u=:MQ==:", 3, false),
      ("i=1", 3, false), ("i=yes", 3, false), ("x=9, u=4", 4, false), ("*a.b-c_d*=1, i", 3, true),
      ("u=1, u=2", 2, false), ("u=1, u=high", 3, false), ("uu=1", 3, false),
      ("u=999999999999999", 3, false), ("a=(\"x\" b;c=1);d, u=0", 0, false),
    ] as [(String, UInt8, Bool)])
  func ignoresWhatItDoesNotKnow(text: String, urgency: UInt8, isIncremental: Bool) {
    #expect(read(text) == HTTPPriority(urgency: urgency, isIncremental: isIncremental))
  }

  /// RFC 8941 §4.2: what is no Dictionary is ignored as a whole.
  @Test(arguments: [
    "u=1,", "u=", "u=1 i", "U=1", "u=1,,i", "=1", "u=1;", "u=--1", "u=1.", "u=1.2345",
    "u=1000000000000000", "i=?2", "i=?", "a=\"", "a=\"\\n\"", "a=\"\u{1}\"", "a=:M", "a=:_:",
    "a=(1", "a=(1,2)", "a=(1\"x\")", "u=1;A", ",", "u=é", "1=1", "u =1",
  ])
  func refusesWhatIsNoDictionary(text: String) {
    #expect(read(text) == nil)
  }

  /// RFC 9218 §8: a response's field changes only what it names.
  @Test func aResponseSaysLess() throws {
    let wanted = try #require(read("u=5, i"))
    #expect(
      wanted.updated(by: Array("u=1".utf8)) == HTTPPriority(urgency: 1, isIncremental: true))
  }

  @Test(
    arguments: [
      (0, false, "u=0"), (5, true, "u=5, i"), (3, true, "i"), (3, false, ""), (7, false, "u=7"),
    ] as [(UInt8, Bool, String)])
  func writesWhatIsNoDefault(urgency: UInt8, isIncremental: Bool, text: String) {
    let priority = HTTPPriority(urgency: urgency, isIncremental: isIncremental)
    #expect(priority.fieldValue == Array(text.utf8))
    #expect(read(text) == priority)
  }

  /// RFC 7541: the first `priority: u=0` is a literal with a new name, 64, 8 and 3 bytes: the name's
  /// length and 6 bytes of Huffman code, the value's and 3, of which the code saves nothing.
  @Test func aFieldHasItsLength() {
    func block(_ encoder: inout HPACKEncoder, _ priority: HTTPPriority) -> Int {
      encoder.encode(
        HTTP2Fields.request(
          .get, target: Array("/".utf8), host: Array("a".utf8), isSecured: true,
          priority: priority)
      ).count
    }
    var (with, without) = (HPACKEncoder(), HPACKEncoder())
    let urgent = HTTPPriority(urgency: 0)
    // A byte for the literal; 1 + 6 for the name; 1 + 3 for the value.
    #expect(block(&with, urgent) - block(&without, HTTPPriority()) == 12)
    // Then the table has it: one byte.
    #expect(block(&with, urgent) - block(&without, HTTPPriority()) == 1)
  }

  /// Any bytes are read or refused, and what is read is written so that it is read again.
  @Test(arguments: UInt64(1)...300)
  func readsAnyBytes(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "priority field test")
    let alphabet = Array("ui=?01237,; \t()\":*a.\\-é".utf8)
    for _ in 0..<100 {
      let text = (0..<Int(random.next(below: 14))).map { _ in
        alphabet[Int(random.next(below: UInt32(alphabet.count)))]
      }
      guard let priority = HTTPPriority().updated(by: text) else { continue }
      #expect(
        HTTPPriority().updated(by: priority.fieldValue) == priority, "seed \(seed), \(text)")
    }
  }
}
