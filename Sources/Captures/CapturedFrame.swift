import NetSim

/// One record of a capture file. Its bytes belong to the reader, until the next record is read.
struct CapturedFrame {
  /// The packet's number in the file, from 1.
  var number: UInt32
  /// Nanoseconds since 1970, as the capture has it.
  var unixNs: Int64
  /// Bytes of the frame on the wire; `bytes` may have fewer.
  var wireLength: Int
  /// The number of the link type, as a filter needs it.
  var linkNumber: UInt32
  /// What the frame begins with; nil where that is not known.
  var linkType: LinkType?
  /// Whether the capture tells its time; `unixNs` is that of the packet before otherwise.
  var isTimed = true
  /// The interface that saw it, counted through the sections of its file.
  var interface: UInt32 = 0
  /// The frame as captured.
  var bytes: ByteReader
}
