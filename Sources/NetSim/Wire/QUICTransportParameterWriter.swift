extension QUICTransportParameters {
  /// The content of the TLS extension quic_transport_parameters (RFC 9000 §18). What has its default is
  /// left out. What is not legal is refused with the error that the receiver would find.
  public func written(isFromClient: Bool) throws(QUICError) -> [UInt8] {
    var bytes: [UInt8] = []
    appendConnectionIDs(to: &bytes)
    appendLimits(to: &bytes)
    if let preferredAddress { preferredAddress.append(to: &bytes) }
    if let statelessResetToken { bytes.append(.statelessResetToken, statelessResetToken) }
    if disablesActiveMigration { bytes.append(.disableActiveMigration, []) }
    if takesGreasedBit { bytes.append(.greaseQUICBit, []) }
    if let minimumAckDelayUs { bytes.append(.minAckDelay, value: minimumAckDelayUs) }
    for other in others { bytes.append(other.id, other.content) }
    var failure: QUICError?
    bytes.withUnsafeBytes { raw in
      do throws(QUICError) {
        _ = try QUICTransportParameters(ByteReader(raw), isFromClient: isFromClient)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  private func appendConnectionIDs(to bytes: inout [UInt8]) {
    if let id = originalDestinationConnectionID {
      bytes.append(.originalDestinationConnectionID, id)
    }
    if let id = initialSourceConnectionID { bytes.append(.initialSourceConnectionID, id) }
    if let id = retrySourceConnectionID { bytes.append(.retrySourceConnectionID, id) }
  }

  private func appendLimits(to bytes: inout [UInt8]) {
    let defaults = QUICTransportParameters()
    let values: [(QUICTransportParameterID, UInt64, default: UInt64)] = [
      (.maxIdleTimeout, maximumIdleTimeoutMs, 0),
      (.maxUDPPayloadSize, maximumUDPPayloadBytes, defaults.maximumUDPPayloadBytes),
      (.initialMaxData, initialMaximumData, 0),
      (.initialMaxStreamDataBidiLocal, initialMaximumStreamDataLocal, 0),
      (.initialMaxStreamDataBidiRemote, initialMaximumStreamDataRemote, 0),
      (.initialMaxStreamDataUni, initialMaximumStreamDataUnidirectional, 0),
      (.initialMaxStreamsBidi, initialMaximumStreams, 0),
      (.initialMaxStreamsUni, initialMaximumStreamsUnidirectional, 0),
      (.ackDelayExponent, ackDelayExponent, defaults.ackDelayExponent),
      (.maxAckDelay, maximumAckDelayMs, defaults.maximumAckDelayMs),
      (.activeConnectionIDLimit, activeConnectionIDLimit, defaults.activeConnectionIDLimit),
      (.maxDatagramFrameSize, maximumDatagramFrameBytes, 0),
    ]
    for (id, value, usual) in values where value != usual { bytes.append(id, value: value) }
  }
}

extension QUICPreferredAddress {
  fileprivate func append(to bytes: inout [UInt8]) {
    var content: [UInt8] = []
    content.append(bigEndian: UInt32(truncatingIfNeeded: version4.low))
    content.append(bigEndian: version4Port)
    for half in [version6.high, version6.low] {
      content.append(bigEndian: UInt32(truncatingIfNeeded: half >> 32))
      content.append(bigEndian: UInt32(truncatingIfNeeded: half))
    }
    content.append(bigEndian: version6Port)
    content.append(UInt8(connectionID.count))
    connectionID.append(to: &content)
    content += resetToken
    bytes.append(.preferredAddress, content)
  }
}

extension [UInt8] {
  /// Number, length and content (RFC 9000 §18).
  fileprivate mutating func append(_ id: QUICTransportParameterID, _ content: [UInt8]) {
    append(quicVarint: id.rawValue)
    append(quicVarint: UInt64(content.count))
    self += content
  }

  fileprivate mutating func append(_ id: QUICTransportParameterID, value: UInt64) {
    append(quicVarint: id.rawValue)
    append(quicVarint: UInt64(QUICVarint.size(value)))
    append(quicVarint: value)
  }

  fileprivate mutating func append(_ id: QUICTransportParameterID, _ connection: QUICConnectionID) {
    append(quicVarint: id.rawValue)
    append(quicVarint: UInt64(connection.count))
    connection.append(to: &self)
  }
}
