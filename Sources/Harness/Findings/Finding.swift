public import Components

/// A statement from the literature with a criterion, written down before the first run, and the way to decide it.
public struct Finding: Sendable {
  /// The name, such as "mode.linear-barrier".
  public let id: String
  /// What is claimed.
  public let statement: String
  /// Who claims it.
  public let references: [Reference]
  /// The quantity that decides, in words.
  public let quantity: String
  /// When the statement counts as reproduced, in words and numbers.
  public let criterion: String
  /// The experiment whose runs decide.
  public let experiment: String
  /// The name of the sweep that the runs belong to, in the profiles' files.
  public let sweep: String
  /// Other sweeps in single profiles.
  public let sweepsByProfile: [Profile: String]
  /// How many different seeds a verdict needs; with fewer it is inconclusive. 1 for exact identities.
  public let minimumSeeds: Int
  /// From the runs to the outcome. Diverged runs are among the evidence: the closure says what they mean.
  public let evaluate: @Sendable (Evidence) throws -> Outcome

  /// A finding.
  public init(
    id: String, statement: String, references: [Reference], quantity: String, criterion: String, experiment: String,
    sweep: String, sweepsByProfile: [Profile: String] = [:], minimumSeeds: Int = 5,
    evaluate: @escaping @Sendable (Evidence) throws -> Outcome
  ) {
    self.id = id
    self.statement = statement
    self.references = references
    self.quantity = quantity
    self.criterion = criterion
    self.experiment = experiment
    self.sweep = sweep
    self.sweepsByProfile = sweepsByProfile
    self.minimumSeeds = minimumSeeds
    self.evaluate = evaluate
  }

  /// The sweep that decides in a profile.
  public func sweep(in profile: Profile) -> String { sweepsByProfile[profile] ?? sweep }
}
