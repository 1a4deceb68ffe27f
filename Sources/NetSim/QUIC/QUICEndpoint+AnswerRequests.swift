/// What an end asks of its peer's acknowledgements, and does of what it is asked
/// (draft-ietf-quic-ack-frequency).
extension QUICEndpoint {
  /// How this end answers: by its policy, until its peer asks for something else.
  struct Answering {
    var packets: Int
    var delay: SimDuration
    var isAnEighth: Bool
    /// The sequence number of what was asked last; −1 before.
    var sequence: Int64 = -1

    init(_ policy: QUICEndPolicy) {
      packets = policy.answersEvery
      delay = policy.mostDelay
      isAnEighth = policy.waitsAnEighth
    }
  }

  /// Asks once the handshake is complete, where the peer lets itself be asked (§3, §4). The probe time-out
  /// counts with the longer delay from now on (§7).
  mutating func askForAnswers() {
    guard let request = policy.asksForAnswers, let least = peerPolicy.leastDelay,
      policy.leastDelay != nil
    else { return }
    let delay = max(request.delay, least)
    control.append(
      QUICItem(
        kind: .acknowledgementFrequency, offset: Int64(request.packets) - 1,
        length: delay.nanoseconds / 1000))
    peerDelay = max(peerDelay, delay)
  }

  /// The peer asks: of two wishes the later one counts (§4).
  mutating func takeRequest(_ frame: QUICItem) {
    guard policy.leastDelay != nil, frame.order > answering.sequence else { return }
    answering.sequence = frame.order
    answering.packets = Int(frame.offset) + 1
    answering.delay = .microseconds(frame.length)
    answering.isAnEighth = false
    scheduleAnswer()
  }
}
