/// What a record holds (RFC 8446 §5.1, RFC 6520 §3).
public enum TLSContentType: UInt8, Sendable {
  /// From here on records are protected (RFC 5246 §7.1).
  case changeCipherSpec = 20
  /// Something is wrong, or the end (RFC 8446 §6).
  case alert = 21
  /// Messages of the handshake, or parts of them.
  case handshake = 22
  /// In TLS 1.3 everything that is protected looks like this (RFC 8446 §5.2).
  case applicationData = 23
  /// A sign of life (RFC 6520).
  case heartbeat = 24
}

/// A record as it stands on the wire (RFC 8446 §5.1).
public struct TLSRecord: Equatable, Sendable {
  /// Where its header begins in the stream.
  public var offset: Int64
  /// What it says that it holds.
  public var contentType: TLSContentType
  /// The version in its header, which says little (RFC 8446 §5.1).
  public var legacyVersion: TLSVersion
  /// Bytes behind the header.
  public var length: UInt16
  /// Whether what it holds cannot be read without keys, or might not be.
  public var isProtected: Bool

  /// Bytes with the header.
  public var wireBytes: Int64 { TLSRecords.headerBytes + Int64(length) }
}

/// A handshake message that was sent in the clear (RFC 8446 §4, RFC 5246 §7.4).
public struct TLSPlainMessage: Equatable, Sendable {
  /// What it says, where that is read.
  public enum Content: Equatable, Sendable {
    /// A ClientHello.
    case clientHello(TLSClientHello)
    /// A ServerHello or a HelloRetryRequest.
    case serverHello(TLSServerHello)
    /// Of any other kind.
    case notRead
  }

  /// Its type's number.
  public var type: UInt8
  /// Its first byte in the stream: that of its record's header where it is the first in its
  /// record.
  public var offset: Int64
  /// Bytes on the wire from there on, with the headers of the records that it goes on in.
  public var wireBytes: Int64
  /// Bytes behind its own header of four.
  public var bodyBytes: Int
  /// What it says.
  public var content: Content

  /// What it is; nil for a type that has no name here.
  public var kind: TLSMessage.Kind? {
    switch type {
    case 1: .clientHello
    case 2:
      if case .serverHello(let hello) = content, hello.isRetryRequest {
        .helloRetryRequest
      } else {
        .serverHello
      }
    case 4: .newSessionTicket
    case 5: .endOfEarlyData
    case 8: .encryptedExtensions
    case 11: .certificate
    case 12: .serverKeyExchange
    case 13: .certificateRequest
    case 14: .serverHelloDone
    case 15: .certificateVerify
    case 16: .clientKeyExchange
    case 20: .finished
    case 22: .certificateStatus
    default: nil
    }
  }
}

/// An alert that was sent in the clear (RFC 8446 §6).
public struct TLSAlert: Equatable, Sendable {
  /// Its number.
  public var code: UInt8
  /// Where its record begins.
  public var offset: Int64

  /// Its name in the RFC; nil where it has none.
  public var name: String? {
    switch code {
    case 0: "close_notify"
    case 10: "unexpected_message"
    case 20: "bad_record_mac"
    case 22: "record_overflow"
    case 40: "handshake_failure"
    case 42: "bad_certificate"
    case 43: "unsupported_certificate"
    case 44: "certificate_revoked"
    case 45: "certificate_expired"
    case 46: "certificate_unknown"
    case 47: "illegal_parameter"
    case 48: "unknown_ca"
    case 49: "access_denied"
    case 50: "decode_error"
    case 51: "decrypt_error"
    case 70: "protocol_version"
    case 71: "insufficient_security"
    case 80: "internal_error"
    case 86: "inappropriate_fallback"
    case 90: "user_canceled"
    case 109: "missing_extension"
    case 110: "unsupported_extension"
    case 112: "unrecognized_name"
    case 113: "bad_certificate_status_response"
    case 115: "unknown_psk_identity"
    case 116: "certificate_required"
    case 120: "no_application_protocol"
    default: nil
    }
  }
}

/// What a reader found next.
public enum TLSEvent: Equatable, Sendable {
  /// A handshake message in the clear is whole.
  case message(TLSPlainMessage)
  /// An alert in the clear.
  case alert(TLSAlert)
  /// A record is whole; what it holds in the clear was told before.
  case record(TLSRecord)
}
