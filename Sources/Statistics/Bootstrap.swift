public import Tensors

/// Percentile bootstrap intervals (Efron 1979): the quantiles of a statistic over samples drawn with replacement.
///
/// The numbers depend on the data, the key and the settings alone. A sample of fewer than two values, or one with a
/// NaN, has the statistic as its value and NaN as its ends; so has one for which a resample's statistic is NaN.
///
/// For small samples the percentile interval is too narrow: with normal data its 95 % interval for the mean covers
/// about 83 % of the time at n = 5, 90 % at n = 10 and 94 % at n = 30. A verdict that hangs on a margin wants more
/// seeds.
///
///     let interval = Bootstrap(key: Key(seed: 1)).interval(ofPairedDifferences: wide, narrow)
///     if interval.lower > 0 { ... }
public struct Bootstrap: Sendable {
  /// The confidence, 0.95 unless said otherwise.
  public var level: Double
  /// The number of resamples.
  public var resamples: Int
  /// The key of the resampling.
  public var key: Key

  /// Creates the method; `level` lies between 0 and 1.
  public init(key: Key, level: Double = 0.95, resamples: Int = 10_000) {
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1, and \(level) does not")
    precondition(resamples > 0, "a bootstrap needs at least one resample, not \(resamples)")
    self.key = key
    self.level = level
    self.resamples = resamples
  }

  /// The interval of any statistic of one sample. Cost: `resamples` evaluations of the statistic.
  public func interval(of values: [Double], statistic: ([Double]) -> Double = mean) -> Estimate {
    var resample = values
    return interval(count: values.count, value: statistic(values)) { choices in
      for (position, choice) in choices.enumerated() { resample[position] = values[choice] }
      return statistic(resample)
    }
  }

  /// The interval of the mean difference `first[i] - second[i]`, or of another statistic of the differences.
  ///
  /// Whole pairs are resampled, so what the two have in common (a seed, a data set) cancels.
  public func interval(
    ofPairedDifferences first: [Double], _ second: [Double], statistic: ([Double]) -> Double = mean
  ) -> Estimate {
    precondition(first.count == second.count, "paired samples have lengths \(first.count) and \(second.count)")
    return interval(of: zip(first, second).map { $0 - $1 }, statistic: statistic)
  }

  /// The interval of a statistic of pairs, such as a rank correlation or a slope; whole pairs are resampled.
  public func interval(
    ofPairs first: [Double], _ second: [Double], statistic: ([Double], [Double]) -> Double
  ) -> Estimate {
    precondition(first.count == second.count, "paired samples have lengths \(first.count) and \(second.count)")
    var x = first
    var y = second
    return interval(count: first.count, value: statistic(first, second)) { choices in
      for (position, choice) in choices.enumerated() {
        x[position] = first[choice]
        y[position] = second[choice]
      }
      return statistic(x, y)
    }
  }

  /// The interval of a statistic of two independent samples, such as the difference of their means; each is resampled
  /// by itself.
  public func interval(
    ofIndependent first: [Double], _ second: [Double], statistic: ([Double], [Double]) -> Double
  ) -> Estimate {
    let value = statistic(first, second)
    guard first.count > 1, second.count > 1, !value.isNaN else { return undefined(value) }
    var generator = key.generator()
    var x = first
    var y = second
    return summary(value) {
      for position in x.indices { x[position] = first[generator.integer(below: first.count)] }
      for position in y.indices { y[position] = second[generator.integer(below: second.count)] }
      return statistic(x, y)
    }
  }

  private func interval(count: Int, value: Double, _ statistic: ([Int]) -> Double) -> Estimate {
    guard count > 1, !value.isNaN else { return undefined(value) }
    var generator = key.generator()
    var choices = [Int](repeating: 0, count: count)
    return summary(value) {
      for position in choices.indices { choices[position] = generator.integer(below: count) }
      return statistic(choices)
    }
  }

  private func summary(_ value: Double, _ resampled: () -> Double) -> Estimate {
    let tail = (1 - level) / 2
    let ends = quantiles([tail, 1 - tail], of: (0..<resamples).map { _ in resampled() })
    return Estimate(value: value, lower: ends[0], upper: ends[1], level: level)
  }

  private func undefined(_ value: Double) -> Estimate {
    Estimate(value: value, lower: .nan, upper: .nan, level: level)
  }
}
