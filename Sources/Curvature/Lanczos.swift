public import Tensors

/// Both ends of a symmetric operator's spectrum, by the Lanczos method with full reorthogonalization.
///
/// Vectors are kept in the operator's type and orthogonalized twice against all before; the tridiagonal matrix and its
/// eigenproblem are Float64. The basis grows until all wanted pairs have residual bounds within the tolerance, or until
/// it reaches `maximumDimension`.
///
/// When the Krylov space closes (an invariant subspace), the method goes on in a fresh random direction orthogonal to
/// it, until a fresh block shows nothing larger or smaller than what is known: so multiple eigenvalues are found with
/// their multiplicities. When the wanted pairs converge before the space closes, as in large problems, further copies
/// of an exactly multiple eigenvalue may be missed: in exact arithmetic one start vector sees one copy.
///
/// Cost: j products for a basis of j vectors, O(n j^2) for orthogonality, memory for j vectors, and one product for
/// each pair's final residual.
///
///     let ends = Lanczos().extremes(of: objective.hessian(at: point), largest: 10, smallest: 2, key: key)
///     let sharpness = ends.largest[0].value
public struct Lanczos: Sendable {
  /// The residual wanted, relative to the eigenvalue's size.
  public var tolerance: Double
  /// The largest number of vectors in the basis.
  public var maximumDimension: Int

  /// Creates the method.
  public init(tolerance: Double = 1e-4, maximumDimension: Int = 300) {
    precondition(
      tolerance >= 0 && maximumDimension > 0, "a tolerance is not negative, and a basis has at least one vector")
    self.tolerance = tolerance
    self.maximumDimension = maximumDimension
  }

  /// The ends of a spectrum.
  public struct Extremes<Element: Scalar>: Sendable {
    /// The algebraically largest pairs, descending.
    public let largest: [Eigenpair<Element>]
    /// The algebraically smallest pairs, ascending.
    public let smallest: [Eigenpair<Element>]
    /// The number of vectors in the final basis, which is the number of products but for the final residuals.
    public let basisDimension: Int
    /// The number of fresh starts after an invariant subspace.
    public let restarts: Int

    /// Whether all pairs are converged.
    public var converged: Bool { (largest + smallest).allSatisfy(\.converged) }
  }

  /// The `largest` and `smallest` pairs, fewer when the dimension or the basis is smaller.
  ///
  /// `residualBound` is |beta s|, what the recurrence knows of the residual. A NaN from the operator ends the method
  /// with one pair of value NaN at each end that was asked for.
  ///
  /// - Parameter start: vectors near the wanted ones, such as those of a point before on a trajectory. The method then
  ///   starts from their sum and as much of a random direction, by which what they don't hold is found all the same.
  public func extremes<A: LinearOperator>(
    of base: A, largest: Int, smallest: Int = 0, key: Key, from known: [[A.Element]] = []
  ) -> Extremes<A.Element> {
    let capacity = min(max(maximumDimension, largest + smallest), base.dimension)
    guard capacity > 0, largest > 0 || smallest > 0 else {
      return Extremes(largest: [], smallest: [], basisDimension: 0, restarts: 0)
    }
    var generator = key.generator()
    var start: [A.Element] = generator.normals(base.dimension)
    normalize(&start)
    var sum = [A.Element](repeating: 0, count: base.dimension)
    for vector in known { sum.add(1, times: vector) }
    if normalize(&sum) > 0 {
      start.add(1, times: sum)
      normalize(&start)
    }
    var process = KrylovProcess(base, start: start, capacity: capacity)
    var finished: [RitzPair] = []
    var restarts = 0
    var nextCheck = min(capacity, largest + smallest + 5)
    while true {
      process.step()
      if process.isBroken { return broken(process, largest: largest, smallest: smallest) }
      let size = process.basis.count
      if process.block.isInvariant || size == capacity || size >= nextCheck {
        let current = process.block.ritzPairs()
        if size == capacity
          || isComplete(
            finished, current, process.block.isInvariant, largest: largest, smallest: smallest, type: A.Element.self)
        {
          break
        }
        // A step costs more than a check as long as checks come at a growing distance.
        nextCheck = size + max(5, size / 10)
      }
      if process.block.isInvariant {
        finished += process.block.ritzPairs()
        guard process.restart(using: &generator) else { break }
        restarts += 1
      }
    }
    let block = process.block.diagonal.isEmpty ? [] : process.block.ritzPairs()
    return collect(process, finished + block, largest: largest, smallest: smallest, restarts: restarts)
  }

  /// Whether the wanted pairs are all converged and, after a restart, the running block has nothing to add to them.
  private func isComplete<S: Scalar>(
    _ finished: [RitzPair], _ current: [RitzPair], _ isInvariant: Bool, largest: Int, smallest: Int, type: S.Type
  ) -> Bool {
    let scale = (finished + current).reduce(0) { max($0, abs($1.value)) }
    func within(_ pair: RitzPair) -> Bool {
      pair.bound <= residualThreshold(S.self, tolerance: tolerance, value: pair.value, scale: scale)
    }
    if finished.isEmpty {
      guard current.count > largest + smallest else { return false }
      // An invariant first block has shown one copy of each eigenvalue; others are to be looked for.
      if isInvariant { return false }
      return current.suffix(largest).allSatisfy(within) && current.prefix(smallest).allSatisfy(within)
    }
    guard finished.count >= max(largest, smallest), let low = current.first, let high = current.last else {
      return false
    }
    let values = finished.map(\.value).sorted()
    let margin = 32 * Double(S.ulpOfOne) * scale
    let topIsKnown = largest == 0 || within(high) && high.value <= values[values.count - largest] + margin
    let bottomIsKnown = smallest == 0 || within(low) && low.value >= values[smallest - 1] - margin
    return topIsKnown && bottomIsKnown
  }

  private func collect<A: LinearOperator>(
    _ process: KrylovProcess<A>, _ pairs: [RitzPair], largest: Int, smallest: Int, restarts: Int
  ) -> Extremes<A.Element> {
    let sorted = pairs.sorted { $0.value < $1.value }
    let scale = sorted.reduce(0) { max($0, abs($1.value)) }
    var product = [A.Element](repeating: 0, count: process.base.dimension)
    func pair(_ ritz: RitzPair) -> Eigenpair<A.Element> {
      let vector = process.basis.combination(ritz.coordinates, from: ritz.start)
      let residual = measuredResidual(process.base, vector, ritz.value, &product)
      let threshold = residualThreshold(A.Element.self, tolerance: tolerance, value: ritz.value, scale: scale)
      return Eigenpair(
        value: ritz.value, vector: vector, residual: residual, residualBound: ritz.bound,
        iterations: process.basis.count, converged: residual <= threshold)
    }
    return Extremes(
      largest: sorted.suffix(largest).reversed().map(pair), smallest: sorted.prefix(smallest).map(pair),
      basisDimension: process.basis.count, restarts: restarts)
  }

  private func broken<A: LinearOperator>(
    _ process: KrylovProcess<A>, largest: Int, smallest: Int
  ) -> Extremes<A.Element> {
    let pair = Eigenpair(
      value: .nan, vector: [A.Element](repeating: .nan, count: process.base.dimension), residual: .nan,
      residualBound: .nan, iterations: process.basis.count, converged: false)
    return Extremes(
      largest: largest > 0 ? [pair] : [], smallest: smallest > 0 ? [pair] : [],
      basisDimension: process.basis.count, restarts: 0)
  }
}
