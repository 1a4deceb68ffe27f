/// Why a command could not do what was asked: a message of one line or a few, and the exit status.
struct Failure: Error {
  /// The exit statuses of the command line.
  enum Status: Int32 {
    /// Done.
    case done = 0
    /// Our own fault.
    case fault = 1
    /// The command line is wrong.
    case usage = 2
    /// The input is bad.
    case input = 3
    /// A check failed.
    case check = 4
  }

  var status: Status
  var message: String

  /// A wrong command line.
  static func usage(_ message: String) -> Failure { Failure(status: .usage, message: message) }
}
