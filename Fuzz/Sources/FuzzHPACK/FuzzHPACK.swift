import FuzzSupport
import NetSim

/// Limits of the table to choose among.
private let tableLimits: [UInt32] = [4_096, 256, 60, 0]
/// What a list counts for at most.
private let listLimit = 2_048

/// The field without what an encoder may add: it calls some secret by their names.
private func plain(_ field: HeaderField) -> HeaderField {
  HeaderField(name: field.name, value: field.value)
}

/// A second connection, on which what was read is written again.
private struct Repetition {
  var encoder: HPACKEncoder
  var decoder: HPACKDecoder

  init(tableLimit: UInt32, usesHuffman: Bool) {
    encoder = HPACKEncoder(usesHuffman: usesHuffman)
    // Fields and strings as large as the first connection has taken fit here too.
    decoder = HPACKDecoder(tableLimit: 4_096, maximumListBytes: listLimit)
    setTableLimit(tableLimit)
  }

  mutating func setTableLimit(_ bytes: UInt32) {
    encoder.setTableLimit(bytes)
    decoder.setTableLimit(bytes)
  }

  /// Writes fields and reads them back.
  mutating func check(_ fields: [HeaderField]) {
    let block = encoder.encode(fields)
    guard let again = try? decoder.decode(block) else { fatalError("what was written is wrong") }
    require(again.isWhole, "what was written is longer than what was read")
    require(again.fields.map(plain) == fields.map(plain), "what was written reads differently")
    for (before, after) in zip(fields, again.fields) {
      require(after.isSensitive || !before.isSensitive, "a secret is no longer one")
    }
    require(encoder.tableBytes == decoder.tableBytes, "the tables of both ends differ")
  }
}

/// Checks what a block gave.
private func check(_ list: HeaderList, _ decoder: HPACKDecoder, tableLimit: UInt32) {
  let counted = list.fields.reduce(0) { $0 + $1.countedBytes }
  require(counted <= listLimit, "more is kept than the limit")
  require(
    list.isWhole ? list.countedBytes == Int64(counted) : list.countedBytes > Int64(listLimit),
    "the list is counted wrong")
  require(decoder.tableBytes <= Int(tableLimit), "the table is larger than its limit")
}

/// Reads an input as blocks of fields, and writes them again. Before each block stands a byte: its
/// length in seven bits, and whether a byte that chooses a new limit of the table stands before it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHPACK(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  var tableLimit = tableLimits[Int(choice & 3)]
  var decoder = HPACKDecoder(tableLimit: tableLimit, maximumListBytes: listLimit)
  var repetition = Repetition(tableLimit: tableLimit, usesHuffman: choice & 4 == 0)
  while !input.bytes.isEmpty {
    let length = input.choice()
    if length & 0x80 != 0 {
      tableLimit = tableLimits[Int(input.choice() & 3)]
      decoder.setTableLimit(tableLimit)
      repetition.setTableLimit(tableLimit)
    }
    let block = input.take(Int(length & 0x7F))
    do throws(HPACKError) {
      let list = try decoder.decode(block)
      // An empty block needs no update of the table.
      if !block.isEmpty { check(list, decoder, tableLimit: tableLimit) }
      if list.isWhole { repetition.check(list.fields) }
    } catch {
      var failed = decoder
      require((try? failed.decode([])) == nil, "an error is forgotten")
      break
    }
  }
  return 0
}

/// Writes seeds before the run: the blocks of fields of HTTP/2 connections in the clear, and blocks
/// made here.
@_cdecl("LLVMFuzzerInitialize")
public func seedHPACK(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, isClient in
    let isHTTP2 = stream.starts(with: isClient ? HTTP2FrameReader.preface : [0, 0])
    guard isHTTP2 else { return [] }
    var reader = HTTP2FrameReader(isFromClient: isClient, offset: 0)
    var blocks: [UInt8] = []
    stream.withUnsafeBytes { raw in
      var position = 0
      while let event = try? reader.next(raw, &position) {
        guard case .headers(let block, _, _, _, true) = event.payload, block.count < 128 else {
          continue
        }
        blocks += [UInt8(block.count)] + block
      }
    }
    return [[0] + blocks, [1] + blocks, [4] + blocks]
  }
  return 0
}
