public import Tensors

/// The eigenpairs of a symmetric operator that are largest in size, all at once, by simultaneous iteration.
///
/// A block V of orthonormal vectors is multiplied, V <- orth(A V), and in each step the pairs of V' A V (Rayleigh-Ritz) are
/// taken. The error of pair j shrinks by |lambda_{b+1} / lambda_j| a step for a block of b vectors: close and equal
/// eigenvalues within the block do no harm, and `extra` vectors beyond the wanted ones buy a better ratio. Deflation
/// (``PowerIteration``) finds one after the other in steps of one product each.
///
/// Cost: b products a step, for an operator that shares work among the rows of a block less than b times one; O(n b^2)
/// operations a step beside; memory for 4 b vectors.
/// Source: Rutishauser 1970, Simultaneous iteration method for symmetric matrices.
public struct BlockPowerIteration: Sendable {
  /// The residual wanted, relative to the eigenvalue's size.
  public var tolerance: Double
  /// The largest number of steps.
  public var maximumIterations: Int
  /// The vectors of a block beyond those of the wanted pairs.
  public var extra: Int

  /// Creates the method.
  public init(tolerance: Double = 1e-4, maximumIterations: Int = 1000, extra: Int = 2) {
    precondition(
      tolerance >= 0 && maximumIterations > 0 && extra >= 0,
      "a tolerance and a number of vectors are not negative, and one step is the least")
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.extra = extra
  }

  /// The first `count` pairs (all, when the dimension is smaller), descending in size.
  ///
  /// The residuals are those of the last step's products. A NaN from the operator ends the iteration with one pair of NaN.
  ///
  /// - Parameter start: the vectors of the first block, as far as given, such as those of a point before on a trajectory; at
  ///   least the `extra` ones are random, by which pairs that `start` doesn't hold are found.
  public func eigenpairs<A: LinearOperator>(
    of base: A, count: Int, key: Key, from start: [[A.Element]] = []
  ) -> [Eigenpair<A.Element>] {
    let wanted = min(max(0, count), base.dimension)
    guard wanted > 0 else { return [] }
    let width = min(wanted + extra, base.dimension)
    var generator = key.generator()
    var block = orthonormal(Array(start.prefix(wanted)), width: width, dimension: base.dimension, using: &generator)
    for iteration in 1... {
      let products = rows(of: base, block)
      guard let pairs = RitzBlock(block, products) else { break }
      let scale = pairs.values.reduce(0) { max($0, abs($1)) }
      let thresholds = pairs.values.map {
        residualThreshold(A.Element.self, tolerance: tolerance, value: $0, scale: scale)
      }
      let isDone = (0..<wanted).allSatisfy { pairs.residuals[$0] <= thresholds[$0] }
      if isDone || iteration == maximumIterations {
        return (0..<wanted).map { index in
          Eigenpair(
            value: pairs.values[index], vector: pairs.vectors[index], residual: pairs.residuals[index],
            residualBound: pairs.residuals[index], iterations: iteration,
            converged: pairs.residuals[index] <= thresholds[index])
        }
      }
      block = orthonormal(pairs.products, width: width, dimension: base.dimension, using: &generator)
    }
    let vector = [A.Element](repeating: .nan, count: base.dimension)
    return [
      Eigenpair(value: .nan, vector: vector, residual: .nan, residualBound: .nan, iterations: 0, converged: false)
    ]
  }

  private func rows<A: LinearOperator>(of base: A, _ block: [[A.Element]]) -> [[A.Element]] {
    let dimension = base.dimension
    let products = base(rowsOf: Tensor(block.flatMap { $0 }, shape: [block.count, dimension]))
    return block.indices.map { Array(products.elements[$0 * dimension..<($0 + 1) * dimension]) }
  }

  /// Orthonormal vectors in the given directions, in their order; random ones where they are missing or dependent.
  private func orthonormal<S: Scalar>(
    _ vectors: [[S]], width: Int, dimension: Int, using generator: inout RandomGenerator
  ) -> [[S]] {
    let basis = VectorBasis<S>(dimension: dimension, capacity: width)
    var result: [[S]] = []
    for index in 0..<width {
      var vector = index < vectors.count ? vectors[index] : [S](repeating: 0, count: dimension)
      normalize(&vector)
      basis.orthogonalize(&vector)
      if normalize(&vector) > 32 * Double(S.ulpOfOne) {
        basis.orthogonalize(&vector)
        normalize(&vector)
      } else {
        guard fillWithDirection(&vector, orthogonalTo: basis, using: &generator) else { return result }
      }
      basis.append(vector)
      result.append(vector)
    }
    return result
  }
}

/// The pairs of V' A V, descending in size, with A's products of their vectors.
private struct RitzBlock<S: Scalar> {
  private(set) var values: [Double] = []
  private(set) var vectors: [[S]] = []
  private(set) var products: [[S]] = []
  private(set) var residuals: [Double] = []

  /// `nil` where something is not a number.
  init?(_ block: [[S]], _ images: [[S]]) {
    let width = block.count
    var matrix = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for column in 0...row {
        let mean = (Double(block[row].dot(images[column])) + Double(block[column].dot(images[row]))) / 2
        matrix[row * width + column] = mean
        matrix[column * width + row] = mean
      }
    }
    guard matrix.allSatisfy(\.isFinite), let found = Double.symmetricEigenvalues(order: width, matrix: &matrix) else {
      return nil
    }
    func combined(_ rows: [[S]], _ weights: ArraySlice<Double>) -> [S] {
      var sum = [S](repeating: 0, count: rows[0].count)
      for (row, weight) in zip(rows, weights) { sum.add(S(weight), times: row) }
      return sum
    }
    for index in found.indices.sorted(by: { abs(found[$0]) > abs(found[$1]) }) {
      let weights = matrix[index * width..<(index + 1) * width]
      let (vector, product) = (combined(block, weights), combined(images, weights))
      var residual = product
      residual.add(-S(found[index]), times: vector)
      values.append(found[index])
      vectors.append(vector)
      products.append(product)
      residuals.append(Double(residual.norm))
    }
  }
}
