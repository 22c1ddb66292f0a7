public import Tensors

/// The trace of an operator as the mean of z' A z over random signs z (Hutchinson 1989).
///
/// Unbiased; for a symmetric A one probe's variance is 2 (||A||_F^2 - sum A_ii^2), so a diagonal matrix is exact with
/// one.
public struct HutchinsonTrace: Sendable {
  /// z' A z of each probe.
  public let samples: [Double]

  /// Draws `probes` vectors of random signs; probe i depends on the key and i alone, so that more probes extend fewer.
  ///
  /// Cost: one product a probe.
  public init<A: LinearOperator>(of base: A, probes: Int, key: Key) {
    precondition(probes > 0, "a trace needs at least one probe, not \(probes)")
    var probe = [A.Element](repeating: 0, count: base.dimension)
    var product = probe
    samples = (0..<probes).map { index in
      var generator = key.child(index).generator()
      fillWithSigns(&probe, using: &generator)
      base.apply(to: probe, into: &product)
      return Double(probe.dot(product))
    }
  }

  /// The estimate: the samples' mean.
  public var mean: Double { samples.reduce(0, +) / Double(samples.count) }

  /// The standard error of the mean; NaN for a single probe.
  public var standardError: Double { Curvature.standardError(samples) }
}

/// Writes +1 and -1 over a vector.
@specialized(where S == Float) @specialized(where S == Double)
func fillWithSigns<S: Scalar>(_ vector: inout [S], using generator: inout RandomGenerator) {
  for index in vector.indices { vector[index] = S(generator.sign()) }
}
