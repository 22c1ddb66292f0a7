public import Differentiation
public import Tensors

/// An objective on the points origin + A'y, where the rows of A are orthonormal and random: f as a function of y.
public final class RandomSubspace<Base: Objective>: Objective {
  /// The number type of points.
  public typealias Element = Base.Element

  /// f.
  public let base: Base
  /// Where y = 0 is.
  public let origin: [Element]
  /// The dimension of y.
  public let dimension: Int
  private let rows: [Element]
  private var slope: [Element]

  /// Draws a subspace of at most as many dimensions as there are parameters. Memory for `dimension` vectors; cost:
  /// 4 n `dimension`^2 operations.
  public init(of base: Base, at origin: [Element], dimension: Int, key: Key) {
    precondition(
      dimension > 0 && origin.count == base.dimension,
      "a subspace of \(dimension) dimensions at a point of \(origin.count) for \(base.dimension) parameters")
    self.base = base
    self.origin = origin
    self.dimension = min(dimension, origin.count)
    var generator = key.generator()
    var rows: [Element] = []
    rows.reserveCapacity(self.dimension * origin.count)
    for row in 0..<self.dimension {
      var direction: [Element] = generator.normals(origin.count)
      for _ in 0..<2 {
        let components = product(of: rows, count: row, with: direction)
        spread(&direction, rows, count: row, components, factor: -1)
      }
      _ = makeUnit(&direction)
      rows += direction
    }
    self.rows = rows
    slope = [Element](repeating: 0, count: origin.count)
  }

  /// origin + A'y.
  public func point(_ y: [Element]) -> [Element] {
    precondition(y.count == dimension, "\(y.count) coordinates in a subspace of \(dimension) dimensions")
    var point = origin
    spread(&point, rows, count: dimension, y, factor: 1)
    return point
  }

  /// A v: the coordinates of a vector's projection.
  public func components(of vector: [Element]) -> [Element] { product(of: rows, count: dimension, with: vector) }

  /// f(origin + A'y).
  public func value(at y: [Element]) -> Double { base.value(at: point(y)) }

  /// A g.
  @discardableResult
  public func gradient(at y: [Element], into gradient: inout [Element]) -> Double {
    let value = base.gradient(at: point(y), into: &slope)
    gradient = components(of: slope)
    return value
  }

  /// A H A'.
  public func hessian(at y: [Element]) -> any LinearOperator<Element> {
    Compression(subspace: self, hessian: base.hessian(at: point(y)))
  }

  private struct Compression: LinearOperator {
    let subspace: RandomSubspace
    let hessian: any LinearOperator<Element>
    var dimension: Int { subspace.dimension }

    func apply(to vector: [Element], into product: inout [Element]) {
      var full = [Element](repeating: 0, count: subspace.origin.count)
      spread(&full, subspace.rows, count: subspace.dimension, vector, factor: 1)
      product = subspace.components(of: hessian(full))
    }
  }
}

/// The inner products of a vector with the first `count` rows.
private func product<S: Scalar>(of rows: [S], count: Int, with vector: [S]) -> [S] {
  var components = [S](repeating: 0, count: count)
  guard count > 0, !vector.isEmpty else { return components }
  S.matrixVectorProduct(
    transposeA: false, rows: count, columns: vector.count, alpha: 1, rows, strideA: vector.count, vector, beta: 0,
    &components)
  return components
}

/// Adds `factor` times the combination of the first `count` rows to a vector.
private func spread<S: Scalar>(_ vector: inout [S], _ rows: [S], count: Int, _ weights: [S], factor: S) {
  guard count > 0, !vector.isEmpty else { return }
  S.matrixVectorProduct(
    transposeA: true, rows: count, columns: vector.count, alpha: factor, rows, strideA: vector.count, weights, beta: 1,
    &vector)
}
