// Pure functions from numbers to numbers: what the findings rest on.

/// The largest rise of a function along its samples: the maximum over i < j of f_j - f_i, 0 for a falling sequence.
///
/// A NaN anywhere gives NaN. Cost: one pass.
public func largestRise(_ values: [Double]) -> Double {
  var lowest = Double.infinity
  var rise = 0.0
  for value in values {
    if value.isNaN { return .nan }
    lowest = min(lowest, value)
    rise = max(rise, value - lowest)
  }
  return rise
}

/// By how much a sampled function exceeds the straight line between its ends at most; its ends make it at least 0.
///
/// A NaN anywhere gives NaN.
public func barrier(times: [Double], values: [Double]) -> Double {
  guard let first = values.first, let last = values.last else { return .nan }
  var largest = 0.0
  for (time, value) in zip(times, values) {
    let excess = value - ((1 - time) * first + time * last)
    if excess.isNaN { return .nan }
    largest = max(largest, excess)
  }
  return largest
}

/// The range from `lower` to `upper` made wider by a share of its length on both sides.
public func widened(_ lower: Double, _ upper: Double, by margin: Double) -> ClosedRange<Double> {
  let extent = margin * (upper - lower)
  return lower - extent...upper + extent
}
