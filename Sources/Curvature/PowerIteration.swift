public import Tensors

/// Eigenpairs of a symmetric operator one after the other, by power iteration with deflation.
///
/// Each pair is iterated as v <- (I - V V') A v / ||.||, V being the vectors found before, until the deflated residual
/// ||(I - V V') A v - theta v|| is at most half of what `tolerance` asks. At the end the pairs of V' A V are taken. The
/// error shrinks by |lambda_{j+1} / lambda_j| a step, so that pairs of nearly equal size take long; their values are
/// good well before their vectors are. Eigenvalues of equal size and opposite sign don't converge by magnitude, and are
/// flagged.
///
/// Cost: one product a step and two more for each pair; memory for k + 2 vectors; O(n k) operations a step beside the
/// product.
///
///     let pairs = PowerIteration().eigenpairs(of: objective.hessian(at: point), count: 10, key: key)
public struct PowerIteration: Sendable {
  /// Which eigenvalues are wanted.
  public enum Target: Sendable {
    /// The largest in absolute value, signs kept: the method as it is.
    case magnitude
    /// The largest with their sign, from the operator shifted by a rough estimate of its most negative eigenvalue.
    ///
    /// The estimate costs up to 200 products, and the shift slows the iteration when the spectrum reaches far below
    /// zero.
    case algebraic
  }

  /// The residual wanted, relative to the eigenvalue's size.
  public var tolerance: Double
  /// The largest number of steps for each pair.
  public var maximumIterations: Int

  /// Creates the method.
  public init(tolerance: Double = 1e-4, maximumIterations: Int = 1000) {
    precondition(tolerance >= 0 && maximumIterations > 0, "a tolerance is not negative, and one step is the least")
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// The first `count` pairs (all, when the dimension is smaller) in the order found, which is descending but for pairs
  /// whose sizes differ by less than their residuals.
  ///
  /// `residualBound` is the deflated residual at the last step. A pair that used up its steps has `converged` false; a
  /// NaN from the operator ends the iteration with a pair of NaN as the last.
  ///
  /// - Parameter start: where the iteration of each pair starts, as far as given, such as the vectors of a point before on a
  ///   trajectory. A start that is an eigenvector stays one, whichever it is: a pair that has overtaken it, of which it
  ///   holds nothing, is not seen. Random starts from time to time show it.
  public func eigenpairs<A: LinearOperator>(
    of base: A, count: Int, target: Target = .magnitude, key: Key, from start: [[A.Element]] = []
  ) -> [Eigenpair<A.Element>] {
    switch target {
    case .magnitude: return deflated(base, count: count, shift: 0, key: key, from: start)
    case .algebraic:
      let shift = roughShift(of: base, key: key.child("shift"))
      let shifted = AffineOperator(base, shift: A.Element(shift))
      return deflated(shifted, count: count, shift: Double(A.Element(shift)), key: key, from: start)
    }
  }

  /// A number that lifts the most negative eigenvalue to about zero: 0 for a positive operator.
  private func roughShift<A: LinearOperator>(of base: A, key: Key) -> Double {
    let rough = PowerIteration(tolerance: 0.01, maximumIterations: 100)
    guard let first = rough.deflated(base, count: 1, shift: 0, key: key.child(0)).first else { return 0 }
    if first.value <= 0 { return first.residual - first.value }
    let mirrored = AffineOperator(base, scale: -1, shift: A.Element(first.value))
    guard let second = rough.deflated(mirrored, count: 1, shift: 0, key: key.child(1)).first else { return 0 }
    let lowest = first.value - second.value
    return max(0, second.residual - lowest)
  }

  private func deflated<A: LinearOperator>(
    _ base: A, count: Int, shift: Double, key: Key, from start: [[A.Element]] = []
  ) -> [Eigenpair<A.Element>] {
    let dimension = base.dimension
    let basis = VectorBasis<A.Element>(dimension: dimension, capacity: min(max(0, count), dimension))
    var stages: [Stage] = []
    var vector = [A.Element](repeating: 0, count: dimension)
    var product = vector
    var generator = key.generator()
    var scale = 0.0
    while basis.count < basis.capacity, fillWithDirection(&vector, orthogonalTo: basis, using: &generator) {
      if basis.count < start.count {
        // What is left of a given start beside the pairs before, if that is more than rounding.
        product = start[basis.count]
        normalize(&product)
        basis.orthogonalize(&product)
        if normalize(&product) > 1e-3 { swap(&vector, &product) }
      }
      var stage = Stage()
      while true {
        stage.iterations += 1
        base.apply(to: vector, into: &product)
        basis.orthogonalize(&product)
        stage.value = Double(vector.dot(product))
        product.add(-A.Element(stage.value), times: vector)
        stage.residual = Double(product.norm)
        let threshold = residualThreshold(
          A.Element.self, tolerance: tolerance, value: stage.value - shift, scale: max(scale, abs(stage.value)))
        if stage.residual <= threshold / 2 || stage.residual.isNaN || stage.iterations == maximumIterations { break }
        product.add(A.Element(stage.value), times: vector)
        normalize(&product)
        swap(&vector, &product)
      }
      scale = max(scale, abs(stage.value))
      stages.append(stage)
      basis.append(vector)
      if stage.residual.isNaN { break }
    }
    return rotated(base, basis, stages, shift: shift, scale: scale)
  }

  /// How the iteration of one pair ended.
  private struct Stage {
    var value = 0.0
    var residual = Double.infinity
    var iterations = 0
  }

  /// The pairs of V' A V (Rayleigh-Ritz), each with its own residual.
  ///
  /// What is left of a vector's error leans mostly towards the vectors found next, and would show in their residuals as
  /// well. Within the span of all of them it is undone exactly.
  private func rotated<A: LinearOperator>(
    _ base: A, _ basis: VectorBasis<A.Element>, _ stages: [Stage], shift: Double, scale: Double
  ) -> [Eigenpair<A.Element>] {
    let count = basis.count
    var product = [A.Element](repeating: 0, count: base.dimension)
    var vector = product
    var matrix: [Double] = []
    for index in 0..<count {
      basis.copy(index, into: &vector)
      base.apply(to: vector, into: &product)
      matrix += basis.components(of: product)
    }
    for row in 0..<count {
      for column in 0..<row {
        let mean = (matrix[row * count + column] + matrix[column * count + row]) / 2
        matrix[row * count + column] = mean
        matrix[column * count + row] = mean
      }
    }
    // With a NaN there is nothing to rotate: the pairs are given as they were found.
    guard matrix.allSatisfy(\.isFinite), let values = Double.symmetricEigenvalues(order: count, matrix: &matrix) else {
      return stages.indices.map { index in
        basis.copy(index, into: &vector)
        return pair(vector, stages[index].value, stages[index])
      }
    }
    return values.indices.sorted { abs(values[$0]) > abs(values[$1]) }.map { index in
      let weights = Array(matrix[index * count..<(index + 1) * count])
      let main = weights.indices.max { abs(weights[$0]) < abs(weights[$1]) } ?? 0
      return pair(basis.combination(weights[...], from: 0), values[index], stages[main])
    }

    func pair(_ vector: [A.Element], _ value: Double, _ stage: Stage) -> Eigenpair<A.Element> {
      let residual = measuredResidual(base, vector, value, &product)
      let threshold = residualThreshold(
        A.Element.self, tolerance: tolerance, value: value - shift, scale: scale)
      return Eigenpair(
        value: value - shift, vector: vector, residual: residual, residualBound: stage.residual,
        iterations: stage.iterations, converged: residual <= threshold)
    }
  }
}
