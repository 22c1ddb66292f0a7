public import Tensors

/// The density of an operator's eigenvalues, by stochastic Lanczos quadrature (Golub and Meurant 1994; Ubaru et al.
/// 2017).
///
/// Each probe z gives a Gauss quadrature: nodes theta_i, the Ritz values of its Lanczos run, with weights tau_i^2,
/// tau_i the FIRST component of T's unit eigenvector i. Sum tau_i^2 p(theta_i) = z' p(A) z / z'z exactly for
/// polynomials p of degree up to 2 steps - 1, and its mean over probes estimates (1/n) trace p(A). A probe's weights
/// add up to 1.
///
/// Cost: `probes` times `steps` products, memory for `steps` vectors.
public struct SpectralDensity: Sendable {
  /// One quadrature a probe: the Ritz values, fewer than the steps asked for where the Krylov space closed before, with the
  /// squared first components, which add up to 1. Without nodes where the operator answered with a NaN.
  public let quadratures: [QuadratureMeasure]
  /// The order n of the operator.
  public let dimension: Int

  /// Runs the quadratures; probe i depends on the key and i alone.
  public init<A: LinearOperator>(of base: A, steps: Int, probes: Int, key: Key) {
    precondition(steps > 0 && probes > 0, "a density needs at least one step and one probe, not \(steps) and \(probes)")
    dimension = base.dimension
    let capacity = min(steps, base.dimension)
    quadratures = (0..<probes).map { index in
      guard capacity > 0 else { return QuadratureMeasure(nodes: [], weights: []) }
      var generator = key.child(index).generator()
      var start = [A.Element](repeating: 0, count: base.dimension)
      fillWithSigns(&start, using: &generator)
      normalize(&start)
      var process = KrylovProcess(base, start: start, capacity: capacity)
      repeat { process.step() } while process.basis.count < capacity && !process.block.isInvariant && !process.isBroken
      guard !process.isBroken else { return QuadratureMeasure(nodes: [], weights: []) }
      let pairs = process.block.ritzPairs()
      return QuadratureMeasure(
        nodes: pairs.map(\.value), weights: pairs.map { ($0.coordinates.first ?? 0) * ($0.coordinates.first ?? 0) })
    }
  }

  /// The density at the points of a grid, each node broadened to a normal distribution of standard deviation `width`.
  ///
  /// It integrates to 1 over the whole line; per unit of eigenvalue. NaN where a probe failed.
  public func density(on grid: [Double], width: Double) -> [Double] {
    guard let measure else { return grid.map { _ in .nan } }
    return measure.density(on: grid, width: width)
  }

  /// The mean of all probes' quadratures, which estimates the spectral measure; `nil` where a probe failed.
  public var measure: QuadratureMeasure? {
    quadratures.allSatisfy { !$0.nodes.isEmpty } ? QuadratureMeasure(meanOf: quadratures) : nil
  }

  /// `count` points spaced evenly from `margin` below the least node to `margin` above the largest.
  public func grid(count: Int, margin: Double) -> [Double] {
    precondition(count > 1, "a grid has at least two points, not \(count)")
    let nodes = quadratures.flatMap(\.nodes)
    guard let low = nodes.min(), let high = nodes.max() else { return [] }
    let start = low - margin
    let step = (high + margin - start) / Double(count - 1)
    return (0..<count).map { start + Double($0) * step }
  }

  /// The mean of `function` over the eigenvalues, (1/n) trace f(A), as one estimate a probe.
  public func means(of function: (Double) -> Double) -> [Double] {
    quadratures.map { $0.nodes.isEmpty ? .nan : $0.integral(of: function) }
  }
}
