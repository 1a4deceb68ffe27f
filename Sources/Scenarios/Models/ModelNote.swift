/// One mechanism of a model: what it does, or that it is left out.
public struct ModelNote: Equatable, Sendable {
  /// The mechanism, such as `delayed acknowledgements`.
  public let mechanism: String
  /// What it does in this profile, or what its absence means.
  public let behaviour: String
  /// Where it is described, such as `RFC 9293 §3.8.6.3`; empty where no document does.
  public let source: String

  init(_ mechanism: String, _ behaviour: String, _ source: String = "") {
    self.mechanism = mechanism
    self.behaviour = behaviour
    self.source = source
  }
}
