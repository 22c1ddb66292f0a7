public import Tensors

/// Rosenbrock's valley in n >= 2 dimensions, f(x) = sum over i of b (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock
/// 1960).
///
/// The minimum 0 is at (1, ..., 1); it is not convex, and smooth only within a ball.
public struct Rosenbrock<Element: Scalar>: AnalyticObjective {
  /// The number of parameters.
  public let dimension: Int
  /// The valley's steepness b.
  public let steepness: Double

  /// Creates the function; b is 100 by custom.
  public init(dimension: Int = 2, steepness: Double = 100) {
    precondition(dimension >= 2, "Rosenbrock's function has at least 2 parameters, not \(dimension)")
    self.dimension = dimension
    self.steepness = steepness
  }

  /// None everywhere.
  public var smoothness: Double? { nil }
  /// The bound of Gershgorin's circles: every row's absolute sum with |x_i| <= r.
  public func smoothness(withinRadius radius: Double) -> Double {
    let b = abs(steepness)
    return 12 * b * radius * radius + 4 * b * radius + 2 + 2 * b + 8 * b * radius
  }
  /// Not convex.
  public var strongConvexity: Double? { nil }
  /// 0.
  public var minimum: Double? { 0 }
  /// (1, ..., 1).
  public var minimizer: [Element]? { [Element](repeating: 1, count: dimension) }

  /// The value.
  public func value(at point: [Element]) -> Double {
    checkDimension(point)
    var sum = 0.0
    for index in 0..<dimension - 1 {
      let x = Double(point[index])
      let valley = Double(point[index + 1]) - x * x
      sum += steepness * valley * valley + (1 - x) * (1 - x)
    }
    return sum
  }

  /// The gradient, summed in Float64.
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    var carried = 0.0
    for index in 0..<dimension - 1 {
      let x = Double(point[index])
      let valley = Double(point[index + 1]) - x * x
      gradient[index] = Element(carried - 4 * steepness * x * valley - 2 * (1 - x))
      carried = 2 * steepness * valley
    }
    gradient[dimension - 1] = Element(carried)
    return value(at: point)
  }

  /// The tridiagonal Hessian.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    checkDimension(point)
    var diagonal = [Double](repeating: 0, count: dimension)
    var offDiagonal: [Element] = []
    for index in 0..<dimension - 1 {
      let x = Double(point[index])
      diagonal[index] += steepness * (12 * x * x - 4 * Double(point[index + 1])) + 2
      diagonal[index + 1] += 2 * steepness
      offDiagonal.append(Element(-4 * steepness * x))
    }
    return TridiagonalOperator(diagonal: diagonal.map { Element($0) }, offDiagonal: offDiagonal)
  }
}

/// f(x, y) = (x^2 + y^2 - 1)^2: the unit circle is one connected valley of minima around a hill of height 1.
///
/// The straight line between the minima (-1, 0) and (1, 0) crosses the hill: its barrier is 1. The path along the
/// circle has none.
public struct CircularValley<Element: Scalar>: AnalyticObjective {
  /// Creates the function.
  public init() {}

  /// 2.
  public var dimension: Int { 2 }
  /// None everywhere.
  public var smoothness: Double? { nil }
  /// The largest |eigenvalue| at distance r: 12 r^2 - 4 along the radius, 4 r^2 - 4 across it, within the ball max(4,
  /// 12 r^2 - 4).
  public func smoothness(withinRadius radius: Double) -> Double { max(4, 12 * radius * radius - 4) }
  /// Not convex.
  public var strongConvexity: Double? { nil }
  /// 0.
  public var minimum: Double? { 0 }
  /// (1, 0), one of the circle.
  public var minimizer: [Element]? { [1, 0] }

  /// The value.
  public func value(at point: [Element]) -> Double {
    let excess = self.excess(point)
    return excess * excess
  }

  /// 4 (x^2 + y^2 - 1) (x, y).
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    let excess = self.excess(point)
    for index in 0..<2 { gradient[index] = Element(4 * excess * Double(point[index])) }
    return excess * excess
  }

  /// 4 (x^2 + y^2 - 1) I + 8 (x, y)(x, y)'.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    let (x, y) = (Double(point[0]), Double(point[1]))
    let slope = 4 * excess(point)
    let elements = [slope + 8 * x * x, 8 * x * y, 8 * x * y, slope + 8 * y * y]
    return DenseOperator(dimension: 2, elements: elements.map { Element($0) })
  }

  private func excess(_ point: [Element]) -> Double {
    checkDimension(point)
    return Double(point[0]) * Double(point[0]) + Double(point[1]) * Double(point[1]) - 1
  }
}

/// A strict saddle at the origin between bounded valleys: f(x, y) = sum a_i x_i^2 / 2 + sum b_j (y_j^4 / 4 - y_j^2 /
/// 2).
///
/// The Hessian at the origin is diag(a, -b); the minima are at x = 0, y_j = +-1 with the value -sum b_j / 4. Gradient
/// descent from y = 0 exactly goes to the saddle; from |y| = d it stays near for a time of order log(1/d) / b.
public struct Saddle<Element: Scalar>: AnalyticObjective {
  /// The upward curvatures a > 0.
  public let stable: [Double]
  /// The sizes b > 0 of the downward curvatures.
  public let unstable: [Double]

  /// Creates the function; the parameters are the stable directions first.
  public init(stable: [Double] = [1], unstable: [Double] = [1]) {
    precondition((stable + unstable).allSatisfy { $0 > 0 }, "curvatures are given as positive sizes")
    self.stable = stable
    self.unstable = unstable
  }

  /// The number of directions.
  public var dimension: Int { stable.count + unstable.count }
  /// None everywhere when there is an unstable direction.
  public var smoothness: Double? { unstable.isEmpty ? stable.max() ?? 0 : nil }
  /// The largest of a_i and b_j max(1, 3 r^2 - 1).
  public func smoothness(withinRadius radius: Double) -> Double {
    max(stable.max() ?? 0, (unstable.max() ?? 0) * max(1, 3 * radius * radius - 1))
  }
  /// Not convex when there is an unstable direction.
  public var strongConvexity: Double? { unstable.isEmpty ? stable.min() ?? 0 : nil }
  /// -sum b_j / 4.
  public var minimum: Double? { -unstable.reduce(0, +) / 4 }
  /// x = 0, y = 1, one of the minima.
  public var minimizer: [Element]? {
    [Element](repeating: 0, count: stable.count) + [Element](repeating: 1, count: unstable.count)
  }

  /// The value.
  public func value(at point: [Element]) -> Double {
    checkDimension(point)
    var sum = 0.0
    for (index, curvature) in stable.enumerated() {
      let x = Double(point[index])
      sum += curvature * x * x / 2
    }
    for (index, curvature) in unstable.enumerated() {
      let square = Double(point[stable.count + index]) * Double(point[stable.count + index])
      sum += curvature * (square * square / 4 - square / 2)
    }
    return sum
  }

  /// (a x, b (y^3 - y)).
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    for (index, curvature) in stable.enumerated() { gradient[index] = Element(curvature * Double(point[index])) }
    for (index, curvature) in unstable.enumerated() {
      let y = Double(point[stable.count + index])
      gradient[stable.count + index] = Element(curvature * (y * y - 1) * y)
    }
    return value(at: point)
  }

  /// diag(a, b (3 y^2 - 1)).
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    checkDimension(point)
    let curved = unstable.enumerated().map { index, curvature in
      let y = Double(point[stable.count + index])
      return curvature * (3 * y * y - 1)
    }
    return DiagonalOperator(diagonal: (stable + curved).map { Element($0) })
  }
}
