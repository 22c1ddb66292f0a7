public import Tensors

/// A function of one flat parameter vector, with its derivatives: all that optimizers, curvature, curves and planes know.
///
/// Values are summed in Float64 whatever the parameters' type. An objective may own buffers, so one object is used by one
/// thread at a time.
public protocol Objective<Element> {
  /// The number type of points and gradients.
  associatedtype Element: Scalar

  /// The number of parameters.
  var dimension: Int { get }

  /// f(`point`).
  func value(at point: [Element]) -> Double

  /// Writes the gradient at `point` over `gradient` (which has `dimension` elements) and returns the value there.
  @discardableResult
  func gradient(at point: [Element], into gradient: inout [Element]) -> Double

  /// The Hessian at `point` as an operator. What does not depend on the direction is computed once, here.
  ///
  /// The operator stays valid until the next use of the objective at another point.
  func hessian(at point: [Element]) -> any LinearOperator<Element>
}

extension Objective {
  /// The gradient at `point` as a new array.
  public func gradient(at point: [Element]) -> [Element] {
    var gradient = [Element](repeating: 0, count: dimension)
    self.gradient(at: point, into: &gradient)
    return gradient
  }
}

/// An objective composed of outputs and a loss that is convex in them, f = (1/n) sum of l(z_i(theta)).
public protocol CompositeObjective<Element>: Objective {
  /// The generalized Gauss-Newton matrix at `point`, (1/n) sum of J_i' H_i J_i, as an operator: J_i is the Jacobian of
  /// the outputs z_i and H_i the Hessian of l by them. It is positive semidefinite (Schraudolph 2002).
  ///
  /// The operator stays valid until the next use of the objective at another point.
  func gaussNewton(at point: [Element]) -> any LinearOperator<Element>
}

/// A mean over examples, f = (1/n) sum of f_i: an objective of which stochastic methods see a few terms at a time.
public protocol FiniteSumObjective<Element>: Objective {
  /// The number of terms n.
  var exampleCount: Int { get }

  /// Writes the gradient of the mean over `examples` (indices below `exampleCount`) and returns that mean's value.
  @discardableResult
  func gradient(at point: [Element], examples: ArraySlice<Int>, into gradient: inout [Element]) -> Double

  /// The Hessian at `point` of the mean over `examples`: the derivative of the gradient over them. As `hessian(at:)`.
  func hessian(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element>

  /// Told before a step of training on batches, once: its number, and the pass over the examples that it is in, both from
  /// 0 on. What is random in training (how an image is changed, which units are dropped) may depend on them.
  func begin(step: Int, epoch: Int)
}

/// A mean over examples each of whose terms is a loss of outputs.
public protocol CompositeFiniteSumObjective<Element>: CompositeObjective, FiniteSumObjective {
  /// The generalized Gauss-Newton matrix at `point` of the mean over `examples`. As `gaussNewton(at:)`.
  func gaussNewton(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element>
}

extension FiniteSumObjective {
  /// Every step is alike.
  public func begin(step: Int, epoch: Int) {}
}
