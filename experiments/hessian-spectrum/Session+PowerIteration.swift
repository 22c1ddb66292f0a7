internal import Curvature
internal import Differentiation
internal import Harness
internal import Networks
internal import Storage
internal import Tensors
internal import Training

extension Session {
  /// The eigenvalues largest in size along training, by power iteration with deflation.
  ///
  /// It starts from the vectors of the measurement before, which are part of the checkpoints. An eigenvector that has come to
  /// the fore meanwhile and is orthogonal to all of them is not seen (``PowerIteration``); Lanczos, beside it, sees it.
  func powerIteration(at occasions: Occasions, _ memory: ProbeMemory<Element>) -> Probe<Element> {
    let along = settings.along
    let count = min(along.powerCount, network.parameterCount)
    let columns =
      eigenvalueColumns("power_iteration", count) + eigenvalueColumns("power_iteration_residual", count) + [
        TrajectoryColumn(
          "power_iteration_unconverged", longName: "pairs by power iteration whose residual missed the tolerance"),
        TrajectoryColumn("power_iteration_products", longName: "Hessian-vector products that power iteration took"),
      ]
    return Probe(columns, at: occasions) { point in
      let counted = CountedOperator(train.hessian(at: point.parameters))
      let pairs = PowerIteration(tolerance: along.tolerance, maximumIterations: along.powerSteps).eigenpairs(
        of: counted, count: count, key: context.key.child("along").child(point.step).child("power-iteration"),
        from: knownVectors("power_vector", memory))
      memory.keep(pairs.map(\.vector), as: "power_vector")
      return padded([pairs.map(\.value)], to: count) + padded([pairs.map(\.residual)], to: count)
        + [Double(pairs.count { !$0.converged }), Double(counted.products)]
    }
  }
}

/// An operator that counts its products.
private final class CountedOperator<Element: Scalar>: LinearOperator {
  private let base: any LinearOperator<Element>
  private(set) var products = 0

  init(_ base: any LinearOperator<Element>) { self.base = base }

  var dimension: Int { base.dimension }

  func apply(to vector: [Element], into product: inout [Element]) {
    products += 1
    base.apply(to: vector, into: &product)
  }
}
