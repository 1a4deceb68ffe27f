import NetSim
import Testing

@testable import Timelines

/// Packets as tables and as graphs.
@Suite struct PacketTableTests {
  /// Bytes from the server, of which the second segment is lost and sent again, as a log says it; seen
  /// at the server.
  private var log: EventLog {
    var log = EventLog()
    var connection = ConnectionDescription()
    connection.clientName = Array("10.0.0.1:40000".utf8)
    connection.serverName = Array("[2001:db8::2]:80".utf8)
    log.connections = [connection]
    func add(
      _ ms: Int64, _ kind: EventKind, _ item: UInt32, offset: Int64 = 0, length: UInt32 = 0,
      detail: UInt8 = 0, side: Side = .server
    ) {
      log.record(
        EventRecord(
          time: SimTime(nanoseconds: ms * 1_000_000), kind: kind, connection: 0, side: side,
          item: item, offset: offset, length: length, detail: detail))
    }
    add(0, .segmentSent, 1, offset: 1, length: 100, detail: TCPFlags.ack.rawValue)
    add(0, .segmentAcknowledgement, 1, offset: 80, length: 5_000)
    add(1, .segmentSent, 2, offset: 101, length: 100, detail: 0x18)
    add(1, .segmentAcknowledgement, 2, offset: 80, length: 5_000)
    add(1, .packetDropped, 2, offset: 4_000_000)
    add(2, .segmentSent, 3, offset: 201, length: 50, detail: 0x18)
    add(10, .segmentReceived, 4, offset: 80, detail: TCPFlags.ack.rawValue)
    add(10, .segmentAcknowledgement, 4, offset: 101, length: 1_000)
    add(12, .segmentReceived, 5, offset: 80, detail: TCPFlags.ack.rawValue)
    add(12, .segmentAcknowledgement, 5, offset: 101, length: 1_000)
    add(12, .segmentSACK, 5, offset: 201, length: 50)
    add(13, .segmentSent, 6, offset: 101, length: 100, detail: 0x18)
    add(13, .segmentRetransmission, 6, detail: RetransmissionKind.fast.rawValue)
    add(23, .segmentReceived, 7, offset: 80, detail: TCPFlags.ack.rawValue)
    add(23, .segmentAcknowledgement, 7, offset: 251, length: 1_000)
    return log
  }

  private func rows(_ selection: PacketSelection = PacketSelection()) -> [PacketRow] {
    PacketRows(log, selection: selection) { _ in .server }.rows
  }

  @Test func theTableHasALineForEachPacket() {
    #expect(
      PacketTable(rows()).csv == """
        packet,time_ms,connection,direction,sequence,acknowledgement,payload_bytes,flags,\
        window_bytes,sack,duplicate_sack,retransmission,needless,lost
        1,0.000000,0,down,1,80,100,ACK,5000,,,,0,0
        2,1.000000,0,down,101,80,100,PSH ACK,5000,,,,0,1
        3,2.000000,0,down,201,,50,PSH ACK,,,,,0,0
        4,10.000000,0,up,80,101,0,ACK,1000,,,,0,0
        5,12.000000,0,up,80,101,0,ACK,1000,201-251,,,0,0
        6,13.000000,0,down,101,,100,PSH ACK,,,,fast,0,0
        7,23.000000,0,up,80,251,0,ACK,1000,,,,0,0

        """)
  }

  @Test func theJSONSaysTheSame() {
    let text = PacketTable(rows(PacketSelection(from: SimTime(nanoseconds: 12_000_000)))).json
      .text()
    #expect(text.contains("\"format\": \"netsim.packets/1\""))
    #expect(text.contains("\"sack\": [\"201-251\"]"))
    #expect(text.contains("\"retransmission\": \"fast\""))
    #expect(!text.contains("\"packet\": 4"))
  }

  @Test func whatIsSelectedIsTaken() {
    func numbers(_ selection: PacketSelection) -> [UInt32] { rows(selection).map(\.packet) }
    let (ms1, ms12) = (SimTime(nanoseconds: 1_000_000), SimTime(nanoseconds: 12_000_000))
    #expect(numbers(PacketSelection(from: ms1, to: ms12)) == [2, 3, 4])
    #expect(numbers(PacketSelection(connections: [1])).isEmpty)
    #expect(numbers(PacketSelection(connections: [0, 1])).count == 7)
    #expect(numbers(PacketSelection(hosts: ["2001:db8::2"])).count == 7)
    #expect(numbers(PacketSelection(hosts: ["10.0.0.1"])).count == 7)
    #expect(numbers(PacketSelection(hosts: ["10.0.0.2"])).isEmpty)
  }

  /// What a lost packet's receiver does not see stands apart, when it was due.
  @Test func theReceiverDoesNotSeeWhatWasLost() {
    let run = SampleRun.run(SampleRun.download(drops: [20, 40]))
    let atServer = PacketRows(run.log) { _ in .server }
    let atClient = PacketRows(run.log) { _ in .client }
    #expect(atServer.rows.filter(\.isLost).map(\.sequence) == [27_513, 56_473])
    #expect(atServer.unseen.isEmpty)
    #expect(atClient.unseen.map(\.sequence) == [27_513, 56_473])
    #expect(atClient.rows.count == atServer.rows.count - 2)
    // 25 ms on the way and the packet's own 0.6 ms at 20 Mb/s, behind what is in the queue.
    for (sent, due) in zip(atServer.rows.filter(\.isLost), atClient.unseen) {
      #expect((due.time - sent.time).nanoseconds >= 25_600_000)
    }
    #expect(atClient.rows.count { $0.retransmission != nil } == 2)
  }

  /// The conventions of tcptrace's graphs, one of each.
  @Test func theGraphOfXplotHasItsColours() {
    let graph = TimeSequenceGraph(rows(), sender: .server, of: log.connections[0])
    #expect(
      graph.text == """
        dtime unsigned
        title
        [2001:db8::2]:80_==>_10.0.0.1:40000 (time sequence graph)
        xlabel
        relative time
        ylabel
        sequence number
        white
        darrow 0.000000000 1
        uarrow 0.000000000 101
        line 0.000000000 1 0.000000000 101
        darrow 0.001000000 101
        diamond 0.001000000 201
        line 0.001000000 101 0.001000000 201
        darrow 0.002000000 201
        diamond 0.002000000 251
        line 0.002000000 201 0.002000000 251
        green
        line 0.010000000 101 0.012000000 101
        dtick 0.012000000 101
        yellow
        line 0.010000000 1101 0.012000000 1101
        utick 0.012000000 1101
        purple
        line 0.012000000 201 0.012000000 251
        htick 0.012000000 201
        htick 0.012000000 251
        atext 0.012000000 251
        S
        red
        darrow 0.013000000 101
        diamond 0.013000000 201
        line 0.013000000 101 0.013000000 201
        atext 0.013000000 201
        R
        green
        line 0.012000000 101 0.023000000 101
        line 0.023000000 101 0.023000000 251
        yellow
        line 0.012000000 1101 0.023000000 1101
        line 0.023000000 1101 0.023000000 1251
        go

        """)
  }

  @Test func theOtherDirectionHasItsOwnGraph() {
    let text = TimeSequenceGraph(rows(), sender: .client, of: log.connections[0]).text
    #expect(text.contains("10.0.0.1:40000_==>_[2001:db8::2]:80"))
    #expect(text.contains("x 0.010000000 80\n"))
    #expect(!text.contains("red"))
  }
}
