public import Statistics

/// What a finding comes to.
public enum Verdict: String, Sendable, CaseIterable {
  /// The criterion is met.
  case reproduced = "reproduced"
  /// The criterion is missed.
  case notReproduced = "not reproduced"
  /// The interval straddles the threshold, runs are missing or seeds are too few.
  case inconclusive = "inconclusive"

  /// The verdict of a statement that is made of several: reproduced when all are, not reproduced when one is not. Of
  /// nothing at all: inconclusive.
  public static func conjunction(_ parts: [Verdict]) -> Verdict {
    if parts.contains(.notReproduced) { return .notReproduced }
    return parts.isEmpty || parts.contains(.inconclusive) ? .inconclusive : .reproduced
  }
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

  /// The verdict on an estimate by its interval.
  public func verdict(on estimate: Estimate) -> Verdict { verdict(interval: estimate.lower, estimate.upper) }
}
