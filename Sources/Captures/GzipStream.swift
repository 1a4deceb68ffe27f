import CZlib

/// What gzip compressed (RFC 1952), inflated from front to back. Members that follow each other are
/// one stream; what follows the last one is left aside, as gzip does.
final class GzipStream {
  private static let inputBytes = 1 << 16

  private let file: StandardFile
  /// zlib keeps the address of its state.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: GzipStream.inputBytes, alignment: 1)
  private var isAtEnd = false
  /// What is wrong with the compressed bytes, once that was met.
  private(set) var fault: String?

  init(_ file: StandardFile) {
    self.file = file
    stream.initialize(to: z_stream())
    // 16 on top of the window's 15 bits asks for gzip's header and checksum.
    let status = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib could not begin")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Fills the front of `buffer`, and gives how many bytes came: 0 at the end or at a fault.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = UInt32(clamping: buffer.count)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = wanted
    while !isAtEnd, stream.pointee.avail_out > 0 {
      if stream.pointee.avail_in == 0, !refill() {
        end(file.readFailure ?? "the compressed data ends before its end is marked")
        break
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: isAtEnd = !beginNextMember()
      default: end(stream.pointee.msg.map { String(cString: $0) } ?? "damaged data")
      }
    }
    return Int(wanted - stream.pointee.avail_out)
  }

  private func end(_ reason: String) {
    isAtEnd = true
    fault = reason
  }

  private func refill() -> Bool {
    let count = file.read(into: input)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
    return count > 0
  }

  /// Whether another member follows the one that has ended.
  private func beginNextMember() -> Bool {
    if stream.pointee.avail_in == 0, !refill() { return false }
    guard stream.pointee.next_in.pointee == 0x1F else { return false }
    return inflateReset(stream) == Z_OK
  }
}
