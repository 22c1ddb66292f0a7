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

/// The range from `lower` to `upper` made wider by a share of its length on both sides.
public func widened(_ lower: Double, _ upper: Double, by margin: Double) -> ClosedRange<Double> {
  let extent = margin * (upper - lower)
  return lower - extent...upper + extent
}
