public import Tensors

/// A quantity along a ray or a line, f(origin + s direction), at given distances s.
public struct LineSlice: Hashable, Sendable {
  /// The distances s, in multiples of the direction.
  public let distances: [Double]
  /// The quantity at each.
  public let values: [Double]

  /// Evaluates a quantity. Cost: one value a distance.
  public init<Element: Scalar>(
    from origin: [Element], along direction: [Element], at distances: [Double],
    of quantity: ([Element]) throws -> Double
  ) rethrows {
    var point = origin
    self.distances = distances
    values = try distances.map { distance in
      point = origin
      point.add(Element(distance), times: direction)
      return try quantity(point)
    }
  }

  /// A slice from its numbers.
  public init(distances: [Double], values: [Double]) {
    precondition(distances.count == values.count, "\(distances.count) distances and \(values.count) values")
    self.distances = distances
    self.values = values
  }

  /// How far the quantity rises above a level, usually that at the origin, at each distance.
  public func rises(above level: Double) -> [Double] { values.map { $0 - level } }
}

/// The curvature of a slice as a share of the largest curvature that there is: d'Hd / (d'd lambda_max).
///
/// A picture along directions whose share is near zero shows the bulk of the landscape and none of its sharp directions:
/// random ones in n dimensions have about trace / (n lambda_max). NaN for a direction of length zero. Cost: one product.
public func curvatureShare<A: LinearOperator>(
  along direction: [A.Element], of hessian: A, largest: Double
) -> Double {
  doubleDot(direction, hessian(direction)) / (doubleDot(direction, direction) * largest)
}

/// How far repeated slices, at the same distances along independent directions, show the same curve: the share of their
/// variance about the grand mean that their mean curve accounts for.
///
/// 1 when all are alike, near 1/k for k curves that have nothing in common. NaN for fewer than two slices, a NaN among
/// them, or slices that are all one constant.
public func agreement(_ repeats: [LineSlice]) -> Double {
  guard let first = repeats.first, repeats.count > 1 else { return .nan }
  precondition(
    repeats.allSatisfy { $0.distances == first.distances }, "repeats of a slice stand at the same distances")
  let number = Double(repeats.count)
  let means = first.values.indices.map { place in repeats.reduce(0) { $0 + $1.values[place] } / number }
  let grand = means.reduce(0, +) / Double(means.count)
  var within = 0.0
  var total = 0.0
  for slice in repeats {
    for (value, mean) in zip(slice.values, means) {
      within += (value - mean) * (value - mean)
      total += (value - grand) * (value - grand)
    }
  }
  return 1 - within / total
}
