/// Why bytes are not what they were read as. Offsets count from the header's first byte.
public enum WireError: Error, Equatable, Sendable {
  /// The bytes end before the header does: `have` bytes where `need` are wanted.
  case truncated(need: UInt32, have: UInt32)
  /// The version field is not the one of this header.
  case version(UInt8)
  /// A header length smaller than the header's fixed part, or larger than the packet.
  case headerLength(UInt32)
  /// A total length smaller than the header, so that it lies.
  case totalLength(UInt32)
  /// An option or extension header whose length does not fit where it stands.
  case optionLength(UInt32)
  /// More extension headers than a packet has use for.
  case tooManyExtensions
  /// What is to be written does not fit its field.
  case doesNotFit
}
