import NetSim

/// What the names in assertions stand for: the fields of Linux's `tcp_info` and its constants.
enum AssertionNames {
  /// The value of a name; nil for one that is not known.
  static func value(
    _ name: String, _ connection: HostConnection, at now: SimTime
  ) -> Int64? {
    constants[name] ?? counter(name, connection) ?? sender(name, connection.machine)
      ?? path(name, connection.machine) ?? age(name, connection, at: now)
  }

  private static let constants: [String: Int64] = [
    "TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2, "TCP_CA_Recovery": 3,
    "TCP_CA_Loss": 4,
    "TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4, "TCPI_OPT_ECN": 8,
    "TCPI_OPT_ECN_SEEN": 16, "TCPI_OPT_SYN_DATA": 32,
    "TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4,
    "TCP_FIN_WAIT2": 5, "TCP_TIME_WAIT": 6, "TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8,
    "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11,
  ]

  private static func state(_ state: TCPState) -> Int64 {
    switch state {
    case .closed: 7
    case .listen: 10
    case .synSent: 2
    case .synReceived: 3
    case .established: 1
    case .finWait1: 4
    case .finWait2: 5
    case .closeWait: 8
    case .closing: 11
    case .lastAck: 9
    case .timeWait: 6
    }
  }

  private static func sender(_ name: String, _ machine: TCPMachine) -> Int64? {
    let information = machine.information
    return switch name {
    case "tcpi_state": state(machine.state)
    case "tcpi_ca_state": Int64(information.phase.rawValue)
    case "tcpi_retransmits": Int64(information.timeoutsInARow)
    case "tcpi_backoff": Int64(information.backoff)
    case "tcpi_unacked": Int64(information.outstandingSegments)
    case "tcpi_sacked": Int64(information.selectivelyAcknowledged)
    case "tcpi_lost": Int64(information.lostSegments)
    case "tcpi_retrans": Int64(information.retransmittedSegments)
    case "tcpi_total_retrans": information.totalRetransmissions
    case "tcpi_snd_cwnd": Int64(information.window)
    case "tcpi_snd_ssthresh": Int64(information.threshold)
    case "tcpi_reordering": Int64(information.reordering)
    case "tcpi_bytes_acked": information.acknowledgedBytes
    case "tcpi_notsent_bytes": machine.unsentBytes
    case "tcpi_probes": 0  // windows are never probed here
    default: nil
    }
  }

  private static func path(_ name: String, _ machine: TCPMachine) -> Int64? {
    let information = machine.information
    return switch name {
    case "tcpi_options":
      (information.usesTimestamps ? 1 : 0) | (information.usesSACK ? 2 : 0)
        | (information.usesWindowScaling ? 4 : 0) | (information.usesCongestionNotification ? 8 : 0)
    case "tcpi_snd_wscale": Int64(information.peerWindowShift)
    case "tcpi_rcv_wscale": information.usesWindowScaling ? Int64(information.windowShift) : 0
    case "tcpi_snd_wnd": information.peerWindow
    case "tcpi_snd_mss": Int64(information.payloadLimit)
    case "tcpi_advmss": Int64(information.announcedSegmentSize)
    case "tcpi_rto": information.timeout.nanoseconds / 1000
    case "tcpi_rtt": (information.smoothedRTT ?? .zero).nanoseconds / 1000
    case "tcpi_rttvar": information.variation.nanoseconds / 1000
    case "tcpi_min_rtt": information.minimumRTT.map { $0.nanoseconds / 1000 } ?? 0xFFFF_FFFF
    default: nil
    }
  }

  private static func counter(_ name: String, _ connection: HostConnection) -> Int64? {
    switch name {
    case "tcpi_segs_out": connection.segmentsSent
    case "tcpi_segs_in": connection.segmentsReceived
    case "tcpi_data_segs_out": connection.dataSegmentsSent
    case "tcpi_data_segs_in": connection.dataSegmentsReceived
    case "tcpi_bytes_received": connection.machine.deliveredBytes
    default: nil
    }
  }

  private static func age(
    _ name: String, _ connection: HostConnection, at now: SimTime
  ) -> Int64? {
    let since: SimTime
    switch name {
    case "tcpi_last_data_recv": since = connection.lastDataReceived
    case "tcpi_last_data_sent": since = connection.lastDataSent
    case "tcpi_last_ack_recv": since = connection.lastAcknowledgementReceived
    default: return nil
    }
    return (now - since).nanoseconds / 1_000_000
  }
}
