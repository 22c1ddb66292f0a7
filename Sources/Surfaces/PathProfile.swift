public import Differentiation
import Tensors

/// A quantity along a path at evenly spaced t, with the numbers that sum it up.
///
/// A NaN among the values makes every summary NaN.
public struct PathProfile: Hashable, Sendable {
  /// The values of t, from 0 to 1.
  public let times: [Double]
  /// The quantity at each.
  public let values: [Double]
  /// The arc length from the start to each.
  public let arcLengths: [Double]

  /// Evaluates any quantity (a loss, an error) at `count` >= 2 points of a path, both ends included.
  public init<P: Path>(
    along path: P, count: Int, of quantity: ([P.Element]) throws -> Double
  ) rethrows {
    precondition(count >= 2, "a profile has at least the two ends, not \(count) points")
    let times = (0..<count).map { Double($0) / Double(count - 1) }
    var point = [P.Element](repeating: 0, count: path.dimension)
    let values = try times.map { time in
      path.point(at: time, into: &point)
      return try quantity(point)
    }
    var lengths = [0.0]
    for (first, last) in zip(times, times.dropFirst()) {
      lengths.append(lengths[lengths.count - 1] + path.arcLength(from: first, to: last))
    }
    self.init(times: times, values: values, arcLengths: lengths)
  }

  /// Evaluates an objective at `count` points of a path. Cost: `count` values.
  public init<P: Path>(of objective: any Objective<P.Element>, along path: P, count: Int) {
    self.init(along: path, count: count) { objective.value(at: $0) }
  }

  /// A profile from its numbers.
  public init(times: [Double], values: [Double], arcLengths: [Double]) {
    precondition(
      times.count == values.count && times.count == arcLengths.count && times.count >= 2,
      "a profile of \(times.count) times, \(values.count) values and \(arcLengths.count) arc lengths")
    self.times = times
    self.values = values
    self.arcLengths = arcLengths
  }

  /// The whole arc length.
  public var length: Double { arcLengths[arcLengths.count - 1] }

  /// The values less the linear interpolation (1 - t) v(0) + t v(1) of those at the ends.
  public var excess: [Double] {
    let (first, last) = (values[0], values[values.count - 1])
    return zip(times, values).map { time, value in
      // The ends are exactly 0, whatever rounding makes of the interpolation.
      time == 0 || time == 1 ? value - value : value - ((1 - time) * first + time * last)
    }
  }

  /// The barrier: the largest excess over the linear interpolation of the ends (Entezari et al. 2022).
  ///
  /// Never negative, since the ends belong to the path; 0 wherever the quantity is convex along it. With ends of equal
  /// height it is the height of the hill above them.
  public var barrier: Double { maximumOrNaN(excess) }

  /// The largest value less the mean of the two ends (Frankle et al. 2020).
  public var barrierOverMean: Double { maximum - (values[0] + values[values.count - 1]) / 2 }

  /// The largest value.
  public var maximum: Double { maximumOrNaN(values) }

  /// The mean over t by the trapezoid rule.
  public var mean: Double { trapezoid(over: times) }

  /// The mean over arc length by the trapezoid rule; the mean over t for a path of length 0.
  ///
  /// It does not depend on the speed at which the path is traversed.
  public var arcLengthMean: Double { length == 0 ? mean : trapezoid(over: arcLengths) }

  private func trapezoid(over places: [Double]) -> Double {
    var sum = 0.0
    for index in 1..<values.count {
      sum += (values[index] + values[index - 1]) / 2 * (places[index] - places[index - 1])
    }
    return sum / (places[places.count - 1] - places[0])
  }
}

private func maximumOrNaN(_ values: [Double]) -> Double {
  values.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
}
