/// A bounded look at bytes that somebody else owns, such as a mapped file: every read is checked,
/// numbers are in network order, and nothing is copied.
///
/// A reader must not outlive the memory it was made from.
public struct ByteReader {
  /// The bytes themselves.
  public let bytes: UnsafeRawBufferPointer

  /// A reader of `bytes`.
  @inlinable @inline(__always) public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// How many bytes there are.
  @inlinable @inline(__always) public var count: Int { bytes.count }

  /// The byte at `offset`, or nil past the end.
  @inlinable @inline(__always) public func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[offset] : nil
  }

  /// The 16-bit number at `offset`, or nil past the end.
  @inlinable @inline(__always) public func uint16(at offset: Int) -> UInt16? {
    guard offset >= 0, bytes.count - offset >= 2 else { return nil }
    return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The 32-bit number at `offset`, or nil past the end.
  @inlinable @inline(__always) public func uint32(at offset: Int) -> UInt32? {
    guard offset >= 0, bytes.count - offset >= 4 else { return nil }
    return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The bytes from `start`, at most `length` of them: fewer, or none, where they end before.
  @inlinable @inline(__always)
  public func slice(from start: Int, length: Int = .max) -> ByteReader {
    guard start >= 0, start < bytes.count, length > 0 else {
      return ByteReader(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let end = min(length, bytes.count - start) + start
    return ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
  }

  /// Throws unless there are at least `need` bytes.
  @inlinable @inline(__always)
  public func require(_ need: Int) throws(WireError) {
    guard bytes.count >= need else {
      throw .truncated(
        need: UInt32(truncatingIfNeeded: need), have: UInt32(truncatingIfNeeded: bytes.count))
    }
  }
}

extension [UInt8] {
  /// Appends a number in network order.
  mutating func append(bigEndian value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends a number in network order.
  mutating func append(bigEndian value: UInt32) {
    append(bigEndian: UInt16(truncatingIfNeeded: value >> 16))
    append(bigEndian: UInt16(truncatingIfNeeded: value))
  }
}
