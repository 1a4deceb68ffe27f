/// One thing that happened: 32 bytes, whose fields mean what `EventKind` says.
public struct EventRecord: Equatable, Sendable {
  /// When.
  public var time: SimTime
  /// The first of the span's positions, or the quantity that the kind names.
  public var offset: Int64
  /// The span's length in bytes, or the second quantity that the kind names.
  public var length: UInt32
  /// The connection's index in `EventLog.connections`, or `noConnection`.
  public var connection: UInt32
  /// The packet's number (from 1) or the request's index, by kind.
  public var item: UInt32
  /// The raw value of the side, or the link's index, by kind.
  public var place: UInt16
  /// What happened.
  public var kind: EventKind
  /// Flags, a reason or another small enumeration, by kind.
  public var detail: UInt8

  /// The `connection` of a record that belongs to none.
  public static var noConnection: UInt32 { .max }

  /// The `item` of a record about a request where there is none.
  public static var noRequest: UInt32 { .max }

  /// A record with its fields; those left out are zero.
  public init(
    time: SimTime, kind: EventKind, connection: UInt32 = EventRecord.noConnection,
    place: UInt16 = 0, item: UInt32 = 0, offset: Int64 = 0, length: UInt32 = 0, detail: UInt8 = 0
  ) {
    self.time = time
    self.offset = offset
    self.length = length
    self.connection = connection
    self.item = item
    self.place = place
    self.kind = kind
    self.detail = detail
  }

  /// A record of something at one end of a connection.
  public init(
    time: SimTime, kind: EventKind, connection: UInt32, side: Side, item: UInt32 = 0,
    offset: Int64 = 0, length: UInt32 = 0, detail: UInt8 = 0
  ) {
    self.init(
      time: time, kind: kind, connection: connection, place: UInt16(side.rawValue), item: item,
      offset: offset, length: length, detail: detail)
  }

  /// The end of the connection where it happened, for the kinds whose `place` is a side.
  public var side: Side { place == UInt16(Side.client.rawValue) ? .client : .server }
}
