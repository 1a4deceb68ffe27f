import Packetdrill
import Testing

@Suite struct ScriptParserTests {
  /// The error that a text is refused with; "accepted" if it is not.
  static func refusal(_ text: String) -> String {
    do throws(PacketdrillError) {
      _ = try PacketdrillScript(parsing: text, file: "x.pkt")
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3", "accepted"),
    ("+0 < S 0:0(0) win 1000 <mss 1000,sackOK,nop,nop,nop,wscale 7>", "accepted"),
    ("+0 > . 1:1(0) ack 1 <...>", "accepted"),
    ("* > . 1:1(0) ack 1", "accepted"),
    ("+0~+.1 > . 1:1(0) ack 1", "accepted"),
    ("1~1.5 > . 1:1(0) ack 1 // why\n# a remark\n/* and\nanother */", "accepted"),
    ("+0...0.1 read(4, ..., 1000) = -1 EAGAIN (Resource temporarily unavailable)", "accepted"),
    ("+0 %{ assert tcpi_snd_cwnd == 10, 'cwnd=%d' % tcpi_snd_cwnd }%", "accepted"),
    ("`sysctl -q net.ipv4.tcp_sack=0`\n+0 `true`", "accepted"),
    ("+0 > [ect0] P. 1:11(10) ack 1", "accepted"),
  ])
  func readsTheLanguage(text: String, expected: String) {
    #expect(Self.refusal(text) == expected)
  }

  @Test(arguments: [
    (
      "+0 < S 0:0(0",
      "x.pkt:1:13: ‘)’ expected after the payload's length, found the end of the script"
    ),
    ("+0 < S 0:10(9)", "x.pkt:1:8: 0:10 is 10 bytes long, not 9"),
    ("\n+0 < X 0:0(0)", "x.pkt:2:6: ‘X’ is no TCP flag; the flags are F S R P . U E W"),
    ("+0 < . 1:1(0) ack 1 win 65536", "x.pkt:1:25: a window is 65536; it has to be 0…65535"),
    ("+0 < . 1:1(0) <...>", "x.pkt:1:15: <...> can only stand in a packet that is sent"),
    (
      "+0 > . 1:1(0) <msss 3>",
      "x.pkt:1:16: ‘msss’ is no TCP option; the options are mss, wscale, sackOK, sack, TS, FO, nop and eol"
    ),
    (
      "+0 < S 0:0(0) <mss 1000,wscale 7>",
      "x.pkt:1:15: these TCP options take 7 bytes; nop has to pad them to a multiple of 4"
    ),
    (
      "+0 < . 1:1(0) <sack 1:2 3:4 5:6 7:8,TS val 1 ecr 2>",
      "x.pkt:1:15: these TCP options take 44 bytes; a header has room for 40"
    ),
    (
      "+0~+1 read(3, ..., 1) = 1",
      "x.pkt:1:1: a range of times or ‘*’ can only stand before a packet that is sent"
    ),
    ("+.2~+.1 > . 1:1(0)", "x.pkt:1:1: this range of times ends first"),
    ("+ -1 > . 1:1(0)", "x.pkt:1:3: a time cannot be negative"),
    ("hello", "x.pkt:1:1: a time expected (such as 0, +0, +.1, +0~+.1 or *), found ‘hello’"),
    (
      "+0 read(3, ..., 1000",
      "x.pkt:1:21: ‘)’ expected after the last value, found the end of the script"
    ),
    ("+0 `echo", "x.pkt:1:4: a command begins here and does not end: ` is missing"),
    ("+0 %{ assert 1 == }%", "x.pkt:1:19: a value expected before the line's end"),
    ("+0 %{\nassert (1 == 1\n}%", "x.pkt:3:1: ‘)’ expected, found the end of the script"),
    ("/* never", "x.pkt:1:1: a comment begins here and does not end: */ is missing"),
  ])
  func namesTheLineAndColumnOfAFault(text: String, expected: String) {
    #expect(Self.refusal(text) == expected)
  }

  @Test func refusesExpressionsThatNestWithoutEnd() {
    let brackets = String(repeating: "[", count: 20_000)
    #expect(Self.refusal("+0 poll(" + brackets).hasSuffix("this call has too many values"))
    for part in ["- ", "not ", "(", "1+", "1 or "] {
      let text = String(repeating: part, count: 20_000)
      let refusal = Self.refusal("+0 %{ assert \(text)1 }%")
      #expect(refusal.hasSuffix("this expression is too long"))
    }
  }
}
