#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The incomplete beta function and the two distributions that live on it. Goals, in order: relative accuracy of about
// 1e-12 in the quantiles; correctness far out in the tails; then speed, which nothing here needs.

/// log Gamma(x) for x > 0, by Stirling's series after shifting x above 10.
///
/// The C library's `lgamma` writes a global, which threads would share.
func logGamma(_ x: Double) -> Double {
  var shift = 0.0
  var x = x
  while x < 10 {
    shift -= log(x)
    x += 1
  }
  let inverse = 1 / x
  let square = inverse * inverse
  let coefficients = [1.0 / 156, -691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12]
  let series = coefficients.reduce(0) { $0 * square + $1 } * inverse
  return shift + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
}

/// The regularized incomplete beta function I_x(a, b): the chance that a Beta(a, b) variable is at most x.
///
/// By the continued fraction (DLMF 8.17.22), on the side of the mean where it converges fast.
public func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0, "a beta distribution has positive parameters, not \(a) and \(b)")
  if x.isNaN { return .nan }
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(x, a, b) / a
    : 1 - front * betaFraction(1 - x, b, a) / b
}

/// Lentz's evaluation of the continued fraction.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var fraction = d
  for step in 1...10_000 {
    let m = Double(step)
    for term in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 / away(1 + term * d)
      c = away(1 + term / c)
      fraction *= c * d
    }
    if abs(c * d - 1) < 1e-16 { break }
  }
  return fraction
}

/// The x at which a Beta(a, b) variable's distribution function reaches `probability`, by bisection.
public func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  if probability.isNaN { return .nan }
  if probability <= 0 { return 0 }
  if probability >= 1 { return 1 }
  var low = 0.0
  var high = 1.0
  // Halving down to the spacing of the numbers themselves; small quantiles keep their relative accuracy.
  while true {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { return middle }
    if incompleteBeta(middle, a, b) < probability { low = middle } else { high = middle }
  }
}

/// The quantile of Student's t distribution; NaN when there are no degrees of freedom.
public func studentQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
  guard degreesOfFreedom > 0, probability > 0, probability < 1 else { return .nan }
  if probability == 0.5 { return 0 }
  // t^2 / (t^2 + n) follows Beta(1/2, n/2) and its complement Beta(n/2, 1/2); the smaller of the two is the accurate
  // one.
  let tail = 2 * Swift.min(probability, 1 - probability)
  let sign: Double = probability < 0.5 ? -1 : 1
  if tail > 0.5 {
    let share = betaQuantile(1 - tail, 0.5, degreesOfFreedom / 2)
    return sign * (degreesOfFreedom * share / (1 - share)).squareRoot()
  }
  let share = betaQuantile(tail, degreesOfFreedom / 2, 0.5)
  return sign * (degreesOfFreedom * (1 - share) / share).squareRoot()
}

/// The exact (Clopper-Pearson 1934) interval of a proportion: `successes` of `trials`.
///
/// Its true coverage is never below `level`. No trials give a value of NaN and the interval 0 ... 1.
public func proportionInterval(successes: Int, trials: Int, level: Double = 0.95) -> Estimate {
  precondition(successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
  let tail = (1 - level) / 2
  let lower = successes == 0 ? 0 : betaQuantile(tail, Double(successes), Double(trials - successes + 1))
  let upper = successes == trials ? 1 : betaQuantile(1 - tail, Double(successes + 1), Double(trials - successes))
  return Estimate(value: Double(successes) / Double(trials), lower: lower, upper: upper, level: level)
}
