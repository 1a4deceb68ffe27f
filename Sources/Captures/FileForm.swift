import NetSim

/// The forms of capture files that have a reader here, told by their first bytes.
enum FileForm {
  case pcap
  case pcapng

  /// Bytes of a file that tell its form.
  static let frontBytes = 8

  /// The form of a file that begins with `front`; nil where it is another.
  init?(_ front: ByteReader) {
    if front.uint32(at: 0) == PcapngReader.magic {
      self = .pcapng
    } else if PcapReader.knows(front) {
      self = .pcap
    } else {
      return nil
    }
  }

  /// Whether gzip compressed a file (RFC 1952 §2.3.1).
  static func isGzip(_ front: ByteReader) -> Bool {
    front.uint16(at: 0) == 0x1F8B && front.byte(at: 2) == 8
  }

  /// A file without bytes.
  static func empty(_ name: String) -> CaptureError {
    CaptureError(
      .empty, file: name, "the file is empty; a capture has at least a header of 24 bytes")
  }

  /// Why a file of a form that is known by name cannot be read, and what would help; nil for any
  /// other.
  static func strangerError(_ front: ByteReader, _ name: String) -> CaptureError? {
    let help: String
    switch (front.uint32(at: 0), front.uint32(at: 4)) {
    case (0x28B5_2FFD, _): help = "compressed with zstd; pipe it: zstd -dc FILE | simcli pcap … -"
    case (0xFD37_7A58, _): help = "compressed with xz; pipe it: xz -dc FILE | simcli pcap … -"
    case (0x0422_4D18, _): help = "compressed with lz4; pipe it: lz4 -dc FILE | simcli pcap … -"
    case (let magic?, _) where magic >> 8 == 0x42_5A68:
      help = "compressed with bzip2; pipe it: bzip2 -dc FILE | simcli pcap … -"
    case (0x736E_6F6F, 0x7000_0000): help = "a snoop capture (RFC 1761); editcap makes a pcap of it"
    case (0x474D_4255, _), (0x5254_5353, _):
      help = "a capture of Microsoft's Network Monitor; editcap makes a pcap of it"
    default: return nil
    }
    return CaptureError(.notACapture, file: name, "the file is " + help)
  }
}
