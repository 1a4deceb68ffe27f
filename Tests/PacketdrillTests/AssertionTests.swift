import Packetdrill
import Testing

/// The part of Python that stands between `%{` and `}%`.
@Suite struct AssertionTests {
  @Test(arguments: [
    "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 // 2 == 3", "-7 // 2 == -4", "-7 % 3 == 2",
    "8 / 2 == 4",
    "1 < 2 <= 2 < 3", "not 1 > 2", "1 == 2 or 2 == 2", "1 and not 0", "0x10 == 16",
    "5 & 4 == 4", "1 | 2 == 3", "1 << 4 == 16", "256 >> 4 == 16", "6 ^ 3 == 5",
    "abs(-3) == 3", "min(2, 1, 3) == 1 and max(2, 1, 3) == 3", "(1, 2) == (1, 2)", "True != False",
    "'a%d' % 5 == 'a5'", "'%s-%x' % (1, 255) == '1-ff'", "\"x\" == 'x'",
    "tcpi_snd_cwnd == 10, (tcpi_snd_cwnd, 'a message')",
    "(1 ==\n1)", "1 == \\\n1", "1 == 1; assert 2 == 2",
    "1 == 1; limit = 5 + 5; assert tcpi_snd_cwnd == limit", "TCP_CA_Open == 0 # a remark",
  ])
  func holds(condition: String) {
    #expect(DriverTests.result("+0 %{ assert \(condition) }%") == .passed)
  }

  @Test(arguments: [
    ("1 == 2", "this assertion does not hold"),
    ("1 < 3 < 2", "this assertion does not hold"),
    ("0, 'because'", "this assertion does not hold: because"),
    ("0, (1, 'two')", "this assertion does not hold: (1, two)"),
    ("1 == 1\nassert 0", "this assertion does not hold"),
  ])
  func doesNotHold(condition: String, message: String) {
    #expect(DriverTests.message("+0 %{ assert \(condition) }%") == message)
  }
}
