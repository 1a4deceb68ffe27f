import CAllocations
import NetSim

/// What a connection takes in memory on which nothing happens: the state of both ends, and what
/// that has allocated.
enum IdleBenchmark {
  private static let pairs = 1_000

  static func run() {
    var ends: [TCPMachine] = []
    ends.reserveCapacity(2 * pairs)
    let before = allocated_bytes()
    for _ in 0..<pairs { connect(&ends) }
    let allocated = Int(allocated_bytes() - before) / pairs
    precondition(ends.allSatisfy { $0.state == .established }, "a handshake that did not end")
    let state = 2 * TCPMachine.stateBytes
    print(
      "\nAn idle TCP connection, both ends: \(Figure.grouped(state + allocated)) bytes "
        + "(\(Figure.grouped(state)) of state, \(Figure.grouped(allocated)) allocated)")
  }

  /// Adds the two ends of a connection that has just been established.
  private static func connect(_ ends: inout [TCPMachine]) {
    let settings = TransportSettings.standard(.linux)
    var client = TCPMachine(
      settings: settings, initialSequence: SequenceNumber(1), side: .client)
    var server = TCPMachine(
      settings: settings, initialSequence: SequenceNumber(2), side: .server)
    server.listen()
    client.connect(at: .zero)
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      while let segment = client.pollTransmit(at: .zero) {
        server.receive(segment, at: .zero)
        isQuiet = false
      }
      while let segment = server.pollTransmit(at: .zero) {
        client.receive(segment, at: .zero)
        isQuiet = false
      }
    }
    ends.append(client)
    ends.append(server)
  }
}
