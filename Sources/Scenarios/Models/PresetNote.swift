import NetSim

/// A preset of an end of HTTP/2 connections, told to people.
public struct PresetNote: Sendable {
  /// Its name, as options take it.
  public let name: String
  /// The ends that may have it.
  public let sides: [Side]
  /// What it says.
  public let preset: HTTP2Preset
  /// Where its values are from.
  public let source: String

  /// All presets, in the order in which they are told.
  public static let all = WordChoice.preset.words.map { PresetNote($0.word, $0.value) }

  private init(_ name: String, _ preset: HTTP2Preset) {
    self.name = name
    self.preset = preset
    sides = [Side.client, .server].filter(preset.suits)
    source = PresetNote.source(of: preset)
  }

  /// The most bytes that such an end may have to keep for its peer on one connection. A server says
  /// how many streams there may be; a client opens as many as it likes.
  public var mostHeldBytes: Int64 {
    let policy = preset.policy
    return policy.mostHeldBytes(
      streams: preset.suits(.client) ? nil : policy.maxConcurrentStreams)
  }

  /// What it says that has no effect on requests and responses, with the reason.
  public var ineffective: [String] {
    let policy = preset.policy
    var reasons: [String] = []
    if !preset.suits(.server), let streams = policy.maxConcurrentStreams {
      reasons.append("\(streams) streams: a client's limit is for what servers push")
    }
    if let idle = preset.idleConnections {
      reasons.append("\(idle) idle connections: all requests share one")
    }
    if policy.windowUpdates == .adaptive {
      let windows = [policy.streamWindow, policy.connectionWindow].map {
        Quantity.text(ByteCount($0))
      }
      reasons.append(
        "windows of \(windows[0]) and \(windows[1]): adaptive ones begin with "
          + "\(HTTP2EndPolicy.initialWindow) bytes")
    }
    return reasons
  }

  private static func source(of preset: HTTP2Preset) -> String {
    switch preset {
    case .rfc9113: "RFC 9113 §6.5.2, §6.9.2"
    case .curl: "curl 7.88.1 with nghttp2, captured"
    case .nginx: "nginx 1.22.1, captured; http2_chunk_size"
    case .hyper: "hyper 1, src/proto/h2/client.rs"
    case .envoy: "Envoy's Http2ProtocolOptions"
    case .envoyEdge: "Envoy, configuration/best_practices/edge"
    case .dynamoDefault, .dynamoHighThroughput, .dynamoBalanced, .dynamoLowLatency,
      .dynamoMemory:
      "Dynamo's guide to tuning HTTP/2"
    }
  }
}
