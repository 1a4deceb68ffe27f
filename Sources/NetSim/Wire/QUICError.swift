/// An error of a QUIC connection: what is wrong, and where. The connection ends by it
/// (RFC 9000 §11.1).
public struct QUICError: Error, Equatable, Sendable {
  /// What is wrong.
  public var violation: QUICViolation
  /// Where the frame or the transport parameter begins that is wrong, in bytes from the beginning of
  /// what was read.
  public var offset: Int

  /// An error.
  public init(_ violation: QUICViolation, at offset: Int) {
    self.violation = violation
    self.offset = offset
  }

  /// The code for CONNECTION_CLOSE.
  public var code: QUICErrorCode { violation.code }
}

/// What QUIC forbids in frames and transport parameters.
public enum QUICViolation: Error, Equatable, Sendable {
  /// A packet without frames (RFC 9000 §12.4).
  case noFrames
  /// A reserved bit of the header is set (RFC 9000 §17.2, §17.3.1).
  case reservedBits
  /// A type of frame that is not known (RFC 9000 §12.4).
  case unknownFrame(UInt64)
  /// A type of frame that is not in its shortest encoding (RFC 9000 §12.4).
  case frameTypeSize
  /// The packet ends before the frame does (RFC 9000 §20.1).
  case frameTruncated
  /// A frame that its packet's type must not have (RFC 9000 §12.4, Table 3).
  case frameInPacket(QUICFrameType)
  /// A frame that only the server may send (RFC 9000 §19.7, §19.20).
  case role(QUICFrameType)
  /// A frame for the side of a stream that there is not (RFC 9000 §19.4, §19.5, §19.8, §19.10,
  /// §19.13).
  case streamSide(QUICFrameType)
  /// ACK of packet numbers below 0 (RFC 9000 §19.3.1).
  case acknowledgedRange
  /// Data behind the largest offset that there is: 2^62 − 1 (RFC 9000 §19.6, §19.8).
  case offset
  /// A token of no bytes (RFC 9000 §19.7).
  case emptyToken
  /// More than 2^60 streams (RFC 9000 §19.11, §19.14).
  case streamCount
  /// A connection ID of no bytes or more than 20 (RFC 9000 §19.15).
  case connectionIDLength
  /// Connection IDs are to be retired that come after the one in the frame (RFC 9000 §19.15).
  case retirePriorTo
  /// The bytes end before the transport parameter does (RFC 9000 §18).
  case parameterTruncated
  /// A transport parameter that was there before (RFC 9000 §7.4).
  case parameterTwice(QUICTransportParameterID)
  /// A transport parameter's content has not the form that it must have (RFC 9000 §18.2).
  case parameterForm(QUICTransportParameterID)
  /// A value that a transport parameter must not have (RFC 9000 §18.2).
  case parameterValue(QUICTransportParameterID)
  /// A transport parameter that only the server may send (RFC 9000 §18.2).
  case parameterRole(QUICTransportParameterID)

  /// The code that tells the peer.
  public var code: QUICErrorCode {
    switch self {
    case .noFrames, .reservedBits, .frameTypeSize, .frameInPacket, .role: .protocolViolation
    case .unknownFrame, .frameTruncated, .acknowledgedRange, .offset, .emptyToken, .streamCount,
      .connectionIDLength, .retirePriorTo:
      .frameEncodingError
    case .streamSide: .streamStateError
    case .parameterTruncated, .parameterTwice, .parameterForm, .parameterValue, .parameterRole:
      .transportParameterError
    }
  }

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .noFrames: "a packet has no frames"
    case .reservedBits: "a reserved bit of the header is set"
    case .unknownFrame: "a frame's type is not known"
    case .frameTypeSize: "a frame's type is longer than it need be"
    case .frameTruncated: "the packet ends before the frame does"
    case .frameInPacket: "a frame is in a packet whose type must not have it"
    case .role: "a frame comes from the end that must not send it"
    case .streamSide: "a frame is for a side that the stream does not have"
    case .acknowledgedRange: "packet numbers below 0 are acknowledged"
    case .offset: "data is behind the largest offset"
    case .emptyToken: "a token has no bytes"
    case .streamCount: "there are to be more than 2^60 streams"
    case .connectionIDLength: "a connection ID has no bytes, or more than 20"
    case .retirePriorTo: "connection IDs are to be retired that come later"
    case .parameterTruncated: "the bytes end before the transport parameter does"
    case .parameterTwice: "a transport parameter is there twice"
    case .parameterForm: "a transport parameter has not its form"
    case .parameterValue: "a transport parameter has a value that it must not have"
    case .parameterRole: "a transport parameter comes from the end that must not send it"
    }
  }
}
