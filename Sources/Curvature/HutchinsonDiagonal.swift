public import Tensors

/// The diagonal of an operator as the mean of z * A z, element by element, over random signs z (Bekas, Kokiopoulou & Saad
/// 2007).
///
/// Unbiased; for a symmetric A element i of one probe has the variance sum over j other than i of A_ij^2, so a diagonal
/// matrix is exact with one. The sum of the elements is ``HutchinsonTrace`` with the same key.
public struct HutchinsonDiagonal: Sendable {
  /// The estimates.
  public let mean: [Double]
  /// The standard error of each estimate; NaN for a single probe.
  public let standardError: [Double]

  /// Draws `probes` vectors of random signs; probe i depends on the key and i alone.
  ///
  /// Cost: one product a probe; memory for two Float64 vectors beside the operator's.
  public init<A: LinearOperator>(of base: A, probes: Int, key: Key) {
    precondition(probes > 0, "a diagonal needs at least one probe, not \(probes)")
    var probe = [A.Element](repeating: 0, count: base.dimension)
    var product = probe
    var mean = [Double](repeating: 0, count: base.dimension)
    var squares = mean
    for index in 0..<probes {
      var generator = key.child(index).generator()
      fillWithSigns(&probe, using: &generator)
      base.apply(to: probe, into: &product)
      update(&mean, &squares, by: probe, product, count: index + 1)
    }
    let scale = 1 / Double(probes) / Double(probes - 1)
    self.mean = mean
    standardError = squares.map { probes > 1 ? ($0 * scale).squareRoot() : .nan }
  }
}

/// Welford's update of means and sums of squared deviations by the products of two vectors' elements.
@specialized(where S == Float) @specialized(where S == Double)
private func update<S: Scalar>(
  _ mean: inout [Double], _ squares: inout [Double], by a: [S], _ b: [S], count: Int
) {
  for index in a.indices {
    let sample = Double(a[index] * b[index])
    let difference = sample - mean[index]
    mean[index] += difference / Double(count)
    squares[index] += difference * (sample - mean[index])
  }
}
