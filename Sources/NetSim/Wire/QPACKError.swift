/// What is wrong with the bytes of QPACK, or does not fit what both ends know of each other.
public enum QPACKViolation: Error, Equatable, Sendable, FieldCodingFailure {
  /// A section ends within a representation (RFC 9204 §4.5).
  case truncated
  /// An integer has more than 62 bits, or more bytes than those need (RFC 9204 §4.1.1, §7.4).
  case integer
  /// A string is longer than the decoder's limit (RFC 9204 §7.4).
  case stringTooLong
  /// The bits behind a Huffman code are more than seven, or not the first of EOS (RFC 7541 §5.2).
  case padding
  /// A Huffman code has EOS in it (RFC 7541 §5.2).
  case endOfString
  /// An index points behind the static table (RFC 9204 §3.1).
  case staticIndex(UInt64)
  /// An index points to no entry of the dynamic table, or to one that the section did not say it would
  /// need (RFC 9204 §2.2.3).
  case dynamicIndex(UInt64)
  /// No encoder could have written this as the required insert count (RFC 9204 §4.5.1.1).
  case requiredInsertCount(UInt64)
  /// The base of a section is negative (RFC 9204 §4.5.1.2).
  case base
  /// More streams wait for the table than the decoder allows (RFC 9204 §2.1.2).
  case blockedStreams
  /// The table is to become larger than the decoder allows (RFC 9204 §4.3.1).
  case capacity(UInt64)
  /// A field that is added is larger than the table (RFC 9204 §3.2.2).
  case entryTooLarge
  /// A section is acknowledged of a stream that has none to be acknowledged (RFC 9204 §4.4.1).
  case acknowledgment(UInt64)
  /// The insert count grows by nothing, or above what was sent (RFC 9204 §4.4.3).
  case increment(UInt64)
  /// The limit of the table is not the one that was remembered for 0-RTT (RFC 9204 §3.2.3).
  case rememberedCapacity

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .truncated: "a section of fields ends too early"
    case .integer: "an integer of QPACK is too large or too long"
    case .stringTooLong: "a field's name or value is too long"
    case .padding: "what fills up a Huffman code is not the beginning of EOS"
    case .endOfString: "EOS stands within a Huffman code"
    case .staticIndex: "an index points to no entry of the static table"
    case .dynamicIndex: "an index points to no entry of the dynamic table"
    case .requiredInsertCount: "a required insert count is none that an encoder can write"
    case .base: "the base of a section is negative"
    case .blockedStreams: "more streams wait for the dynamic table than are allowed"
    case .capacity: "the dynamic table is to become larger than is allowed"
    case .entryTooLarge: "a field is larger than the dynamic table"
    case .acknowledgment: "a section is acknowledged that was not sent"
    case .increment: "fields are acknowledged that were not added"
    case .rememberedCapacity: "the dynamic table's limit is not the one of the connection before"
    }
  }

  /// The section of RFC 9204 that it offends.
  public var section: StaticString {
    switch self {
    case .truncated: "4.5"
    case .integer, .stringTooLong: "7.4"
    case .padding, .endOfString: "4.1.2"
    case .staticIndex: "3.1"
    case .dynamicIndex: "2.2.3"
    case .requiredInsertCount: "4.5.1.1"
    case .base: "4.5.1.2"
    case .blockedStreams: "2.1.2"
    case .capacity: "4.3.1"
    case .entryTooLarge: "3.2.2"
    case .acknowledgment: "4.4.1"
    case .increment: "4.4.3"
    case .rememberedCapacity: "3.2.3"
    }
  }
}

/// An error of QPACK: what is wrong, and the code that says where (RFC 9204 §6).
public struct QPACKError: Error, Equatable, Sendable {
  /// What is wrong.
  public var violation: QPACKViolation
  /// QPACK_DECOMPRESSION_FAILED, QPACK_ENCODER_STREAM_ERROR or QPACK_DECODER_STREAM_ERROR.
  public var code: HTTP3ErrorCode

  /// An error.
  public init(_ violation: QPACKViolation, _ code: HTTP3ErrorCode) {
    self.violation = violation
    self.code = code
  }

  /// Whether it ends the section's stream alone: a section that is right, but has more in it than the
  /// decoder takes (RFC 9204 §7.4). Everything else ends the connection.
  public var isOfStream: Bool {
    code == .qpackDecompressionFailed && (violation == .integer || violation == .stringTooLong)
  }
}
