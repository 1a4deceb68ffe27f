/// Why bytes are no HPACK, or not what the connection's tables allow. Any of them ends the connection
/// with COMPRESSION_ERROR, because the tables of both ends no longer agree (RFC 9113 §4.3).
public enum HPACKError: Error, Equatable, Sendable {
  /// The block ends within a representation (RFC 7541 §6).
  case truncated
  /// An integer has more than 32 bits, or more bytes than those need (RFC 7541 §5.1, §7.4).
  case integer
  /// A string is longer than the decoder's limit (RFC 7541 §7.4).
  case stringTooLong
  /// The bits behind a Huffman code are more than seven, or not the first of EOS (RFC 7541 §5.2).
  case padding
  /// A Huffman code has EOS in it (RFC 7541 §5.2).
  case endOfString
  /// An index is 0 or points behind the tables (RFC 7541 §2.3.3, §6.1).
  case index(UInt32)
  /// A size update does not stand at the beginning of a block (RFC 7541 §4.2).
  case sizeUpdatePlace
  /// A size update is above the limit that the decoder has set (RFC 7541 §6.3).
  case sizeUpdate(UInt32)
  /// The limit was lowered, and the next block does not begin with an update to it (RFC 7541 §4.2).
  case sizeUpdateMissing

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .truncated: "a block of fields ends too early"
    case .integer: "an integer of HPACK is too large or too long"
    case .stringTooLong: "a field's name or value is too long"
    case .padding: "what fills up a Huffman code is not the beginning of EOS"
    case .endOfString: "EOS stands within a Huffman code"
    case .index: "an index points to no entry of the tables"
    case .sizeUpdatePlace: "a size update does not stand at the beginning of a block"
    case .sizeUpdate: "a size update is above the limit"
    case .sizeUpdateMissing: "the update to a lowered limit is missing"
    }
  }

  /// The section of RFC 7541 that it offends.
  public var section: StaticString {
    switch self {
    case .truncated: "6"
    case .integer: "5.1"
    case .stringTooLong: "7.4"
    case .padding, .endOfString: "5.2"
    case .index: "2.3.3"
    case .sizeUpdatePlace, .sizeUpdateMissing: "4.2"
    case .sizeUpdate: "6.3"
    }
  }
}

extension HPACKError: FieldCodingFailure {}
