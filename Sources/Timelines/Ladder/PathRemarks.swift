import NetSim

/// What happens to a client's address, in words.
enum PathRemarks {
  /// What a record of that kind says; nil for any other.
  static func text(_ record: EventRecord) -> String? {
    guard record.kind == .pathChanged, let change = PathChange(rawValue: record.detail) else {
      return nil
    }
    let name = DatagramLadder.name(record.side)
    let address = ClientAddress(number: record.offset)
    switch change {
    case .rebound: return "the NAT has forgotten the connection, and gives it another port"
    case .moved: return "client goes on from another address"
    case .followed where address.host > 0: return "server: the client has another address"
    case .followed: return "server: the client has another port"
    case .validated: return "\(name): the new path is validated"
    case .returned: return "server: the client is back at the address before"
    case .failed: return "\(name): nobody answers there, it goes back"
    }
  }
}
