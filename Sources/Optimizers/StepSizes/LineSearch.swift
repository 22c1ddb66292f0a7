import Tensors

/// How far to go along a direction of descent d from p, phi(t) = f(p + t d).
public enum LineSearch: Hashable, Codable, Sendable {
  /// The first trial whatever comes of it.
  case none
  /// Trials t, t b, t b^2, ... until the decrease is sufficient, phi(t) <= phi(0) + c1 t phi'(0) (Armijo 1966); at most
  /// `trials`, and no step if none suffices.
  case armijo(decrease: Double = 1e-4, shrink: Double = 0.5, trials: Int = 50)
  /// The strong Wolfe conditions: a sufficient decrease and |phi'(t)| <= c2 |phi'(0)|. A bracket is widened until it must
  /// hold such a t and narrowed by cubic interpolation (Nocedal & Wright 2006, algorithms 3.5 and 3.6, with the safeguards
  /// of Schmidt's minFunc); after `trials` the lowest end of the bracket is taken.
  case strongWolfe(decrease: Double = 1e-4, curvature: Double = 0.9, trials: Int = 25)

  /// The step length t, the first trial being `first`; `slope` is phi'(0), `evaluate` gives phi and phi' at a t.
  func search(
    first: Double, value: Double, slope: Double, directionMaximum: Double, evaluate: (Double) -> Trial
  ) -> Double {
    guard first > 0, slope < 0 else { return 0 }
    switch self {
    case .none: return first
    case .armijo(let decrease, let shrink, let trials):
      var t = first
      for _ in 0..<trials {
        if evaluate(t).value <= value + decrease * t * slope { return t }
        t *= shrink
      }
      return 0
    case .strongWolfe(let decrease, let curvature, let trials):
      var wolfe = StrongWolfe(
        start: Trial(t: 0, value: value, slope: slope), decrease: decrease, curvature: curvature, trials: trials,
        shortest: 1e-9 / directionMaximum)
      return wolfe.search(first: first, evaluate: evaluate)
    }
  }
}

/// A point of a line search.
struct Trial {
  var t: Double
  var value: Double
  var slope: Double
}

/// One search for a step length under the strong Wolfe conditions.
struct StrongWolfe {
  let start: Trial
  let decrease: Double
  let curvature: Double
  let trials: Int
  /// The length of a bracket that is not narrowed further.
  let shortest: Double
  private var made = 0

  init(start: Trial, decrease: Double, curvature: Double, trials: Int, shortest: Double) {
    self.start = start
    self.decrease = decrease
    self.curvature = curvature
    self.trials = trials
    self.shortest = shortest
  }

  /// Whether the value is too high there, or no number.
  private func isTooHigh(_ trial: Trial) -> Bool { !(trial.value <= start.value + decrease * trial.t * start.slope) }

  private func isFlat(_ trial: Trial) -> Bool { abs(trial.slope) <= -curvature * start.slope }

  mutating func search(first: Double, evaluate: (Double) -> Trial) -> Double {
    var last = start
    var trial = evaluate(first)
    while made < trials {
      if isTooHigh(trial) || (made > 1 && trial.value >= last.value) {
        return narrow(last, trial, evaluate)
      }
      if isFlat(trial) { return trial.t }
      if trial.slope >= 0 { return narrow(last, trial, evaluate) }
      let t = cubicMinimizer(
        last, trial, within: trial.t + 0.01 * (trial.t - last.t), 10 * trial.t)
      last = trial
      trial = evaluate(t)
      made += 1
    }
    return narrow(start, trial, evaluate)
  }

  /// The search within a bracket.
  private mutating func narrow(_ one: Trial, _ other: Trial, _ evaluate: (Double) -> Trial) -> Double {
    var (low, high) = one.value <= other.value ? (one, other) : (other, one)
    if !low.value.isFinite { (low, high) = (high, low) }
    var wasNearEnd = false
    while made < trials {
      let (left, right) = (min(low.t, high.t), max(low.t, high.t))
      if right - left < shortest { break }
      var t = cubicMinimizer(low, high, within: left, right)
      // A trial next to an end teaches little: the second time it is moved inwards.
      let margin = 0.1 * (right - left)
      if min(right - t, t - left) < margin {
        if wasNearEnd || t >= right || t <= left {
          t = abs(t - right) < abs(t - left) ? right - margin : left + margin
          wasNearEnd = false
        } else {
          wasNearEnd = true
        }
      } else {
        wasNearEnd = false
      }
      let trial = evaluate(t)
      made += 1
      if isTooHigh(trial) || trial.value >= low.value {
        high = trial
        if !(low.value <= high.value) && high.value.isFinite { swap(&low, &high) }
      } else {
        if isFlat(trial) { return trial.t }
        if trial.slope * (high.t - low.t) >= 0 { high = low }
        low = trial
      }
    }
    return low.t
  }
}

/// The minimizer of the cubic through two points with their slopes, kept within bounds; their middle if it has none.
func cubicMinimizer(_ one: Trial, _ other: Trial, within lower: Double, _ upper: Double) -> Double {
  let (a, b) = one.t <= other.t ? (one, other) : (other, one)
  let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t)
  let square = d1 * d1 - a.slope * b.slope
  guard square >= 0 else { return (lower + upper) / 2 }
  let d2 = square.squareRoot()
  let t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
  return t.isFinite ? min(max(t, lower), upper) : (lower + upper) / 2
}

/// The ray p + t d of a line search, with memory for its points.
struct SearchRay<Element: Scalar>: Codable, Sendable {
  private var point: Scratch<Element>
  private var gradient: Scratch<Element>

  init(dimension: Int) {
    point = Scratch(dimension: dimension)
    gradient = point
  }

  /// The length that `search` finds from `parameters` along `direction`.
  mutating func length(
    _ search: LineSearch, from parameters: [Element], along direction: [Element], first: Double,
    on oracle: StepOracle<Element>
  ) -> Double {
    search.search(
      first: first, value: oracle.loss, slope: Double(oracle.gradient.dot(direction)),
      directionMaximum: magnitudes(direction).largest
    ) { t in
      assign(parameters, to: &point.vector)
      point.vector.add(Element(t), times: direction)
      let value = oracle.gradient(at: point.vector, into: &gradient.vector)
      return Trial(t: t, value: value, slope: Double(gradient.vector.dot(direction)))
    }
  }
}
