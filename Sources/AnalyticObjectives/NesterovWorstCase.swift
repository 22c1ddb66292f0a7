public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Nesterov's convex function on which no first-order method is faster than L ||x0 - x*||^2 / k^2 by a constant.
///
/// f(x) = L/4 (1/2 x' T x - x_1) with T = tridiag(-1, 2, -1) of order n (Nesterov 2004, section 2.1.2). From the
/// origin, k gradients reach only the first k coordinates: for k <= (n - 1)/2 the error is at least 3 L ||x0 - x*||^2 /
/// (32 (k + 1)^2). The minimizer is x_i = 1 - i/(n + 1), the minimum L/8 (1/(n + 1) - 1).
public struct NesterovWorstCase<Element: Scalar>: AnalyticObjective {
  /// The number of parameters n.
  public let dimension: Int
  /// The constant L.
  public let scale: Double

  /// Creates the function of n >= 1 parameters.
  public init(dimension: Int, smoothness scale: Double = 1) {
    precondition(dimension >= 1, "Nesterov's function has at least 1 parameter, not \(dimension)")
    self.dimension = dimension
    self.scale = scale
  }

  /// L; the largest eigenvalue, L sin^2(n pi / (2 n + 2)), is just below it.
  public var smoothness: Double? { scale }
  /// L, everywhere.
  public func smoothness(withinRadius radius: Double) -> Double { scale }
  /// The smallest eigenvalue, L sin^2(pi / (2 n + 2)).
  public var strongConvexity: Double? {
    let sine = sin(Double.pi / Double(2 * dimension + 2))
    return scale * sine * sine
  }
  /// L/8 (1/(n + 1) - 1).
  public var minimum: Double? { scale / 8 * (1 / Double(dimension + 1) - 1) }
  /// 1 - i/(n + 1).
  public var minimizer: [Element]? { (1...dimension).map { Element(1 - Double($0) / Double(dimension + 1)) } }

  /// The value, as L/8 (x_1^2 + sum (x_i - x_{i+1})^2 + x_n^2 - 2 x_1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func value(at point: [Element]) -> Double {
    checkDimension(point)
    let first = Double(point[0])
    var previous = 0.0
    var sum = 0.0
    for index in 0..<dimension {
      let x = Double(point[index])
      sum += (x - previous) * (x - previous)
      previous = x
    }
    return scale / 8 * (sum + previous * previous - 2 * first)
  }

  /// L/4 (T x - e_1).
  @discardableResult
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    let quarter = Element(scale / 4)
    var previous: Element = 1
    for index in 0..<dimension {
      let next: Element = index + 1 < dimension ? point[index + 1] : 0
      // Differences of neighbours first: close to the solution they are small and exact.
      gradient[index] = quarter * ((point[index] - previous) + (point[index] - next))
      previous = point[index]
    }
    return value(at: point)
  }

  /// L/4 T.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    TridiagonalOperator(
      diagonal: [Element](repeating: Element(scale / 2), count: dimension),
      offDiagonal: [Element](repeating: Element(-scale / 4), count: dimension - 1))
  }
}
