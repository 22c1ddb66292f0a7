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
