public import Tensors

/// Gradient descent with Polyak's step (Polyak 1969): p <- p - rate (f - f*) / ||g||^2 g, f* being the least value, or what
/// is hoped for.
///
/// With rate 1 on a convex function the distance to every minimizer shrinks in each step, and where the gradient is
/// Lipschitz with L the best of k values is within 2 L ||p(0) - p*||^2 / k of f*. At or below f* it stays.
public struct PolyakStep<Element: Scalar>: DescentMethod {
  /// The number of parameters.
  public let dimension: Int
  /// The least value f*.
  public let target: Double

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, target: Double = 0) {
    self.dimension = dimension
    self.target = target
  }

  /// "polyak".
  public var name: String { "polyak" }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    let norm = Double(oracle.gradient.norm)
    let gap = oracle.loss - target
    guard norm > 0, gap > 0 || gap.isNaN else { return }
    parameters.add(Element(-learningRate * gap / norm / norm), times: oracle.gradient)
  }
}
