/// A measured number with a confidence interval around it.
public struct Estimate: Hashable, Sendable, Codable {
  /// The number itself.
  public let value: Double
  /// The interval's lower end.
  public let lower: Double
  /// The interval's upper end.
  public let upper: Double
  /// The confidence, for example 0.95.
  public let level: Double

  /// Creates an estimate from its numbers.
  public init(value: Double, lower: Double, upper: Double, level: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.level = level
  }

  /// Whether the interval is two numbers; a sample that was too small or held a NaN gives NaN ends.
  public var isDefined: Bool { !lower.isNaN && !upper.isNaN }

  /// Whether a number lies in the interval, ends included; false when the interval is not defined.
  public func contains(_ number: Double) -> Bool { lower <= number && number <= upper }

  /// The same interval for a decreasing or increasing function of the number, such as `exp`.
  public func mapped(_ transform: (Double) -> Double) -> Estimate {
    let ends = [transform(lower), transform(upper)]
    return Estimate(
      value: transform(value), lower: Swift.min(ends[0], ends[1]), upper: Swift.max(ends[0], ends[1]), level: level)
  }
}
