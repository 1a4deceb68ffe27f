import NetSim

/// An open capture file: pcap and pcapng through readers of our own, as they are, compressed with
/// gzip, or from a pipe; older forms of pcap through libpcap.
struct CaptureFile {
  /// What reads a form of file.
  enum Reader {
    case pcap(PcapReader)
    case pcapng(PcapngReader)
    case libpcap(LibpcapReader)
  }

  let reader: Reader

  /// Opens the capture at `path` (`-` is standard input).
  ///
  /// Throws when there is no such file, it is a directory, empty or no capture, or its link type is
  /// unknown. What is wrong further on comes from reading.
  static func open(_ path: String) throws(CaptureError) -> CaptureFile {
    let name = path == "-" ? "standard input" : path
    let file = try StandardFile(path: path)
    let bytes = file.peek(FileForm.frontBytes)
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(CaptureError) in try open(file, ByteReader(bytes), name) }
    }.get()
  }

  /// Opens a capture that is in memory, which must stay as long as the file is read. `asPipe` reads it
  /// from front to back, as if it came through a pipe.
  static func open(
    _ bytes: UnsafeRawBufferPointer, name: String, asPipe: Bool
  ) throws(CaptureError) -> CaptureFile {
    if bytes.isEmpty { throw FileForm.empty(name) }
    let front = ByteReader(bytes)
    if !asPipe, !FileForm.isGzip(front),
      let reader = try reader(of: ByteSource(bytes, name: name), front)
    {
      return CaptureFile(reader: reader)
    }
    return try open(
      StandardFile(bytes, name: name), front.slice(from: 0, length: FileForm.frontBytes), name)
  }

  private static func open(
    _ file: StandardFile, _ front: ByteReader, _ name: String
  ) throws(CaptureError) -> CaptureFile {
    if front.count == 0 { throw FileForm.empty(name) }
    guard FileForm.isGzip(front) else {
      let source = ByteSource(file, isCompressed: false, name: name)
      guard let reader = try reader(of: source, front) else {
        return try through(file, front, name)
      }
      return CaptureFile(reader: reader)
    }
    let source = ByteSource(file, isCompressed: true, name: name)
    _ = source.slide(to: 0, for: FileForm.frontBytes)
    let inflated = ByteReader(source.bytes)
    if let reader = try reader(of: source, inflated) { return CaptureFile(reader: reader) }
    if let fault = source.fault { throw fault }
    if source.bytes.isEmpty { throw FileForm.empty(name) }
    throw FileForm.strangerError(inflated, name)
      ?? CaptureError(
        .notACapture, file: name,
        "what gzip compressed there is neither pcapng nor pcap of version 2.4; others are read "
          + "unpacked: gzip -dc FILE | simcli pcap … -")
  }

  /// The reader of our own for what begins with `front`; nil when there is none.
  private static func reader(
    of source: ByteSource, _ front: ByteReader
  ) throws(CaptureError) -> Reader? {
    switch FileForm(front) {
    case .pcap: .pcap(try PcapReader(source))
    case .pcapng: .pcapng(try PcapngReader(source))
    case nil: nil
    }
  }

  private static func through(
    _ file: StandardFile, _ front: ByteReader, _ name: String
  ) throws(CaptureError) -> CaptureFile {
    if let error = FileForm.strangerError(front, name) { throw error }
    return CaptureFile(reader: .libpcap(try LibpcapReader(file, name: name)))
  }

  /// The next record, or nil at the end. After an error there is nothing more to read.
  @inline(__always)
  func next() throws(CaptureError) -> CapturedFrame? {
    switch reader {
    case .pcap(let reader): return try reader.next()
    case .pcapng(let reader): return try reader.next()
    case .libpcap(let reader): return try reader.next()
    }
  }

  /// The secrets that the file carries, as far as it was read.
  var secrets: [CaptureSecrets] {
    if case .pcapng(let reader) = reader { return reader.secrets }
    return []
  }
}
