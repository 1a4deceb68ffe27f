/// What an acknowledgement says about the delivery of what was sent; counts are in segments.
struct DeliverySample {
  /// When it arrived.
  var time: SimTime
  /// Segments that it delivered, and segments that were found to be lost by it.
  var acknowledged: UInt32
  var lost: UInt32
  /// Segments in the network before it and after it.
  var priorPipe: UInt32
  var pipe: UInt32
  /// Segments delivered since the connection began.
  var delivered: Int64
  /// Of these, those delivered when the segment was sent that the sample is of; nil where it is of
  /// none.
  var priorDelivered: Int64?
  /// How long the difference took to be delivered; nil where that is not known.
  var interval: SimDuration?
  /// Whether that segment was sent when the application had nothing more to send.
  var isLimited: Bool
  /// The round trip of the segment that was sent last; nil where it is not known.
  var roundTrip: SimDuration?
  /// Whether the receiver probably delayed the acknowledgement.
  var isDelayed: Bool
  /// Whether losses are being repaired that acknowledgements showed, or the timer.
  var phase: CongestionPhase
  /// When the pacer lets the next burst out, and how many bytes a segment has.
  var opens: SimTime
  var payload: UInt32
}
