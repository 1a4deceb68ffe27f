import Captures
import NetSim

/// What reading a capture gave, and what must hold of it whatever its bytes are.
public struct CaptureCheck: Equatable {
  /// Packets read.
  public private(set) var packets: Int64 = 0
  /// Packets of TCP and of UDP.
  public private(set) var transports: [Int64] = []
  /// How often headers were nested too deep to be followed.
  public private(set) var tooDeep: Int64 = 0
  /// Whether there was a capture to read.
  public private(set) var isCapture = false

  private var counts: [Int64] = []
  private var problems: [String] = []

  /// Reads a capture from memory, and checks that every packet is accounted for.
  public init(_ bytes: UnsafeRawBufferPointer, asPipe: Bool = false) {
    let options = CaptureOptions(
      logLevel: .totals, reassemblyByteLimit: 1 << 16, connectionLimit: 64, requestLimit: 64)
    do {
      let analysis = try CaptureAnalysis.read(
        bytes, name: "input", asPipe: asPipe, options: options)
      isCapture = true
      take(analysis)
    } catch {
      problems = [error.description]
    }
  }

  private mutating func take(_ analysis: CaptureAnalysis) {
    let summary = analysis.summary
    packets = summary.packets
    transports = [summary.tcpPackets, summary.udpPackets + summary.quicPackets]
    tooDeep = summary.unread[.tooDeep]
    counts = UnreadReason.allCases.map { summary.unread[$0] }
    counts += [
      packets, summary.bytes, summary.fragments, summary.joinedFragments, summary.cutPackets,
      summary.untimedPackets, summary.backwardSteps, summary.tunnelledPackets,
      summary.untrackedPackets, summary.duration.nanoseconds, summary.startUnixNs ?? -1,
      Int64(analysis.connections.count), Int64(analysis.secrets.count),
    ]
    problems = analysis.problems.map(\.description)
    let known = transports.reduce(0, +) + summary.unread.total + summary.joinedFragments
    require(known == packets, "\(packets) packets, of which \(known) are accounted for")
    require(summary.duration >= .zero, "the capture ends before it begins")
  }

  /// Checks an input that says in its first two bytes where the file behind them is to be cut.
  public static func checkInput(_ data: UnsafePointer<UInt8>?, _ count: Int) {
    var input = Input(data, count)
    let cut = Int(input.choice()) << 8 | Int(input.choice())
    checkFile(input.bytes, cut: cut)
  }

  /// Checks a file: it reads alike from memory and through a pipe, and one that is cut has no more
  /// packets.
  public static func checkFile(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    let whole = CaptureCheck(bytes)
    require(whole == CaptureCheck(bytes, asPipe: true), "a pipe gives something else")
    let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(cut % (bytes.count + 1)))
    let cutShort = CaptureCheck(part)
    require(cutShort.packets <= whole.packets, "a part of the file has more packets than all of it")
  }
}
