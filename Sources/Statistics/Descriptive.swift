// Summaries of samples. A NaN among the numbers makes every one of them NaN, and so does a sample that is too small: a
// missing result must show, never be averaged away.

/// The arithmetic mean; NaN for an empty sample.
///
/// Summed in two passes, so that a large common offset costs no digits.
public func mean(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let count = Double(values.count)
  let first = values.reduce(0, +) / count
  guard first.isFinite else { return first }
  return first + values.reduce(0) { $0 + ($1 - first) } / count
}

/// The largest number; NaN for an empty sample or one that holds a NaN.
public func largest(_ values: [Double]) -> Double {
  values.contains(where: \.isNaN) ? .nan : values.max() ?? .nan
}

/// The sample standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); NaN for fewer than two values.
public func standardDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return .nan }
  let centre = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The standard error of the mean, standard deviation / sqrt(n); NaN for fewer than two values.
public func standardError(_ values: [Double]) -> Double {
  standardDeviation(values) / Double(values.count).squareRoot()
}

/// The median: the middle value, or the mean of the two middle ones; NaN for an empty sample or one that holds a NaN.
///
/// Cost: a sort.
public func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }

/// The quantile at `probability` in 0 ... 1, interpolated linearly between order statistics.
///
/// The order statistics stand at 0, 1/(n-1), ..., 1 (Hyndman and Fan's type 7, NumPy's default). NaN for an empty
/// sample or one that holds a NaN. Cost: a sort.
public func quantile(_ probability: Double, of values: [Double]) -> Double {
  quantiles([probability], of: values)[0]
}

/// Several quantiles with one sort; see `quantile(_:of:)`.
public func quantiles(_ probabilities: [Double], of values: [Double]) -> [Double] {
  guard !values.isEmpty, !values.contains(where: \.isNaN) else {
    return probabilities.map { _ in .nan }
  }
  let sorted = values.sorted()
  return probabilities.map { quantile($0, ofSorted: sorted) }
}

func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
  precondition((0...1).contains(probability), "a probability lies in 0 ... 1, and \(probability) does not")
  let position = probability * Double(sorted.count - 1)
  let below = Int(position)
  let share = position - Double(below)
  // Without the test, two neighbouring infinities would give NaN.
  guard share > 0, sorted[below] != sorted[below + 1] else { return sorted[below] }
  return sorted[below] + share * (sorted[below + 1] - sorted[below])
}
