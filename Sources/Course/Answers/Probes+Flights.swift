import NetSim

/// What servers send without waiting for their clients.
extension Probes {
  /// What a connection's server sent without waiting for the client.
  struct Flight: Sendable {
    var at: SimTime
    var segments = 0
    var bytes: Int64 = 0
  }

  /// A segment with data, or a datagram with CRYPTO or STREAM frames.
  private struct Shipment {
    let time: SimTime
    /// Data of a segment, or UDP payload.
    var bytes: Int64
    var hasData: Bool
    /// The datagram; nil for a segment.
    let datagram: UInt32?
  }

  /// The server's data on a connection, cut where it fell silent for half a round trip: then it
  /// waited for the client.
  static func flights(
    of log: EventLog, _ scenario: Scenario, connection: UInt32
  ) -> [Flight] {
    let half = (scenario.links[0].delay + scenario.links[1].delay) / 2
    var flights: [Flight] = []
    var last: SimTime?
    for shipment in shipments(of: log, connection: connection) where shipment.hasData {
      if last.map({ shipment.time - $0 >= half }) ?? true {
        flights.append(Flight(at: shipment.time))
      }
      flights[flights.count - 1].segments += 1
      flights[flights.count - 1].bytes += shipment.bytes
      last = shipment.time
    }
    return flights
  }

  private static func shipments(of log: EventLog, connection: UInt32) -> [Shipment] {
    var shipments: [Shipment] = []
    for record in log.records where record.side == .server && record.connection == connection {
      let bytes = Int64(record.length)
      switch record.kind {
      case .segmentSent:
        shipments.append(
          Shipment(time: record.time, bytes: bytes, hasData: bytes > 0, datagram: nil))
      case .quicPacketSent where shipments.last?.datagram == record.item:
        shipments[shipments.count - 1].bytes += bytes
      case .quicPacketSent:
        shipments.append(
          Shipment(time: record.time, bytes: bytes, hasData: false, datagram: record.item))
      case .quicFrame where !shipments.isEmpty:
        let type = QUICFrameType(number: UInt64(record.detail & 0x7F))
        if type == .crypto || type == .stream { shipments[shipments.count - 1].hasData = true }
      default: break
      }
    }
    return shipments
  }
}
