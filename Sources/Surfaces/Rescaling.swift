public import Tensors

/// A change of parameters theta -> D theta with a diagonal D, such as those that leave a network of rectified linear units
/// the same function (Dinh et al. 2017).
///
/// Gradients become D^-1 g and Hessians D^-1 H D^-1: what depends on them without regard to D can be made of any size.
public struct Rescaling<Element: Scalar>: Sendable {
  /// The diagonal of D.
  public let factors: [Element]

  /// A rescaling from its diagonal, which holds no zero.
  public init(factors: [Element]) {
    precondition(factors.allSatisfy { $0 != 0 }, "a rescaling has no factor 0")
    self.factors = factors
  }

  /// Multiplies weight number `layer` (from 0) and the biases behind it by `alpha`, and divides the next weight by it.
  ///
  /// With alpha > 0 the function stays the same where weights come in a chain with nothing between them but biases and
  /// positively homogeneous nonlinearities, phi(a x) = a phi(x) for a > 0: max(x, 0), means and maxima of pools. It stays
  /// the same to the last bit when alpha is a power of two.
  public init(ofLayer layer: Int, by alpha: Element, in parts: [ParameterPart], dimension: Int) {
    let weights = parts.indices.filter { parts[$0].kind == .weight }
    precondition(
      layer >= 0 && layer + 1 < weights.count, "weight \(layer) of \(weights.count) has no next one to be divided")
    precondition(alpha > 0, "a network of rectified linear units is homogeneous for factors above 0, not \(alpha)")
    var factors = [Element](repeating: 1, count: dimension)
    for part in parts[weights[layer]..<weights[layer + 1]] { for index in part.range { factors[index] = alpha } }
    for index in parts[weights[layer + 1]].range { factors[index] = 1 / alpha }
    self.factors = factors
  }

  /// D theta.
  public func callAsFunction(_ point: [Element]) -> [Element] {
    precondition(
      point.count == factors.count, "a point of \(point.count) for a rescaling of \(factors.count) parameters")
    return zip(point, factors).map { $0 * $1 }
  }

  /// The way back, to rounding; exactly where factors are powers of two.
  public var inverse: Rescaling { Rescaling(factors: factors.map { 1 / $0 }) }
}
