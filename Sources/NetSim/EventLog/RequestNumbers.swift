/// The numbers that people see of a log's requests: clients' own, counted from 0. What a proxy asks on
/// a client's behalf goes by the number of what it passes on, and so does a replay.
public struct RequestNumbers: Sendable {
  private var numbers: [Int] = []
  /// How many requests are clients' own.
  public private(set) var count = 0

  /// The numbers of the requests of `log`.
  public init(_ log: EventLog) {
    numbers.reserveCapacity(log.requests.count)
    for request in log.requests {
      if let other = request.relays ?? request.original {
        numbers.append(numbers[Int(other)])
      } else if request.purpose.isProbe {
        numbers.append(count)  // Nobody asks for its number.
      } else {
        numbers.append(count)
        count += 1
      }
    }
  }

  /// The number of the request at an index of the log; the index itself beyond the log's requests.
  public subscript(index: UInt32) -> Int {
    Int(index) < numbers.count ? numbers[Int(index)] : Int(index)
  }
}

extension EventLog {
  /// Bytes of all bodies that clients asked for, as far as known.
  public var bodyBytes: Int64 {
    requests.reduce(0) { $0 + ($1.purpose == .object ? max(0, $1.bodyBytes) : 0) }
  }
}
