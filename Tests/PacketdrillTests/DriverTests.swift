import Packetdrill
import Testing

/// What the driver says where a run goes another way than its script.
@Suite struct DriverTests {
  /// A connection with segments of 1000 bytes, open at 0.1 s; its lines are 1 to 6.
  static let opening = """
    0.0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
    +0  bind(3, ..., ...) = 0
    +0  listen(3, 1) = 0
    +0  < S 0:0(0) win 60000 <mss 1000>
    +0  > S. 0:0(0) ack 1 <mss 1460>
    +.1 < . 1:1(0) ack 1 win 60000
    +0  accept(3, ..., ...) = 4

    """

  /// The outcome of the opening and more lines, the first of which is line 8.
  static func result(_ lines: String, before: String = "") -> PacketdrillResult {
    do throws(PacketdrillError) {
      let script = try PacketdrillScript(parsing: before + opening + lines, file: "x.pkt")
      return PacketdrillRun(script).run()
    } catch {
      return .failed(PacketdrillFailure(line: error.line, message: error.message))
    }
  }

  static func failure(_ lines: String, before: String = "") -> PacketdrillFailure? {
    if case .failed(let failure) = result(lines, before: before) { failure } else { nil }
  }

  static func message(_ lines: String, before: String = "") -> String? {
    failure(lines, before: before)?.message
  }

  @Test func passesWhereEverythingComesAsExpected() {
    let lines = """
      +0 write(4, ..., 2500) = 2500
      +0 > P. 1:2501(2500) ack 1
      """
    #expect(Self.result(lines) == .passed)
  }

  @Test func showsTheScriptsLineBothPacketsAndWhatWentBefore() throws {
    let failure = try #require(
      Self.failure("+0 write(4, ..., 500) = 500\n+0 > P. 1:401(400) ack 1"))
    #expect(failure.line == 9)
    #expect(failure.message == "the payload is 500 bytes long, not 400")
    #expect(failure.expected == "P. 1:401(400) ack 1")
    #expect(failure.actual == ["0.100000 P. 1:501(500) ack 1 win 65535"])
    #expect(failure.history.first == "0.000000 socket(…) called")
    #expect(failure.history.contains("0.100000 < . 1:1(0) ack 1 win 60000"))
    #expect(failure.history.last == "0.100000 > P. 1:501(500) ack 1 win 65535")
  }

  @Test(arguments: [
    ("+0 > P. 2:502(500) ack 1", "the sequence number is 1, not 2"),
    ("+0 > . 1:501(500) ack 1", "the flags are P., not ."),
    ("+0 > P. 1:501(500) ack 2", "the acknowledgement is 1, not 2"),
    ("+0 > P. 1:501(500) ack 1 win 17", "the window is 65535, not 17"),
    ("+0 > P. 1:501(500) ack 1 <nop,nop,sack 1:2>", "the TCP options are different"),
    ("+0 > [ect0] P. 1:501(500) ack 1", "the congestion mark is another"),
    (
      "+.01 > P. 1:501(500) ack 1",
      "this packet was expected at 0.110000 (± 0.004000) and was sent at 0.100000"
    ),
    ("+0 > P. 1:501(500) ack 1\n+0~+.05 > . 501:501(0) ack 1", "the sequence number is 1, not 501"),
  ])
  func saysWhatIsDifferent(line: String, message: String) {
    #expect(Self.message("+0 write(4, ..., 500) = 500\n" + line) == message)
  }

  @Test func saysThatNothingCame() {
    #expect(Self.message("+0 > . 1:1(0) ack 1") == "no packet was sent")
    #expect(
      Self.message("+0 write(4, ..., 500) = 500\n+0 > P. 1:1001(1000) ack 1")
        == "segments that do not follow each other were sent for one packet")
  }

  @Test func takesAnyTimeAndAnyOptionsWhereTheScriptDoes() {
    #expect(Self.result("+0 write(4, ..., 5) = 5\n* > P. 1:6(5) ack 1 <...>") == .passed)
    #expect(
      Self.result("+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 1\n* > P. 1:6(5) ack 1") == .passed)
  }

  @Test func takesItsToleranceFromTheScript() {
    let lines = "+0 write(4, ..., 5) = 5\n+.05 > P. 1:6(5) ack 1"
    #expect(Self.message(lines)?.contains("± 0.006250") == true)  // an eighth of the wait
    #expect(Self.result(lines, before: "--tolerance_usecs=60000\n") == .passed)
  }

  @Test func comparesTimestampsOnlyWhereATickIsGiven() {
    let lines = """
      0.0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0...0.05 connect(3, ..., ...) = 0
      +0  > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      +.05 < S. 0:0(0) ack 1 win 60000 <mss 1000,sackOK,TS val 9 ecr 100>
      +0  > . 1:1(0) ack 1 <nop,nop,TS val 1150 ecr 9>
      """
    func run(_ text: String) -> String {
      do throws(PacketdrillError) {
        let script = try PacketdrillScript(parsing: text, file: "x.pkt")
        return PacketdrillRun(script).run().report(file: "x.pkt")
      } catch {
        return error.description
      }
    }
    #expect(run(lines) == "x.pkt: passed")
    #expect(
      run("--tcp_ts_tick_usecs=1000\n" + lines).hasPrefix(
        "x.pkt:6: the TCP options are different"))
  }

  @Test func refusesAnEchoThatWasNeverSent() {
    #expect(
      Self.message("+0 < . 1:1(0) ack 1 win 9 <nop,nop,TS val 1 ecr 99>")
        == "TS ecr 99 echoes a timestamp that was never expected in a packet before")
  }

  // MARK: Calls

  @Test(arguments: [
    ("+0 read(4, ..., 10) = 10", "read does not return at once: it waits"),
    ("+0 write(4, ..., 10) = 9", "write returned 10"),
    ("+0 write(9, ..., 10) = 10", "write failed with EBADF"),
    ("+0 ioctl(4, SIOCINQ, [3]) = 0", "SIOCINQ is 0, not [3]"),
    ("+0 getsockopt(4, SOL_TCP, TCP_MAXSEG, [900], [4]) = 0", "TCP_MAXSEG is 1000, not [900]"),
    (
      "+0...0.5 read(4, ..., 10) = 10\n+.1 < P. 1:11(10) ack 1 win 9",
      "read was to return at 0.600000 (± 0.062500) and returned at 0.200000"
    ),
    ("+0...0.5 read(4, ..., 10) = 10\n+1 close(4) = 0", "read has not returned"),
    (
      "+0 %{ assert tcpi_snd_cwnd == 9, 'cwnd=%d' % tcpi_snd_cwnd }%",
      "this assertion does not hold: cwnd=10"
    ),
    ("+0 %{ assert 1 // 0 }%", "1 is divided by zero"),
  ])
  func saysWhatACallOrAnAssertionFound(line: String, message: String) {
    #expect(Self.message(line) == message)
  }

  @Test(arguments: [
    ("+0 epoll_create(1) = 5", "the system call epoll_create"),
    ("+0 setsockopt(4, SOL_TCP, TCP_QUICKACK, [1], 4) = 0", "the socket option TCP_QUICKACK"),
    ("+0 send(4, ..., 10, MSG_OOB) = 10", "MSG_OOB"),
    ("+0 `tc qdisc add dev tun0 root fq`", "the command ‘tc qdisc add dev tun0 root fq’"),
    ("+0 `sysctl -q net.ipv4.tcp_mtu_probing=2`", "the setting tcp_mtu_probing = 2"),
    ("+0 %{ assert tcpi_pacing_rate > 0 }%", "the name tcpi_pacing_rate"),
    ("+0 %{ import os }%", "the Python statement ‘import’"),
    ("+0 < icmp unreachable [1:1001(1000)]", "icmp packets"),
    ("+0 < . 1:1(0) ack 1 win 9 <md5 00112233445566778899aabbccddeeff,nop,nop>", "this TCP option"),
  ])
  func saysWhatItCannotDo(line: String, what: String) {
    #expect(Self.result(line) == .unsupported(PacketdrillLimit(line: 8, what: what)))
  }

  @Test func runsTheSameEachTime() {
    let lines = "+0 write(4, ..., 50000) = 50000\n+0 > . 1:1(0) ack 1"
    #expect(Self.result(lines) == Self.result(lines))
  }
}
