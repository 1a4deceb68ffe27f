import NetSim

/// Several capture files as one, their packets merged by time. A file's own order is kept, also
/// where its times go back; at equal times the file named first comes first.
struct CaptureSeries {
  private let files: [CaptureFile]
  /// The one file, where there is one.
  private let only: CaptureFile?
  /// The next packet of each file; nil once it has ended.
  private var heads: [CapturedFrame?] = []
  /// The file whose packet was given last and is in use until the next is asked for.
  private var last: Int?
  private var number: UInt32 = 0

  /// Why files could not be read to their ends.
  private(set) var problems: [CaptureError] = []

  /// Opens the captures at `paths`. Throws when there is nothing to read in one of them.
  init(paths: [String]) throws(CaptureError) {
    var files: [CaptureFile] = []
    for path in paths { files.append(try CaptureFile.open(path)) }
    self.init(files)
  }

  /// Captures that are open.
  init(_ files: [CaptureFile]) {
    self.files = files
    only = files.count == 1 ? files[0] : nil
    if files.count > 1 { heads = files.map { read($0) } }
  }

  /// Goes through the packets of all files. With several files a packet's number counts through all
  /// of them. What `body` throws ends it; what is wrong with a file ends that file.
  @inline(__always)
  mutating func forEach<Failure>(
    _ body: (CapturedFrame) throws(Failure) -> Void
  ) throws(Failure) {
    guard let only else {
      while let frame = nextOfAll() { try body(frame) }
      return
    }
    switch only.reader {
    case .pcap(let reader):
      while let frame = fault({ () throws(CaptureError) in try reader.next() }) { try body(frame) }
    case .pcapng(let reader):
      while let frame = fault({ () throws(CaptureError) in try reader.next() }) { try body(frame) }
    case .libpcap(let reader):
      while let frame = fault({ () throws(CaptureError) in try reader.next() }) { try body(frame) }
    }
  }

  /// The next packet of a file; nil at its end, or where it cannot be read further.
  @inline(__always)
  private mutating func fault(
    _ next: () throws(CaptureError) -> CapturedFrame?
  ) -> CapturedFrame? {
    do {
      return try next()
    } catch {
      problems.append(error)
      return nil
    }
  }

  private mutating func nextOfAll() -> CapturedFrame? {
    if let last { heads[last] = read(files[last]) }
    last = nil
    for (index, head) in heads.enumerated() {
      guard let head else { continue }
      if let best = last.flatMap({ heads[$0] }), best.unixNs <= head.unixNs { continue }
      last = index
    }
    guard let last else { return nil }
    number &+= 1
    heads[last]?.number = number
    return heads[last]
  }

  private mutating func read(_ file: CaptureFile) -> CapturedFrame? {
    fault { () throws(CaptureError) in try file.next() }
  }

  /// The secrets that the files carry.
  var secrets: [CaptureSecrets] { files.flatMap(\.secrets) }
}
