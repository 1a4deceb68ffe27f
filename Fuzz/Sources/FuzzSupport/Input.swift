/// An input of the fuzzer: its first bytes choose among settings, the rest is what is parsed.
public struct Input {
  /// What is left of it.
  public private(set) var bytes: UnsafeRawBufferPointer

  /// The input that libFuzzer hands over.
  public init(_ data: UnsafePointer<UInt8>?, _ count: Int) {
    bytes = UnsafeRawBufferPointer(start: data, count: count)
  }

  /// Takes a byte off the front; 0 where there is none.
  public mutating func choice() -> UInt8 {
    guard let first = bytes.first else { return 0 }
    bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    return first
  }

  /// Takes bytes off the front, at most `count` of them.
  public mutating func take(_ count: Int) -> [UInt8] {
    let taken = [UInt8](bytes.prefix(count))
    bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
    return taken
  }

  /// What a reader makes of the bytes in pieces of `size`, up to its first error: `next` gives its next
  /// event of a piece, or nil where it wants more, and `offset` how far it has come.
  public func read<Event, Failure: Error>(
    pieces size: Int,
    next: (UnsafeRawBufferPointer, inout Int) throws(Failure) -> Event?,
    offset: () -> Int64
  ) -> (events: [Event], error: Failure?) {
    var events: [Event] = []
    var failure: Failure?
    forEachPiece(of: size) { piece in
      guard failure == nil else { return }
      var position = 0
      let before = offset()
      do throws(Failure) {
        while let event = try next(piece, &position) { events.append(event) }
        require(position == piece.count, "bytes are left over and nothing is wrong")
      } catch {
        failure = error
      }
      require(position >= 0 && position <= piece.count, "more bytes were used than given")
      require(offset() - before == Int64(position), "the offset does not count what was used")
    }
    return (events, failure)
  }

  /// The bytes in pieces of `size`, each in memory just as large, so that a read past its end is
  /// found.
  public func forEachPiece(of size: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    let size = min(max(size, 1), max(bytes.count, 1))
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    defer { piece.deallocate() }
    var start = 0
    while bytes.count - start >= size {
      piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + size]))
      body(UnsafeRawBufferPointer(piece))
      start += size
    }
    guard start < bytes.count else { return }
    let rest = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count - start, alignment: 1)
    defer { rest.deallocate() }
    rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start...]))
    body(UnsafeRawBufferPointer(rest))
  }
}

/// Stops the fuzzer, which then keeps the input, unless `condition` holds.
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, line: UInt = #line,
  file: StaticString = #file
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
