#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The least-squares line y = intercept + slope x, with the usual normal-theory errors.
///
/// Fewer than two points, points of one x, or a NaN give a line of NaN; two points have no standard error.
public struct LeastSquaresLine: Hashable, Sendable, Codable {
  /// Sum (x - mean x)(y - mean y) / sum (x - mean x)^2.
  public let slope: Double
  /// The line's height at x = 0.
  public let intercept: Double
  /// sqrt(residual sum of squares / (n - 2) / sum (x - mean x)^2); NaN for two points.
  public let slopeStandardError: Double
  /// The standard error of the height at x = 0; NaN for two points.
  public let interceptStandardError: Double
  /// 1 - residual / total sum of squares; NaN when y is constant.
  public let rSquared: Double
  /// The number of points less two.
  public let degreesOfFreedom: Int

  /// Fits the points (`x[i]`, `y[i]`).
  public init(x: [Double], y: [Double]) {
    precondition(x.count == y.count, "a line through \(x.count) abscissas and \(y.count) ordinates")
    let meanX = mean(x)
    let meanY = mean(y)
    var squareX = 0.0
    var squareY = 0.0
    var product = 0.0
    for (x, y) in zip(x, y) {
      squareX += (x - meanX) * (x - meanX)
      squareY += (y - meanY) * (y - meanY)
      product += (x - meanX) * (y - meanY)
    }
    let slope = squareX > 0 ? product / squareX : .nan
    var residual = 0.0
    for (x, y) in zip(x, y) {
      let error = (y - meanY) - slope * (x - meanX)
      residual += error * error
    }
    let degrees = x.count - 2
    let variance = degrees > 0 ? residual / Double(degrees) : .nan
    self.slope = slope
    intercept = meanY - slope * meanX
    slopeStandardError = (variance / squareX).squareRoot()
    interceptStandardError = (variance * (1 / Double(x.count) + meanX * meanX / squareX)).squareRoot()
    rSquared = squareY > 0 ? 1 - residual / squareY : .nan
    degreesOfFreedom = degrees
  }

  /// Fits log y against log x, natural logarithms: the slope is the power p in y ~ x^p.
  ///
  /// A number that is not positive has no logarithm and gives a line of NaN.
  public init(logX x: [Double], logY y: [Double]) {
    self.init(x: x.map(positiveLogarithm), y: y.map(positiveLogarithm))
  }

  /// Fits log y against x, natural logarithm: the slope is the rate r in y ~ exp(r x).
  public init(x: [Double], logY y: [Double]) { self.init(x: x, y: y.map(positiveLogarithm)) }

  /// The slope with its Student t interval: slope -+ t(n - 2) standard errors; NaN ends for fewer than three points.
  public func slopeInterval(level: Double = 0.95) -> Estimate {
    let reach = studentQuantile(0.5 + level / 2, degreesOfFreedom: Double(degreesOfFreedom)) * slopeStandardError
    return Estimate(value: slope, lower: slope - reach, upper: slope + reach, level: level)
  }

  /// The line's height at `x`.
  public func callAsFunction(_ x: Double) -> Double { intercept + slope * x }
}

private func positiveLogarithm(_ number: Double) -> Double { number > 0 ? log(number) : .nan }
