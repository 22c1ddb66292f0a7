public import Tensors

/// Both ends of a symmetric operator's spectrum, by the block Lanczos method with full reorthogonalization.
///
/// A block of b orthonormal vectors grows the space by b vectors a step: span {V, A V, A^2 V, ...}. The projected matrix
/// Q' A Q is kept whole and solved in Float64. A space that begins with b directions sees up to b copies of a multiple
/// eigenvalue, where one start vector sees one, and tells close eigenvalues apart sooner; an operator that shares work among
/// the rows of a block (``LinearOperator/apply(toRowsOf:into:)``) makes b products for less than b times one. For a given
/// number of products the space's degree is 1/b of that of ``Lanczos``, which is why one vector is best where eigenvalues
/// are apart and work is not shared.
///
/// Where a direction of a block is used up, a fresh random one orthogonal to all takes its place.
///
/// Cost: j products for a space of j vectors, O(n j^2) for orthogonality, O(j^3) at checks, which come at a growing
/// distance, memory for j + 2 b vectors, and one product for each pair's final residual.
/// Source: Golub and Underwood 1977, The block Lanczos method for computing eigenvalues.
public struct BlockLanczos: Sendable {
  /// The number of vectors in a block.
  public var blockSize: Int
  /// The residual wanted, relative to the eigenvalue's size.
  public var tolerance: Double
  /// The largest number of vectors in the space.
  public var maximumDimension: Int

  /// Creates the method.
  public init(blockSize: Int, tolerance: Double = 1e-4, maximumDimension: Int = 300) {
    precondition(
      blockSize > 0 && tolerance >= 0 && maximumDimension > 0,
      "a block and a space have at least one vector, and a tolerance is not negative")
    self.blockSize = blockSize
    self.tolerance = tolerance
    self.maximumDimension = maximumDimension
  }

  /// The `largest` and `smallest` pairs, fewer when the dimension or the space is smaller.
  ///
  /// `residualBound` is ||A x - theta x|| as the last block shows it. A NaN from the operator ends the method with one pair
  /// of value NaN at each end that was asked for.
  ///
  /// - Parameter start: vectors near the wanted ones, such as those of a point before on a trajectory: they are the first
  ///   block, as far as they go.
  public func extremes<A: LinearOperator>(
    of base: A, largest: Int, smallest: Int = 0, key: Key, from start: [[A.Element]] = []
  ) -> Lanczos.Extremes<A.Element> {
    let capacity = min(max(maximumDimension, largest + smallest), base.dimension)
    guard capacity > 0, largest > 0 || smallest > 0 else {
      return Lanczos.Extremes(largest: [], smallest: [], basisDimension: 0, restarts: 0)
    }
    var process = BlockKrylovProcess(base, blockSize: blockSize, capacity: capacity, key: key)
    process.extend(by: Array(start.prefix(blockSize)))
    var nextCheck = min(capacity, largest + smallest + blockSize)
    while true {
      process.step()
      if process.isBroken { return broken(process, largest: largest, smallest: smallest) }
      let isFull = process.isFull
      if isFull || process.size >= nextCheck {
        let pairs = process.ritzPairs()
        if isFull || isComplete(pairs, A.Element.self, largest: largest, smallest: smallest) {
          return collect(process, pairs, largest: largest, smallest: smallest)
        }
        nextCheck = process.size + max(blockSize, process.size / 10)
      }
      process.extend()
    }
  }

  private func isComplete<S: Scalar>(
    _ pairs: [BlockRitzPair], _ type: S.Type, largest: Int, smallest: Int
  ) -> Bool {
    guard pairs.count > largest + smallest else { return false }
    let scale = pairs.reduce(0) { max($0, abs($1.value)) }
    return (pairs.suffix(largest) + pairs.prefix(smallest)).allSatisfy {
      $0.bound <= residualThreshold(S.self, tolerance: tolerance, value: $0.value, scale: scale)
    }
  }

  private func collect<A: LinearOperator>(
    _ process: BlockKrylovProcess<A>, _ pairs: [BlockRitzPair], largest: Int, smallest: Int
  ) -> Lanczos.Extremes<A.Element> {
    let scale = pairs.reduce(0) { max($0, abs($1.value)) }
    var product = [A.Element](repeating: 0, count: process.base.dimension)
    func pair(_ ritz: BlockRitzPair) -> Eigenpair<A.Element> {
      let vector = process.basis.combination(ritz.coordinates[...], from: 0)
      let residual = measuredResidual(process.base, vector, ritz.value, &product)
      let threshold = residualThreshold(A.Element.self, tolerance: tolerance, value: ritz.value, scale: scale)
      return Eigenpair(
        value: ritz.value, vector: vector, residual: residual, residualBound: ritz.bound,
        iterations: process.steps, converged: residual <= threshold)
    }
    return Lanczos.Extremes(
      largest: pairs.suffix(largest).reversed().map(pair), smallest: pairs.prefix(smallest).map(pair),
      basisDimension: process.size, restarts: process.freshDirections)
  }

  private func broken<A: LinearOperator>(
    _ process: BlockKrylovProcess<A>, largest: Int, smallest: Int
  ) -> Lanczos.Extremes<A.Element> {
    let pair = Eigenpair(
      value: .nan, vector: [A.Element](repeating: .nan, count: process.base.dimension), residual: .nan,
      residualBound: .nan, iterations: process.steps, converged: false)
    return Lanczos.Extremes(
      largest: largest > 0 ? [pair] : [], smallest: smallest > 0 ? [pair] : [], basisDimension: process.size,
      restarts: process.freshDirections)
  }
}
