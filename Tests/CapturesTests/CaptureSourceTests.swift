import Captures
import Foundation
import NetSim
import Testing

@Suite struct CaptureSourceTests {
  /// The header of a pcap file of raw IP, compressed by Python's gzip module.
  private let compressedHeader =
    "1f8b0800000000000203bb7278d342260616060460614805920075b9098a18000000"

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// A member of gzip with stored bytes (RFC 1951 §3.2.4, RFC 1952 §2.3).
  private func stored(_ content: [UInt8]) -> [UInt8] {
    func little(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    var table = (0..<256).map { UInt32($0) }
    for _ in 0..<8 { table = table.map { $0 & 1 == 0 ? $0 >> 1 : $0 >> 1 ^ 0xEDB8_8320 } }
    let check = content.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    let length = UInt16(content.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + [1] + little(length) + little(~length) + content
      + little(~check) + little(UInt32(content.count))
  }

  private func capture(_ ports: UInt16..., from ns: Int64 = 0) throws -> CaptureBuilder {
    var capture = CaptureBuilder(form: .littleMicroseconds)
    for (index, port) in ports.enumerated() {
      capture.add(try Packets.syn(port: port), atNs: ns + Int64(index) * 2_000_000)
    }
    return capture
  }

  @Test("What gzip compressed is read, also in several members and with something behind them")
  func gzip() throws {
    let plain = try capture(1, 2).bytes
    let forms = [
      stored(plain), stored(Array(plain[..<30])) + stored(Array(plain[30...])),
      stored(plain) + [0, 0, 0], bytes(compressedHeader) + stored(Array(plain[24...])),
    ]
    for form in forms {
      let analysis = try CaptureBuilder.read(form)
      #expect(analysis.problem == nil)
      #expect(analysis.connections.map(\.client.port) == [1, 2])
    }
  }

  @Test("A compressed file cut at any byte, or damaged, is analysed up to there")
  func damagedGzip() throws {
    let whole = stored(try capture(1, 2).bytes)
    for length in 43..<whole.count {
      let analysis = try CaptureBuilder.read(Array(whole.prefix(length)))
      #expect(analysis.problem?.description.contains("cut or damaged") == true, "cut at \(length)")
      #expect(
        analysis.summary.packets == (length >= 151 ? 2 : length >= 95 ? 1 : 0), "cut at \(length)")
    }
    var wrongSum = whole
    wrongSum[whole.count - 6] ^= 1
    let analysis = try CaptureBuilder.read(wrongSum)
    #expect(analysis.summary.packets == 2)
    #expect(analysis.problem?.description.contains("incorrect data check") == true)
    #expect(throws: CaptureError.self) { try CaptureBuilder.read(self.stored([1, 2, 3])) }
    #expect(throws: CaptureError.self) { try CaptureBuilder.read(self.stored([])) }
  }

  @Test("The variant with longer record headers is read")
  func kuznetzov() throws {
    let plain = try capture(1, 2).bytes
    var bytes: [UInt8] = [0x34, 0xCD, 0xB2, 0xA1] + plain[4..<24]
    for start in stride(from: 24, to: plain.count, by: 56) {
      bytes +=
        plain[start..<start + 16] + [9, 0, 0, 0, 0, 0, 0, 0] + plain[start + 16..<start + 56]
    }
    #expect(try CaptureBuilder.read(bytes).connections.map(\.client.port) == [1, 2])
  }

  @Test("Captures of other forms are named, with what would help")
  func strangers() throws {
    let fronts: [([UInt8], String)] = [
      ([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0], "zstd -dc"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 0], "xz -dc"),
      (Array("BZh91AY&".utf8), "bzip2 -dc"), ([4, 0x22, 0x4D, 0x18, 0, 0, 0, 0], "lz4 -dc"),
      (Array("snoop".utf8) + [0, 0, 0], "snoop"), (Array("GMBU".utf8) + [0, 0, 0, 0], "editcap"),
    ]
    for (front, words) in fronts {
      do {
        _ = try CaptureBuilder.read(front + [UInt8](repeating: 0, count: 40))
        Issue.record("\(words) was read")
      } catch let error as CaptureError {
        #expect(error.kind == .notACapture)
        #expect(error.description.contains(words), "\(error)")
      }
    }
  }

  /// libpcap alone reads versions before 2.4, and takes no compressed file.
  @Test("Forms that are not read compressed are told apart, with what would help")
  func compressedStrangers() throws {
    let fronts: [([UInt8], String)] = [
      (Array("snoop".utf8) + [0, 0, 0], "snoop"),
      ([0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 1], "gzip -dc"), ([1, 2, 3], "gzip -dc"),
    ]
    for (front, words) in fronts {
      let error = #expect(throws: CaptureError.self) { try CaptureBuilder.read(self.stored(front)) }
      #expect(error?.kind == .notACapture)
      #expect(error?.description.contains(words) == true, "\(words)")
    }
  }

  @Test("Several files are merged by time; each keeps its own order, and the first is first")
  func merging() throws {
    let paths = try [
      capture(1, 3, 5), capture(2, 4, from: 1_000_000), capture(6, from: 4_000_000),
    ].map { try CaptureBuilder.write($0.bytes) }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let analysis = try CaptureAnalysis.read(paths: paths)
    #expect(analysis.connections.map(\.client.port) == [1, 2, 3, 4, 5, 6])
    #expect(
      analysis.connections.map(\.first.nanoseconds) == [0, 1, 2, 3, 4, 4].map { $0 * 1_000_000 })
    #expect(analysis.summary.backwardSteps == 0)
    #expect(analysis.summary.packets == 6)
    let filtered = try CaptureAnalysis.read(
      paths: paths, options: CaptureOptions(filter: "src portrange 2-4"))
    #expect(filtered.connections.map(\.client.port) == [2, 3, 4])
  }

  @Test("A fault in one of several files names it, and the others are read")
  func mergingWithFaults() throws {
    let cut = Array(try capture(1, 3).bytes.dropLast(3))
    let paths = try [cut, capture(2, 4, from: 1_000_000).bytes].map(CaptureBuilder.write)
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let analysis = try CaptureAnalysis.read(paths: paths)
    #expect(analysis.connections.map(\.client.port) == [1, 2, 4])
    #expect(analysis.problems.map(\.file) == [paths[0]])
    #expect(analysis.problem?.packet == 2)
    #expect(throws: CaptureError.self) { try CaptureAnalysis.read(paths: paths + ["/nowhere"]) }
  }
}
