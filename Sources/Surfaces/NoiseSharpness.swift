public import Differentiation
public import Tensors

/// The expected rise of the loss under Gaussian noise, E f(theta + sigma T z) - f(theta) with z standard normal: the
/// sharpness of PAC-Bayesian bounds (Neyshabur et al. 2017; Jiang et al. 2020).
///
/// On a quadratic it is sigma^2 trace(T H T) / 2, everywhere.
public struct NoiseSharpness: Sendable {
  /// The rise of each pair of opposite perturbations, (f(theta + d) + f(theta - d)) / 2 - f(theta).
  public let samples: [Double]
  /// The estimate: the samples' mean.
  public let mean: Double
  /// The standard error of the mean; NaN for a single pair.
  public let standardError: Double

  /// Draws `pairs` of perturbations; pair i depends on the key and i alone. Opposite ones cancel the gradient's part.
  ///
  /// Cost: 2 values a pair, and one more.
  public init<O: Objective>(
    of objective: O, at point: [O.Element], deviation: Double, scale: PerturbationScale = .absolute, pairs: Int,
    key: Key
  ) {
    precondition(deviation >= 0 && pairs > 0, "\(pairs) pairs of perturbations of deviation \(deviation)")
    let factors = scale.factors(at: point)
    let value = objective.value(at: point)
    var place = point
    samples = (0..<pairs).map { index in
      var generator = key.child(index).generator()
      let noise: [O.Element] = generator.normals(point.count)
      writeSum(point, O.Element(deviation), factors, noise, into: &place)
      let ahead = objective.value(at: place)
      writeSum(point, -O.Element(deviation), factors, noise, into: &place)
      return (ahead + objective.value(at: place)) / 2 - value
    }
    (mean, standardError) = meanWithError(samples)
  }
}
