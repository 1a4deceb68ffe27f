/// Why a capture, or the rest of one, could not be read. Prints as one line: what, where, and what
/// would be right.
public struct CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of faults.
  public enum Kind: Equatable, Sendable {
    /// There is no such file.
    case missing
    /// It is a directory.
    case directory
    /// The operating system refuses it.
    case unreadable
    /// It has no bytes.
    case empty
    /// It is no capture that this program or libpcap knows.
    case notACapture
    /// The packets begin with a header that this program does not know.
    case unknownLinkType
    /// The file ends in the middle of a record.
    case truncated
    /// A record's length cannot be true.
    case impossibleLength
    /// The filter expression does not compile.
    case badFilter
    /// The interface cannot be captured from: there is none of this name, or that is not allowed.
    case badInterface
    /// What was captured cannot be written.
    case unwritable
    /// It was to be compared with a capture with which it has no packet in common.
    case nothingInCommon
  }

  /// What is wrong.
  public var kind: Kind
  /// The file's path as it was given.
  public var file: String
  /// The number of the packet at fault, from 1, where there is one.
  public var packet: UInt32?
  /// Where in the file the fault is, in bytes from its beginning, where that is known.
  public var byteOffset: Int64?
  /// What is wrong and what would be right, without the place.
  public var explanation: String

  /// A fault with its place.
  init(
    _ kind: Kind, file: String, packet: UInt32? = nil, byteOffset: Int64? = nil,
    _ explanation: String
  ) {
    self.kind = kind
    self.file = file
    self.packet = packet
    self.byteOffset = byteOffset
    self.explanation = explanation
  }

  /// The same fault, met before a packet.
  func at(packet: UInt32) -> CaptureError {
    var error = self
    error.packet = packet
    return error
  }

  /// The whole line, without a newline.
  public var description: String {
    var line = file
    if let packet { line += ": packet \(packet)" }
    if let byteOffset { line += packet == nil ? ": byte \(byteOffset)" : " at byte \(byteOffset)" }
    return line + ": " + explanation
  }
}
