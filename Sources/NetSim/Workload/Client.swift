/// A client at work: which of its objects were asked for, and how many connections it holds.
struct Client {
  let settings: ClientSettings
  /// Requests that are wanted and have no connection yet, by index.
  var waiting = RingBuffer<UInt32>()
  /// Established connections that serve no request, by index.
  var idle: [Int] = []
  /// How many connections are open or opening.
  var open = 0
  /// How many objects were asked for.
  var asked = 0
  /// How many objects are complete, and how many will never be.
  var completed = 0
  var failed = 0

  init(_ settings: ClientSettings) { self.settings = settings }

  /// Whether every object is complete or has failed.
  var isFinished: Bool { completed + failed == settings.objects.count }
}

/// One object asked for.
struct Request {
  let client: Int
  /// Its place in the client's list of objects.
  let ordinal: Int
  let bodyBytes: Int64
  let requestBytes: Int64
  var connection: Int?
  /// The position after its last byte in the stream to the server.
  var requestEnd: Int64 = 0
  /// Its response's span in the stream to the client, once the server has written it.
  var responseStart: Int64 = 0
  var responseEnd: Int64 = 0
  var isAnswered = false
  var hasFirstByte = false
  var completedAt: SimTime?
}

/// What the simulator knows of a connection beside its two endpoints.
struct SimulatedConnection {
  let client: Int
  let path: Int
  /// The request that it serves or will serve.
  var request: Int?
  /// How many requests it has served.
  var served = 0
  /// Whether its end was noticed, so that it is noticed once.
  var isOver = false
  var totals = ConnectionReport()

  init(client: Int, path: Int) {
    self.client = client
    self.path = path
  }
}
