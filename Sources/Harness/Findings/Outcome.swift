public import Statistics

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

  /// An outcome decided by an estimate's interval against the criterion's condition.
  public init(_ estimate: Estimate, must condition: Condition, unit: String = "", details: String = "") {
    self.init(
      effect: estimate.value, lower: estimate.lower, upper: estimate.upper, must: condition, unit: unit,
      details: details)
  }

  /// The outcome of a statement that is made of several: their conjunction, with the effect of one of them. The details
  /// are those of the parts.
  public init(all parts: [Outcome], showing part: ShownPart = .deciding) {
    let verdict = Verdict.conjunction(parts.map(\.verdict))
    let shown =
      switch part {
      case .deciding: parts.first { $0.verdict == verdict }
      case .largest: parts.max { !$0.effect.isNaN && ($1.effect.isNaN || $0.effect < $1.effect) }
      case .smallest: parts.min { !$1.effect.isNaN && ($0.effect.isNaN || $0.effect < $1.effect) }
      }
    self.init(
      verdict, effect: shown?.effect ?? .nan, unit: shown?.unit ?? "",
      details: parts.map(\.details).filter { !$0.isEmpty }.joined(separator: "; "))
    interval = shown?.interval
  }

  /// Whose effect stands for a statement that is made of several.
  public enum ShownPart: Sendable {
    /// The first part whose verdict is the whole's.
    case deciding
    /// The part with the largest effect; a NaN counts as larger.
    case largest
    /// The part with the smallest effect; a NaN counts as smaller.
    case smallest
  }
}
