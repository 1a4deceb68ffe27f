import NetSim

/// An open capture file: classic pcap through a mapping, anything else through libpcap.
public struct CaptureFile {
  private enum Source {
    case mapped(PcapReader)
    case libpcap(LibpcapReader)
  }

  private let source: Source

  /// What the packets begin with.
  public let linkType: LinkType
  /// The link type's number.
  let linkNumber: UInt32

  private init(_ source: Source) {
    self.source = source
    switch source {
    case .mapped(let reader): (linkType, linkNumber) = (reader.linkType, reader.linkNumber)
    case .libpcap(let reader): (linkType, linkNumber) = (reader.linkType, reader.linkNumber)
    }
  }

  /// Opens the capture at `path`.
  ///
  /// Throws when there is no such file, it is a directory, empty or no capture, or its link type is
  /// unknown. What is wrong further on comes from reading.
  public static func open(_ path: String) throws(CaptureError) -> CaptureFile {
    switch try MappedFile.open(path) {
    case .mapped(let file):
      if PcapReader.knows(file.bytes) {
        return CaptureFile(.mapped(try PcapReader(file, path: path)))
      }
      return CaptureFile(.libpcap(try LibpcapReader(path: path)))
    case .stream:
      return CaptureFile(.libpcap(try LibpcapReader(path: path)))
    }
  }

  /// The next record, or nil at the end.
  func next() throws(CaptureError) -> CapturedFrame? {
    switch source {
    case .mapped(let reader): return try reader.next()
    case .libpcap(let reader): return try reader.next()
    }
  }
}
