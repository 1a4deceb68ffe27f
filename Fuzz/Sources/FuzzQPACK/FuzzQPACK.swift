import FuzzSupport
import NetSim

/// Limits of the table to choose among.
private let tableLimits: [UInt64] = [4_096, 256, 60, 0]
/// What a list counts for at most.
private let listLimit = 2_048
/// How many streams may wait.
private let blockedLimit: UInt64 = 2

/// The field without what an encoder may add: it calls some secret by their names.
private func plain(_ field: HeaderField) -> HeaderField {
  HeaderField(name: field.name, value: field.value)
}

/// A second connection, on which what was read is written again.
private struct Repetition {
  var encoder: QPACKEncoder
  var decoder: QPACKDecoder
  /// The decoder's answers that the encoder has not seen.
  var answers: [UInt8] = []

  init(tableLimit: UInt64, choice: UInt8) {
    let policies: [QPACKPolicy] = [.blocking, .withoutBlocking, .staticOnly, .blocking]
    encoder = QPACKEncoder(
      policy: policies[Int(choice & 3)], usesHuffman: choice & 4 == 0,
      addsEverything: choice & 8 != 0)
    decoder = QPACKDecoder(
      tableLimit: tableLimit, blockedLimit: blockedLimit, maximumListBytes: listLimit)
    let isTaken: Void? = try? encoder.setLimits(
      tableLimit: tableLimit, blockedLimit: blockedLimit)
    require(isTaken != nil, "limits are refused")
  }

  /// Writes fields and reads them back.
  mutating func check(_ fields: [HeaderField], streamID: UInt64) {
    let section = encoder.encode(fields, streamID: streamID)
    require(encoder.streamsAtRisk <= Int(blockedLimit), "too many streams may have to wait")
    let isReady = decoder.meets(section.requiredInsertCount)
    if !isReady {
      let early = try? decoder.decode(section.bytes, streamID: streamID)
      require(early == .blocked(until: section.requiredInsertCount), "a section does not wait")
    }
    guard (try? decoder.receive(section.instructions)) != nil,
      case .fields(let again) = try? decoder.decode(section.bytes, streamID: streamID)
    else { fatalError("what was written is wrong") }
    require(again.isWhole, "what was written is longer than what was read")
    require(again.fields.map(plain) == fields.map(plain), "what was written reads differently")
    for (before, after) in zip(fields, again.fields) {
      require(after.isSensitive || !before.isSensitive, "a secret is no longer one")
    }
    require(encoder.tableBytes == decoder.tableBytes, "the tables of both ends differ")
    answers += decoder.takeInstructions(acknowledgesInserts: streamID % 3 == 0)
    // The last answers are late.
    let late = min(answers.count, 3)
    let isRight: Void? = try? encoder.receive(Array(answers.dropLast(late)))
    require(isRight != nil, "an answer is refused")
    answers = answers.suffix(late)
  }
}

/// Checks what a section gave.
private func check(_ list: HeaderList) {
  let counted = list.fields.reduce(0) { $0 + $1.countedBytes }
  require(counted <= listLimit, "more is kept than the limit")
  require(
    list.isWhole ? list.countedBytes == Int64(counted) : list.countedBytes > Int64(listLimit),
    "the list is counted wrong")
}

/// The bytes of the encoder's stream in one piece, and byte by byte, leave the same.
private func receive(
  _ bytes: [UInt8], _ decoder: inout QPACKDecoder
) throws(QPACKError) {
  var single = decoder
  var failure: QPACKError?
  for byte in bytes where failure == nil {
    do throws(QPACKError) { try single.receive([byte]) } catch { failure = error }
  }
  do throws(QPACKError) {
    try decoder.receive(bytes)
  } catch {
    require(failure == error, "bytes one by one give another error")
    throw error
  }
  require(failure == nil, "bytes one by one give an error")
  require(single.insertCount == decoder.insertCount, "bytes one by one add other fields")
  require(single.tableBytes == decoder.tableBytes, "bytes one by one leave another table")
}

/// Reads an input as instructions and sections, and writes the fields again. Before each piece stands
/// a byte: its length in seven bits, and whether it is a section.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQPACK(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let choice = input.choice()
  let tableLimit = tableLimits[Int(choice & 3)]
  var decoder = QPACKDecoder(
    tableLimit: tableLimit, blockedLimit: blockedLimit, maximumListBytes: listLimit)
  var repetition = Repetition(tableLimit: tableLimit, choice: choice >> 2)
  var encoder = repetition.encoder
  var streamID: UInt64 = 0
  while !input.bytes.isEmpty {
    let length = input.choice()
    let piece = input.take(Int(length & 0x7F))
    // The decoder's stream may say anything, too.
    do { try encoder.receive(piece) } catch {}
    require(encoder.knownReceivedCount <= encoder.insertCount, "too much is acknowledged")
    do throws(QPACKError) {
      if length & 0x80 == 0 {
        try receive(piece, &decoder)
      } else {
        streamID += 4
        if case .fields(let list) = try decoder.decode(piece, streamID: streamID) {
          check(list)
          if list.isWhole { repetition.check(list.fields, streamID: streamID) }
        }
      }
    } catch {
      if error.isOfStream { continue }
      var failed = decoder
      require((try? failed.receive([])) == nil, "an error is forgotten")
      break
    }
    require(decoder.tableBytes <= decoder.tableCapacity, "the table is larger than it may be")
    require(decoder.tableCapacity <= Int(tableLimit), "the table is larger than its limit")
    require(decoder.blockedStreams <= Int(blockedLimit), "too many streams wait")
  }
  return 0
}

/// Writes seeds before the run: the fields of HTTP/2 connections in the clear, encoded anew.
@_cdecl("LLVMFuzzerInitialize")
public func seedQPACK(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  Seeds.write { stream, isClient in
    guard stream.starts(with: isClient ? HTTP2FrameReader.preface : [0, 0]) else { return [] }
    return [encoded(lists(stream, isClient), tableLimit: 4_096, choice: 0)]
      + [encoded(lists(stream, isClient), tableLimit: 256, choice: 1)]
  }
  return 0
}

/// The lists of fields that a direction of an HTTP/2 connection has.
private func lists(_ stream: [UInt8], _ isClient: Bool) -> [[HeaderField]] {
  var reader = HTTP2FrameReader(isFromClient: isClient, offset: 0)
  var decoder = HPACKDecoder()
  var lists: [[HeaderField]] = []
  stream.withUnsafeBytes { raw in
    var position = 0
    while let event = try? reader.next(raw, &position) {
      guard case .headers(let block, _, _, _, true) = event.payload,
        let list = try? decoder.decode(block)
      else { continue }
      lists.append(list.fields)
    }
  }
  return lists
}

/// The input of lists, by an encoder that adds everything.
private func encoded(
  _ lists: [[HeaderField]], tableLimit: UInt64, choice: UInt8
) -> [UInt8] {
  var encoder = QPACKEncoder(policy: .blocking, addsEverything: true)
  try? encoder.setLimits(tableLimit: tableLimit, blockedLimit: 100)
  var input = [choice]
  for fields in lists {
    let section = encoder.encode(fields, streamID: 0)
    for start in stride(from: 0, to: section.instructions.count, by: 0x7F) {
      let piece = section.instructions[start...].prefix(0x7F)
      input += [UInt8(piece.count)] + piece
    }
    guard section.bytes.count <= 0x7F else { continue }
    input += [0x80 | UInt8(section.bytes.count)] + section.bytes
  }
  return input
}
