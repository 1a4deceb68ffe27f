import NetSim

/// The bytes of a capture file as its readers see them: a window that is the part of it that was read
/// last, or all of it where it is in memory. It moves forwards only.
///
/// Files are read, not mapped: a page that is mapped costs more than the copy of its bytes, which are
/// in the processor's cache then when their headers are looked at.
final class ByteSource {
  private enum Supply {
    /// All of it.
    case whole
    case file(StandardFile)
    case gzip(GzipStream)
  }

  /// Bytes that are asked of a stream at once.
  private static let chunk = 1 << 18

  private let supply: Supply
  /// What a stream's window lies in; empty where all is in memory.
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// The window.
  private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Where in the file the window begins.
  private(set) var start: Int64 = 0
  /// The file's name for messages.
  let name: String

  /// Bytes in memory that somebody else keeps.
  init(_ bytes: UnsafeRawBufferPointer, name: String) {
    supply = .whole
    self.bytes = bytes
    self.name = name
  }

  /// The bytes of a stream, inflated where gzip compressed them.
  init(_ file: StandardFile, isCompressed: Bool, name: String) {
    supply = isCompressed ? .gzip(GzipStream(file)) : .file(file)
    self.name = name
  }

  deinit { buffer.deallocate() }

  /// Why the bytes end, where that is not the file's end.
  var fault: CaptureError? {
    let reason: String?
    switch supply {
    case .whole: reason = nil
    case .file(let file): reason = file.readFailure
    case .gzip(let stream): reason = stream.fault
    }
    return reason.map {
      CaptureError(
        .unreadable, file: name, byteOffset: start + Int64(bytes.count),
        "the rest cannot be read (\($0)); the capture was cut or damaged")
    }
  }

  /// Moves the window forwards so that at least `count` bytes from `offset` on are in it, where the
  /// file has so many. Gives what `offset` is in the moved window.
  func slide(to offset: Int, for count: Int) -> Int {
    if case .whole = supply { return offset }
    let kept = bytes.count - offset
    guard kept < count else { return offset }
    if buffer.count < Self.chunk {
      grow(to: Self.chunk, from: offset, kept)
    } else {
      move(offset, kept)
    }
    var filled = kept
    while filled < count {
      // What a length claims is believed only as far as bytes come.
      if filled == buffer.count {
        grow(to: min(buffer.count * 2, max(count, Self.chunk)), from: 0, filled)
      }
      let read = read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if read == 0 { break }
      filled += read
    }
    start += Int64(offset)
    bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
    return 0
  }

  /// Passes over `count` bytes from `offset` on, which need not fit a window. Gives where that ends
  /// in the window, or nil when the file ends before.
  func skip(from offset: Int, _ count: Int64) -> Int? {
    var offset = offset
    var left = count
    while left > Int64(bytes.count - offset) {
      if case .whole = supply { return nil }
      left -= Int64(bytes.count - offset)
      offset = slide(to: bytes.count, for: 1)
      if bytes.count == offset { return nil }
    }
    return offset + Int(left)
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch supply {
    case .whole: 0
    case .file(let file): file.read(into: buffer)
    case .gzip(let stream): stream.read(into: buffer)
    }
  }

  private func move(_ offset: Int, _ kept: Int) {
    guard let base = buffer.baseAddress, offset > 0, kept > 0 else { return }
    base.copyMemory(from: base + offset, byteCount: kept)
  }

  private func grow(to size: Int, from offset: Int, _ kept: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
    if kept > 0 {
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + kept]))
    }
    buffer.deallocate()
    buffer = larger
  }
}

extension UnsafeRawBufferPointer {
  /// The integer at a place that is known to be there. `isSwapped` says that it is little-endian.
  @inline(__always)
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, isSwapped: Bool
  ) -> Value {
    let value = loadUnaligned(fromByteOffset: offset, as: Value.self)
    return isSwapped ? Value(littleEndian: value) : Value(bigEndian: value)
  }
}
