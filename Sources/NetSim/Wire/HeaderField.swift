/// A field of a message's header as HTTP/2 and HTTP/3 carry it: two strings of bytes, the name in
/// lower case (RFC 9113 §8.2, RFC 7541 §1.3).
public struct HeaderField: Equatable, Sendable {
  /// The name, such as `:path` or `accept`.
  public var name: [UInt8]
  /// The value.
  public var value: [UInt8]
  /// Whether no table may hold it, here or at any hop behind, because its length would let somebody
  /// guess it (RFC 7541 §7.1.3).
  public var isSensitive: Bool

  /// A field.
  public init(name: [UInt8], value: [UInt8], isSensitive: Bool = false) {
    self.name = name
    self.value = value
    self.isSensitive = isSensitive
  }

  /// A field of fixed texts.
  public init(_ name: StaticString, _ value: StaticString, isSensitive: Bool = false) {
    self.init(name: [], value: [], isSensitive: isSensitive)
    self.name.appendText(name)
    self.value.appendText(value)
  }

  /// The bytes that it counts for in a table or in a list of fields: those of name and value, and 32
  /// (RFC 7541 §4.1, RFC 9113 §6.5.2).
  public var countedBytes: Int { name.count + value.count + 32 }
}

/// Fields that were decoded.
public struct HeaderList: Equatable, Sendable {
  /// The fields in their order, as many as fit the decoder's limit.
  public internal(set) var fields: [HeaderField] = []
  /// What all of them count for, those that did not fit included.
  public internal(set) var countedBytes: Int64 = 0
  /// Whether all of them are here. Where they are not, the message cannot be used, but the tables of
  /// both ends still agree, so that the connection can (RFC 9113 §10.5.1).
  public internal(set) var isWhole = true

  /// No fields.
  public init() {}

  /// Counts a field, and keeps it if the list does not become longer than `limit`.
  mutating func append(_ field: HeaderField, limit: Int) {
    countedBytes += Int64(field.countedBytes)
    if countedBytes > Int64(limit) { isWhole = false }
    if isWhole { fields.append(field) }
  }
}

extension [UInt8] {
  /// A number by which equal names are found: FNV-1a.
  var fieldHash: UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for byte in self { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }
}
