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

/// What a finding comes to.
public enum Verdict: String, Sendable, CaseIterable {
  /// The criterion is met.
  case reproduced = "reproduced"
  /// The criterion is missed.
  case notReproduced = "not reproduced"
  /// The interval straddles the threshold, runs are missing or seeds are too few.
  case inconclusive = "inconclusive"
}

/// The condition of a criterion on a number.
public enum Condition: Hashable, Sendable {
  /// x < bound.
  case below(Double)
  /// x > bound.
  case above(Double)
  /// lower <= x <= upper.
  case within(Double, Double)

  /// Whether a number meets it; NaN never does.
  public func holds(for value: Double) -> Bool {
    switch self {
    case .below(let bound): value < bound
    case .above(let bound): value > bound
    case .within(let lower, let upper): lower <= value && value <= upper
    }
  }

  /// Reproduced when the condition holds on the whole interval, not reproduced when it holds nowhere on it, inconclusive
  /// when the interval straddles a threshold or isn't a number.
  public func verdict(interval lower: Double, _ upper: Double) -> Verdict {
    guard lower <= upper else { return .inconclusive }
    if holds(for: lower) && holds(for: upper) { return .reproduced }
    switch self {
    case .below(let bound): return lower >= bound ? .notReproduced : .inconclusive
    case .above(let bound): return upper <= bound ? .notReproduced : .inconclusive
    case .within(let low, let high): return upper < low || lower > high ? .notReproduced : .inconclusive
    }
  }
}

/// The result of deciding a finding.
public struct Outcome: Sendable, Equatable {
  /// The verdict.
  public var verdict: Verdict
  /// The measured effect.
  public var effect: Double
  /// The ends of the effect's interval, when it has one.
  public var interval: [Double]?
  /// The unit of the effect; empty for a pure number.
  public var unit: String
  /// What else is to be said, in one line.
  public var details: String

  /// An outcome whose verdict was reached by other means than an interval: an exact identity, a test, a share of runs.
  public init(_ verdict: Verdict, effect: Double, unit: String = "", details: String = "") {
    self.verdict = verdict
    self.effect = effect
    self.unit = unit
    self.details = details
  }

  /// An outcome decided by an interval against the criterion's condition.
  public init(
    effect: Double, lower: Double, upper: Double, must condition: Condition, unit: String = "", details: String = ""
  ) {
    self.init(condition.verdict(interval: lower, upper), effect: effect, unit: unit, details: details)
    interval = [lower, upper]
  }
}
