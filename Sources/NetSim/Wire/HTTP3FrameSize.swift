/// How many bytes frames and the heads of streams take, type and length included, without writing
/// them (RFC 9114 §6.2, §7.1).
public enum HTTP3FrameSize {
  /// DATA with so many bytes of content.
  public static func data(_ contentBytes: Int64) -> Int64 { frame(.data, contentBytes) }

  /// What stands before the content of DATA.
  public static func dataHead(_ contentBytes: Int64) -> Int64 { data(contentBytes) - contentBytes }

  /// HEADERS with a section of so many bytes.
  public static func headers(_ sectionBytes: Int64) -> Int64 { frame(.headers, sectionBytes) }

  /// PUSH_PROMISE with a section of so many bytes.
  public static func pushPromise(pushID: UInt64, _ sectionBytes: Int64) -> Int64 {
    frame(.pushPromise, number(pushID) + sectionBytes)
  }

  /// SETTINGS.
  public static func settings(_ settings: [HTTP3Setting]) -> Int64 {
    frame(
      .settings,
      settings.reduce(0) { $0 + number($1.identifier.rawValue) + number($1.value) })
  }

  /// CANCEL_PUSH.
  public static func cancelPush(_ pushID: UInt64) -> Int64 { frame(.cancelPush, number(pushID)) }

  /// GOAWAY.
  public static func goAway(_ identifier: UInt64) -> Int64 { frame(.goAway, number(identifier)) }

  /// MAX_PUSH_ID.
  public static func maxPushID(_ pushID: UInt64) -> Int64 { frame(.maxPushID, number(pushID)) }

  /// PRIORITY_UPDATE of a request, with a field value of so many bytes.
  public static func priorityUpdate(streamID: UInt64, _ valueBytes: Int64) -> Int64 {
    frame(.priorityUpdate, number(streamID) + valueBytes)
  }

  /// PRIORITY_UPDATE of a push, with a field value of so many bytes.
  public static func pushPriorityUpdate(pushID: UInt64, _ valueBytes: Int64) -> Int64 {
    frame(.pushPriorityUpdate, number(pushID) + valueBytes)
  }

  /// The head of a stream of one direction; nothing for a request's stream.
  public static func streamHead(_ kind: HTTP3StreamKind) -> Int64 {
    switch kind {
    case .request: 0
    case .control, .qpackEncoder, .qpackDecoder: 1
    case .push(let pushID): 1 + number(pushID)
    case .ignored(let type): number(type)
    }
  }

  private static func frame(_ type: HTTP3FrameType, _ payloadBytes: Int64) -> Int64 {
    number(type.rawValue) + number(UInt64(payloadBytes)) + payloadBytes
  }

  private static func number(_ value: UInt64) -> Int64 { Int64(QUICVarint.size(value)) }
}
