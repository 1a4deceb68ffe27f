/// Why a frame was counted and not read further. Each frame has one reason at most.
public enum UnreadReason: Int, CaseIterable, Sendable {
  /// Its interface has a link type that is not known, or is not described.
  case unknownLink
  /// It carries no IP.
  case notIP
  /// IP, but neither TCP nor UDP nor a tunnel that is known.
  case otherTransport
  /// A fragment of a packet of which others did not come in time (RFC 791 §3.2, RFC 8200 §4.5).
  case incompleteFragments
  /// A fragment of a packet whose fragments contradict each other (RFC 5722 §4).
  case overlappingFragments
  /// An 802.11 frame that is encrypted.
  case protectedWireless
  /// An 802.11 frame for management or control, or without data.
  case wirelessControl
  /// An 802.11 frame that is a fragment, or a bundle of several.
  case wirelessParts
  /// Headers within headers, more than are followed.
  case tooDeep
  /// The capture's snapshot length cut it within its headers.
  case cutHeaders
  /// A header that lies, or a packet that ends before its headers do.
  case malformed

  /// The reason in words, as it stands behind a count of packets.
  public var text: String {
    switch self {
    case .unknownLink: "of a link type that is not known"
    case .notIP: "frames without IP"
    case .otherTransport: "other transports than TCP and UDP"
    case .incompleteFragments: "fragments of packets that are not whole"
    case .overlappingFragments: "fragments that contradict each other"
    case .protectedWireless: "802.11 frames that are encrypted"
    case .wirelessControl: "802.11 frames that carry no data"
    case .wirelessParts: "802.11 fragments and bundles of frames"
    case .tooDeep: "headers within too many headers"
    case .cutHeaders: "headers cut by the capture's snapshot length"
    case .malformed: "malformed headers"
    }
  }
}

/// How many frames were not read, by their reason.
public struct UnreadCounts: Equatable, Sendable {
  private var counts = [Int64](repeating: 0, count: UnreadReason.allCases.count)

  /// The counts of nothing.
  init() {}

  /// The frames with this reason.
  public internal(set) subscript(reason: UnreadReason) -> Int64 {
    get { counts[reason.rawValue] }
    set { counts[reason.rawValue] = newValue }
  }

  /// All of them.
  public var total: Int64 { counts.reduce(0, +) }
}
