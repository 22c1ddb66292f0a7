public import Tensors

/// The shape of the perturbations theta + T e that a sharpness allows.
public enum PerturbationScale: Hashable, Sendable {
  /// T = 1: a ball.
  case absolute
  /// T = |theta| + stabilizer, elementwise (Kwon et al. 2021).
  ///
  /// With stabilizer 0 the set of perturbed points moves with theta under every rescaling of single parameters, so that a
  /// sharpness over it does not change when a rescaling leaves the function the same. Parameters that are zero then stay.
  case relative(stabilizer: Double = 0)

  /// The diagonal of T.
  public func factors<S: Scalar>(at point: [S]) -> [S] {
    switch self {
    case .absolute: [S](repeating: 1, count: point.count)
    case .relative(let stabilizer): point.map { abs($0) + S(stabilizer) }
    }
  }
}

/// a + factor * scale * b, elementwise, over `result`.
@specialized(where S == Float) @specialized(where S == Double)
func writeSum<S: Scalar>(_ a: [S], _ factor: S, _ scale: [S], _ b: [S], into result: inout [S]) {
  for index in a.indices { result[index] = a[index] + factor * scale[index] * b[index] }
}

/// a * b, elementwise, over `result`.
@specialized(where S == Float) @specialized(where S == Double)
func writeProduct<S: Scalar>(_ a: [S], _ b: [S], into result: inout [S]) {
  for index in a.indices { result[index] = a[index] * b[index] }
}

/// Mean of numbers, and its standard error: NaN for fewer than two.
func meanWithError(_ samples: [Double]) -> (mean: Double, standardError: Double) {
  let count = Double(samples.count)
  let mean = samples.reduce(0, +) / count
  let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, samples.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan)
}
