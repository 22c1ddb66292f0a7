public import Differentiation
import Tensors

/// An objective in closed form, of which theory knows the constants.
///
/// Its operators own what they need, so each stays valid whatever the objective is used for afterwards.
public protocol AnalyticObjective<Element>: Objective, Sendable {
  /// The smallest known L with ||grad f(x) - grad f(y)|| <= L ||x - y|| everywhere; `nil` when there is none.
  var smoothness: Double? { get }

  /// An L that holds within the ball of this radius about the origin: a bound on the Hessian's eigenvalues there.
  func smoothness(withinRadius radius: Double) -> Double

  /// The largest known m with f - m/2 ||x||^2 convex: 0 for a function that is convex only, `nil` for one that is not.
  var strongConvexity: Double? { get }

  /// The least value, where a closed form knows it.
  var minimum: Double? { get }

  /// A point where the least value is taken, where a closed form knows one.
  var minimizer: [Element]? { get }
}

extension AnalyticObjective {
  func checkDimension(_ point: [Element]) {
    precondition(point.count == dimension, "a point of \(point.count) parameters for an objective of \(dimension)")
  }

  func checkDimension(_ point: [Element], _ gradient: [Element]) {
    checkDimension(point)
    precondition(
      gradient.count == dimension, "room for \(gradient.count) derivatives of an objective of \(dimension) parameters")
  }
}

/// A symmetric matrix known only by its diagonal.
struct DiagonalOperator<Element: Scalar>: LinearOperator {
  let diagonal: [Element]

  var dimension: Int { diagonal.count }

  @specialized(where Element == Float) @specialized(where Element == Double)
  func apply(to vector: [Element], into product: inout [Element]) {
    for index in diagonal.indices { product[index] = diagonal[index] * vector[index] }
  }
}

/// A symmetric tridiagonal matrix.
struct TridiagonalOperator<Element: Scalar>: LinearOperator {
  let diagonal: [Element]
  let offDiagonal: [Element]

  var dimension: Int { diagonal.count }

  @specialized(where Element == Float) @specialized(where Element == Double)
  func apply(to vector: [Element], into product: inout [Element]) {
    for index in diagonal.indices { product[index] = diagonal[index] * vector[index] }
    for index in offDiagonal.indices {
      product[index] += offDiagonal[index] * vector[index + 1]
      product[index + 1] += offDiagonal[index] * vector[index]
    }
  }
}

/// A dense symmetric matrix, row-major.
struct DenseOperator<Element: Scalar>: LinearOperator {
  let dimension: Int
  let elements: [Element]

  func apply(to vector: [Element], into product: inout [Element]) {
    multiply(elements, rows: dimension, columns: dimension, vector, into: &product)
  }
}

/// y = op(A) x + beta y.
func multiply<S: Scalar>(
  _ matrix: [S], rows: Int, columns: Int, transposed: Bool = false, by factor: S = 1, _ x: [S], adding beta: S = 0,
  into y: inout [S]
) {
  precondition(x.count == (transposed ? rows : columns) && y.count == (transposed ? columns : rows), "shapes disagree")
  guard rows > 0, columns > 0 else { return }
  S.matrixVectorProduct(
    transposeA: transposed, rows: rows, columns: columns, alpha: factor, matrix, strideA: columns, x, beta: beta, &y)
}

/// The largest eigenvalue of A'A / `divisor` for a row-major matrix, densely in Float64.
func largestSquaredSingularValue<S: Scalar>(_ matrix: [S], rows: Int, columns: Int) -> Double {
  guard rows > 0, columns > 0 else { return 0 }
  let order = min(rows, columns)
  let a = matrix.map { Double($0) }
  var gram = [Double](repeating: 0, count: order * order)
  Double.matrixProduct(
    transposeA: columns <= rows, transposeB: columns > rows, rows: order, columns: order, inner: max(rows, columns),
    alpha: 1, a, strideA: columns, a, strideB: columns, beta: 0, &gram, strideC: order)
  return Double.symmetricEigenvalues(order: order, matrix: &gram)?.last ?? .nan
}
