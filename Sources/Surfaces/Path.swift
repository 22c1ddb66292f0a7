public import Tensors

/// A curve between two points of parameter space, t in 0 ... 1, linear in its control points.
///
/// p(t) = sum over i of w_i(t) c_i with c = (start, bends ..., end). A path is thus its weights alone, and derivatives
/// by the bends are the weights again.
public protocol Path<Element>: Sendable {
  /// The number type of its points.
  associatedtype Element: Scalar

  /// The number of parameters of a point.
  var dimension: Int { get }

  /// The control points one after the other: the start, the bends, the end.
  var controlPoints: [Element] { get }

  /// The movable control points one after the other, `bendCount` times `dimension` numbers.
  var bends: [Element] { get set }

  /// The weights of the control points at `t`.
  func weights(at t: Double) -> [Double]

  /// The derivatives of the weights by t; where a path has a corner, those of the piece after it.
  func velocityWeights(at t: Double) -> [Double]

  /// The values of t between which the path is smooth, from 0 to 1.
  var corners: [Double] { get }
}

extension Path {
  /// The number of bends.
  public var bendCount: Int { dimension == 0 ? 0 : controlPoints.count / dimension - 2 }

  /// The point at t = 0.
  public var start: [Element] { Array(controlPoints.prefix(dimension)) }

  /// The point at t = 1.
  public var end: [Element] { Array(controlPoints.suffix(dimension)) }

  /// Writes p(t) over `point`.
  public func point(at t: Double, into point: inout [Element]) { combine(weights(at: t), into: &point) }

  /// p(t) as a new array.
  public func point(at t: Double) -> [Element] {
    var point = [Element](repeating: 0, count: dimension)
    self.point(at: t, into: &point)
    return point
  }

  /// p'(t) as a new array.
  public func velocity(at t: Double) -> [Element] {
    var velocity = [Element](repeating: 0, count: dimension)
    combine(velocityWeights(at: t), into: &velocity)
    return velocity
  }

  /// Adds `factor` times the derivative by the bends of `cotangent` . p(t) to `bendCotangents`: the transpose of the
  /// map from bends to the point.
  public func addPullback(
    of cotangent: [Element], at t: Double, times factor: Double = 1, to bendCotangents: inout [Element]
  ) {
    precondition(
      cotangent.count == dimension && bendCotangents.count == bendCount * dimension,
      "a cotangent of \(cotangent.count) and room for \(bendCotangents.count), of a path with \(bendCount) bends of "
        + "\(dimension) parameters")
    let weights = self.weights(at: t)
    guard bendCount > 0 else { return }
    cotangent.withUnsafeBufferPointer { source in
      bendCotangents.withUnsafeMutableBufferPointer { sum in
        guard let x = source.baseAddress, let y = sum.baseAddress else { return }
        for bend in 0..<bendCount {
          let weight = factor * weights[bend + 1]
          if weight != 0 { Element.axpy(dimension, Element(weight), x, y + bend * dimension) }
        }
      }
    }
  }

  /// The arc length between two values of t: the integral of ||p'||, by 16-point Gauss quadrature of every smooth
  /// piece.
  ///
  /// Exact to rounding on straight pieces. Cost: 16 evaluations of the velocity a piece.
  public func arcLength(from first: Double = 0, to last: Double = 1) -> Double {
    precondition(first <= last, "an arc from \(first) to \(last)")
    var length = 0.0
    var velocity = [Element](repeating: 0, count: dimension)
    for (start, end) in zip(corners, corners.dropFirst()) {
      let (a, b) = (max(start, first), min(end, last))
      guard a < b else { continue }
      for (node, weight) in zip(GaussLegendre.sixteen.nodes, GaussLegendre.sixteen.weights) {
        combine(velocityWeights(at: a + (b - a) * node), into: &velocity)
        length += (b - a) * weight * Double(velocity.norm)
      }
    }
    return length
  }

  private func combine(_ weights: [Double], into sum: inout [Element]) {
    precondition(sum.count == dimension, "room for \(sum.count) parameters of a path of \(dimension)")
    guard dimension > 0 else { return }
    let factors = weights.map { Element($0) }
    Element.matrixVectorProduct(
      transposeA: true, rows: weights.count, columns: dimension, alpha: 1, controlPoints, strideA: dimension, factors,
      beta: 0, &sum)
  }
}

/// Gauss-Legendre quadrature on 0 ... 1, from the eigenvalues of its Jacobi matrix (Golub and Welsch 1969).
struct GaussLegendre {
  let nodes: [Double]
  let weights: [Double]

  static let sixteen = GaussLegendre(16)

  init(_ count: Int) {
    let beside = (1..<max(1, count)).map { Double($0) / (4 * Double($0) * Double($0) - 1).squareRoot() }
    guard
      let own = TridiagonalEigendecomposition(
        diagonal: [Double](repeating: 0, count: count), offDiagonal: beside)
    else { preconditionFailure("the Jacobi matrix of order \(count) has no eigendecomposition") }
    nodes = own.values.map { ($0 + 1) / 2 }
    weights = (0..<count).map { own.vectors[$0 * count] * own.vectors[$0 * count] }
  }
}

/// Writes zeros over a vector.
@specialized(where S == Float) @specialized(where S == Double)
func clear<S: Scalar>(_ vector: inout [S]) {
  for index in vector.indices { vector[index] = 0 }
}
