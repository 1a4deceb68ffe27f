/// Stub.
enum BlockedTime {
  static func reports(of log: EventLog) -> [RequestReport] { [] }
}
