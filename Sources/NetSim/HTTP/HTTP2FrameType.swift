/// The types of frames (RFC 9113 §6).
public enum HTTP2FrameType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case data = 0
  case headers = 1
  case priority = 2
  case rstStream = 3
  case settings = 4
  case pushPromise = 5
  case ping = 6
  case goAway = 7
  case windowUpdate = 8
  case continuation = 9
}
