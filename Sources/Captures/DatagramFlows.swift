import NetSim

/// The UDP conversations of a capture, with how many packets each has.
struct DatagramFlows {
  private struct Flow {
    var ends: PacketEnds
    var packets: Int64 = 0
    var isQUIC = false
  }

  /// Conversations followed, at most.
  private static let limit = 1 << 18

  private var table = FlowTable()
  private var flows: [Flow] = []

  /// Counts a datagram by its conversation, which is QUIC's once a long header was seen in it. Gives
  /// false where there are too many conversations.
  mutating func take(_ ends: PacketEnds, _ looksLikeQUIC: Bool) -> Bool {
    let hash = table.hash(ends)
    let known = table.value(hash) {
      flows[Int($0)].ends == ends || ends.isReverse(of: flows[Int($0)].ends)
    }
    if known == nil {
      guard flows.count < Self.limit else { return false }
      table.insert(UInt32(flows.count), hash: hash)
      flows.append(Flow(ends: ends))
    }
    let place = known.map { Int($0) } ?? flows.count - 1
    flows[place].packets += 1
    if looksLikeQUIC { flows[place].isQUIC = true }
    return true
  }

  /// Adds the conversations up.
  func count(in summary: inout CaptureSummary) {
    for flow in flows {
      if flow.isQUIC {
        summary.quicPackets += flow.packets
        summary.quicConversations += 1
      } else {
        summary.udpPackets += flow.packets
        summary.udpConversations += 1
      }
    }
  }
}
