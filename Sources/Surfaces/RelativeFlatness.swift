public import Tensors

/// Relative flatness of a layer, the sum over pairs of its units of <w_s, w_t> trace(H_st), where w_s are the weights of
/// unit s and H_st the Hessian's block of the weights of s and of t (Petzka et al. 2021).
///
/// The smaller, the flatter. It does not change when layers are rescaled without changing the function. With W of shape
/// [inputs, units] it is the mean of (E W)' H (E W) over square matrices E of independent random signs, which is how it is
/// estimated.
public struct RelativeFlatness: Sendable {
  /// (E W)' H (E W) of each E.
  public let samples: [Double]
  /// The estimate: the samples' mean.
  public let mean: Double
  /// The standard error of the mean; NaN for a single sample.
  public let standardError: Double

  /// Draws `probes` matrices; number i depends on the key and i alone. Cost: one product a probe.
  public init<A: LinearOperator>(
    of part: ParameterPart, at point: [A.Element], hessian: A, probes: Int, key: Key
  ) {
    precondition(
      probes > 0 && part.range.upperBound <= point.count && hessian.dimension == point.count,
      "\(probes) probes of a part up to \(part.range.upperBound) of \(point.count) parameters, with a Hessian of "
        + "dimension \(hessian.dimension)")
    let weights = Array(point[part.range])
    var probe = [A.Element](repeating: 0, count: point.count)
    var product = probe
    samples = (0..<probes).map { index in
      var generator = key.child(index).generator()
      for row in 0..<part.inputs {
        let signs = (0..<part.inputs).map { _ in A.Element(generator.sign()) }
        var mixed = [A.Element](repeating: 0, count: part.units)
        A.Element.matrixVectorProduct(
          transposeA: true, rows: part.inputs, columns: part.units, alpha: 1, weights, strideA: part.units, signs,
          beta: 0, &mixed)
        let first = part.range.lowerBound + row * part.units
        probe.replaceSubrange(first..<first + part.units, with: mixed)
      }
      hessian.apply(to: probe, into: &product)
      return doubleDot(probe, product)
    }
    (mean, standardError) = meanWithError(samples)
  }
}
