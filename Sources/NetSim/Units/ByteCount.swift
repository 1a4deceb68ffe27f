/// A number of bytes.
public struct ByteCount: Comparable, Hashable, Sendable {
  /// How many bytes.
  public var bytes: Int64

  /// `bytes` bytes.
  public init(_ bytes: Int64) { self.bytes = bytes }

  /// No bytes.
  public static var zero: ByteCount { ByteCount(0) }

  /// The smaller number comes first.
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
}
