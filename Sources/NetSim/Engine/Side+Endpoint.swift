/// The endpoints of connections by their numbers: every connection has two, the client's first.
extension Side {
  /// The side that an endpoint is on.
  @inline(__always)
  init(ofEndpoint endpoint: Int) {
    self = endpoint % 2 == 0 ? .client : .server
  }

  /// The endpoint of a connection on this side.
  @inline(__always)
  func endpoint(of connection: Int) -> Int { connection * 2 + Int(rawValue) }
}
