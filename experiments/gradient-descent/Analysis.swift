public import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A method of descent with the constants that are best for quadratics with spectra in [mu, L].
public enum Method: String, CaseIterable, Sendable {
  /// x <- x - rate grad.
  case gradientDescent = "gradient descent"
  /// Polyak's heavy ball.
  case heavyBall = "heavy ball"
  /// Nesterov's accelerated gradient with constant momentum.
  case nesterov = "Nesterov"

  /// The step and momentum with the fastest worst-case convergence on quadratics (Lessard, Recht and Packard 2016,
  /// section 4.1; the heavy ball's are Polyak's of 1964).
  public func constants(smoothness: Double, strongConvexity: Double) -> (rate: Double, momentum: Double) {
    let root = (smoothness / strongConvexity).squareRoot()
    switch self {
    case .gradientDescent: return (2 / (smoothness + strongConvexity), 0)
    case .heavyBall:
      let sum = smoothness.squareRoot() + strongConvexity.squareRoot()
      let ratio = (root - 1) / (root + 1)
      return (4 / (sum * sum), ratio * ratio)
    case .nesterov:
      let root = (3 * smoothness / strongConvexity + 1).squareRoot()
      return (4 / (3 * smoothness + strongConvexity), (root - 2) / (root + 2))
    }
  }

  /// By how much the distance shrinks with each iteration in the long run, given these constants.
  public func contraction(conditionNumber: Double) -> Double {
    switch self {
    case .gradientDescent: (conditionNumber - 1) / (conditionNumber + 1)
    case .heavyBall: (conditionNumber.squareRoot() - 1) / (conditionNumber.squareRoot() + 1)
    case .nesterov: 1 - 2 / (3 * conditionNumber + 1).squareRoot()
    }
  }

  /// The power of the condition number by which iterations grow.
  public var exponent: Double { self == .gradientDescent ? 1 : 0.5 }
}

/// Whether a step of 1/L kept what the descent lemma promises: f(x') <= f(x) - ||grad f(x)||^2 / (2 L).
///
/// Rounding is allowed for, and nothing else: the promise may be missed by 8 u (|f(x)| + |f(x')| + L ||x||^2), u = 2^-53
/// being the unit roundoff of Float64. The last term is the size of what a value is summed from: on a quadratic far
/// smaller values are left over when those cancel.
public struct DescentStep: Sendable {
  /// f(x') - f(x) + ||grad||^2 / (2 L): at most zero but for rounding.
  public let excess: Double
  /// What is put down to rounding.
  public let allowance: Double
  /// ||grad||^2 / (2 L), the least decrease.
  public let promised: Double

  /// Judges a step from the values at both ends, and gradient and distance from the origin at its start.
  public init(value: Double, next: Double, gradientNorm: Double, distance: Double, smoothness: Double) {
    promised = gradientNorm * gradientNorm / (2 * smoothness)
    excess = next - value + promised
    allowance = 8 * 0x1p-53 * (abs(value) + abs(next) + smoothness * distance * distance)
  }

  /// Whether the promise was broken; a NaN breaks it.
  public var isViolation: Bool { !(excess <= allowance) }
  /// Whether the promised decrease is larger than what rounding is allowed, so that a violation could have shown.
  public var isResolved: Bool { promised > allowance }
}

/// 0, and the whole numbers nearest to 10^(k / perDecade) up to `last`, and `last`.
public func logarithmicSteps(upTo last: Int, perDecade: Int) -> [Int] {
  var steps = [0]
  var power = 0
  while steps[steps.count - 1] < last {
    let step = min(last, Int(pow(10, Double(power) / Double(perDecade)).rounded()))
    if step > steps[steps.count - 1] { steps.append(step) }
    power += 1
  }
  return steps
}

/// How iterations grow with the condition number: least squares in log-log.
///
/// Counts that are NaN, for want of convergence, give a slope of NaN.
public func growthExponent(conditionNumbers: [Double], iterations: [Double]) -> LeastSquaresLine {
  LeastSquaresLine(logX: conditionNumbers, logY: iterations)
}

/// The largest distance between measured and expected slopes, each the mean over runs; NaN if one is.
///
/// `slopes[i]` are run i's slopes in the order of `expected`.
public func largestDeviation(of slopes: [[Double]], from expected: [Double]) -> Double {
  var largest = 0.0
  for (index, slope) in expected.enumerated() {
    let deviation = abs(mean(slopes.map { $0[index] }) - slope)
    if deviation.isNaN { return .nan }
    largest = max(largest, deviation)
  }
  return largest
}
