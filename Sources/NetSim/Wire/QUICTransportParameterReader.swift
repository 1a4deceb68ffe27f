extension QUICTransportParameters {
  /// Reads the content of the TLS extension quic_transport_parameters (RFC 9000 §18).
  public init(_ reader: ByteReader, isFromClient: Bool) throws(QUICError) {
    self.init()
    var seen: [(id: UInt64, offset: Int)] = []
    var offset = 0
    while offset < reader.count {
      let start = offset
      guard let number = reader.quicVarint(at: &offset),
        let length = reader.quicVarint(at: &offset), length <= UInt64(reader.count - offset)
      else { throw QUICError(.parameterTruncated, at: start) }
      let content = reader.slice(from: offset, length: Int(length))
      offset += Int(length)
      let id = QUICTransportParameterID(rawValue: number)
      do throws(QUICViolation) {
        if isFromClient, id.isOfServers { throw .parameterRole(id) }
        try take(id, content)
      } catch { throw QUICError(error, at: start) }
      seen.append((number, start))
    }
    try Self.checkOnce(&seen)
    // draft-ietf-quic-ack-frequency §3: nobody can want less than the most.
    if (minimumAckDelayUs ?? 0) > 1_000 * maximumAckDelayMs {
      let place = seen.first { $0.id == QUICTransportParameterID.minAckDelay.rawValue }
      throw QUICError(.parameterValue(.minAckDelay), at: place?.offset ?? 0)
    }
  }

  /// RFC 9000 §7.4: each at most once. Sorted, because the sender chooses how many there are.
  private static func checkOnce(_ seen: inout [(id: UInt64, offset: Int)]) throws(QUICError) {
    seen.sort { $0.id != $1.id ? $0.id < $1.id : $0.offset < $1.offset }
    for index in seen.indices.dropFirst() where seen[index].id == seen[index - 1].id {
      throw QUICError(
        .parameterTwice(QUICTransportParameterID(rawValue: seen[index].id)),
        at: seen[index].offset)
    }
  }

  private mutating func take(
    _ id: QUICTransportParameterID, _ content: ByteReader
  ) throws(QUICViolation) {
    switch id {
    case .originalDestinationConnectionID:
      originalDestinationConnectionID = try id.connectionID(content)
    case .initialSourceConnectionID: initialSourceConnectionID = try id.connectionID(content)
    case .retrySourceConnectionID: retrySourceConnectionID = try id.connectionID(content)
    case .statelessResetToken:
      guard content.count == 16 else { throw .parameterForm(id) }
      statelessResetToken = [UInt8](content.bytes)
    case .disableActiveMigration:
      guard content.count == 0 else { throw .parameterForm(id) }
      disablesActiveMigration = true
    case .greaseQUICBit:
      guard content.count == 0 else { throw .parameterForm(id) }
      takesGreasedBit = true
    case .preferredAddress:
      guard let address = QUICPreferredAddress(content) else { throw .parameterForm(id) }
      preferredAddress = address
    default: try takeInteger(id, content)
    }
  }

  private mutating func takeInteger(
    _ id: QUICTransportParameterID, _ content: ByteReader
  ) throws(QUICViolation) {
    guard id.name != nil else {
      return others.append(QUICOtherParameter(id: id, content: [UInt8](content.bytes)))
    }
    var end = 0
    guard let value = content.quicVarint(at: &end), end == content.count else {
      throw .parameterForm(id)
    }
    guard id.allows(value) else { throw .parameterValue(id) }
    switch id {
    case .maxIdleTimeout: maximumIdleTimeoutMs = value
    case .maxUDPPayloadSize: maximumUDPPayloadBytes = value
    case .initialMaxData: initialMaximumData = value
    case .initialMaxStreamDataBidiLocal: initialMaximumStreamDataLocal = value
    case .initialMaxStreamDataBidiRemote: initialMaximumStreamDataRemote = value
    case .initialMaxStreamDataUni: initialMaximumStreamDataUnidirectional = value
    case .initialMaxStreamsBidi: initialMaximumStreams = value
    case .initialMaxStreamsUni: initialMaximumStreamsUnidirectional = value
    case .ackDelayExponent: ackDelayExponent = value
    case .maxAckDelay: maximumAckDelayMs = value
    case .activeConnectionIDLimit: activeConnectionIDLimit = value
    case .maxDatagramFrameSize: maximumDatagramFrameBytes = value
    default: minimumAckDelayUs = value
    }
  }
}

extension QUICTransportParameterID {
  fileprivate func connectionID(
    _ content: ByteReader
  ) throws(QUICViolation) -> QUICConnectionID {
    guard let id = QUICConnectionID(content.bytes) else { throw .parameterForm(self) }
    return id
  }
}

extension QUICPreferredAddress {
  /// Reads it, where its form is right: 24 bytes of addresses, a connection ID of 1…20 bytes behind
  /// its length, and 16 bytes of token.
  fileprivate init?(_ content: ByteReader) {
    guard let first = content.uint32(at: 0), let firstPort = content.uint16(at: 4),
      let high = content.uint64(at: 6), let low = content.uint64(at: 14),
      let secondPort = content.uint16(at: 22), let length = content.byte(at: 24),
      length > 0, content.count == 41 + Int(length),
      let id = QUICConnectionID(content.slice(from: 25, length: Int(length)).bytes)
    else { return nil }
    self.init(
      version4: IPAddress(version4: first), version4Port: firstPort,
      version6: IPAddress(version6: high, low), version6Port: secondPort, connectionID: id,
      resetToken: [UInt8](content.slice(from: 25 + Int(length)).bytes))
  }
}

extension ByteReader {
  fileprivate func uint64(at offset: Int) -> UInt64? {
    guard let high = uint32(at: offset), let low = uint32(at: offset + 4) else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }
}
