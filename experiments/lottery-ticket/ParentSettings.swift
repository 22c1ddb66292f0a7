public import Configuration
internal import Harness

/// The run whose ticket is trained anew.
public struct ParentSettings: Configurable {
  /// Its file; `nil` to begin with the whole network.
  public var file: String?
  /// The ticket's round.
  public var round = 1
  /// What the file's SHA-256 must be.
  public var sha256: String?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "file", \.file, "A run file of lottery-ticket to take a ticket from; null to begin with the whole network.")
    Setting(
      "round", \.round, "After which of its rounds of pruning the ticket is taken; 0 is the dense network.",
      allowed: 0...1000)
    Setting(
      "sha256", \.sha256,
      "What the file's SHA-256 must be; null for that of the file as it is when runs are planned, so that other content "
        + "makes other runs.")
  }

  /// The digest of the file, if it can be read; if not, reading it is what fails.
  public mutating func pin(_ digests: inout [String: String]) { sha256 = weights(nil).pinned(&digests).sha256 }

  /// What goes with a file, without one; a digest that is none.
  public var conflict: String? {
    if file == nil, self != Self() { return "round and sha256 go with file, and no file is named" }
    return weights(nil).conflict
  }

  /// A checkpoint of the file.
  func weights(_ checkpoint: String?) -> WeightsSettings {
    var weights = WeightsSettings()
    weights.file = file
    weights.checkpoint = checkpoint
    weights.sha256 = sha256
    return weights
  }
}
