import FuzzSupport
import NetSim

private func read(
  _ bytes: UnsafeRawBufferPointer, isFromClient: Bool
) -> QUICTransportParameters? {
  do throws(QUICError) {
    return try QUICTransportParameters(ByteReader(bytes), isFromClient: isFromClient)
  } catch {
    require(error.offset < bytes.count, "an error behind the end")
    require(error.code == .transportParameterError, "an error with another code")
    return nil
  }
}

/// What was read keeps to the limits (RFC 9000 §18.2).
private func check(_ parameters: QUICTransportParameters, isFromClient: Bool) {
  require(parameters.maximumUDPPayloadBytes >= 1_200, "datagrams are too small")
  require(parameters.ackDelayExponent <= 20, "the exponent is too large")
  require(parameters.maximumAckDelayMs < 1 << 14, "the delay is too long")
  require(parameters.activeConnectionIDLimit >= 2, "there are too few connection IDs")
  require(parameters.initialMaximumStreams <= 1 << 60, "there are too many streams")
  require((parameters.statelessResetToken?.count ?? 16) == 16, "the token has not its length")
  require(
    (parameters.minimumAckDelayUs ?? 0) <= 1_000 * parameters.maximumAckDelayMs,
    "the least delay is above the most")
  let isOfServer =
    parameters.originalDestinationConnectionID != nil || parameters.statelessResetToken != nil
    || parameters.preferredAddress != nil || parameters.retrySourceConnectionID != nil
  require(!(isFromClient && isOfServer), "a client sends what is a server's")
}

/// Reads an input as transport parameters, and writes them again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTransportParameters(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = Input(data, count)
  let isFromClient = input.choice() & 1 == 0
  input.forEachPiece(of: .max) { bytes in
    guard let parameters = read(bytes, isFromClient: isFromClient) else { return }
    check(parameters, isFromClient: isFromClient)
    guard let written = try? parameters.written(isFromClient: isFromClient) else {
      fatalError("what was read is not written: \(parameters)")
    }
    // A value may take more bytes than it needs, and a default none.
    require(written.count <= bytes.count, "what is written is longer")
    written.withUnsafeBytes { again in
      require(
        read(again, isFromClient: isFromClient) == parameters, "parameters read differently")
    }
  }
  return 0
}

/// Writes seeds before the run: parameters of a client and of a server.
@_cdecl("LLVMFuzzerInitialize")
public func seedTransportParameters(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  let token = "000102030405060708090a0b0c0d0e0f"
  Seeds.write(
    hex: [
      "00 04 08 ffffffffffffffff 05 04 8000ffff 07 04 8000ffff 08 01 10 01 04 80007530 09 01 10",
      "00 0f 08 8394c8f03e515708 06 04 8000ffff 03 02 45c0 0a 01 14 0b 02 7fff 0e 01 04 0c 00",
      "00 20 04 8000ffff 6ab2 00 c0000000ff04de1b 02 43e8 1b 02 0909",
      "01 00 03 010203 0f 00 10 01 04 02 10 \(token)",
      "01 0d 2b c0000201 01bb 20010db8000000000000000000000001 20fb 02 c1c2 \(token)",
    ])
  return 0
}
