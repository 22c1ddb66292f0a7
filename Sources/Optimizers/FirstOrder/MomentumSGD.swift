public import Tensors

/// Gradient descent with momentum, in PyTorch's convention: v <- mu v + g; p <- p - rate v, without dampening.
///
/// The rate stands outside the velocity, so that a change of rate acts at once; in the other convention (`HeavyBall`) it
/// acts through the velocity. With a constant rate the two are the same.
/// Nesterov's variant (Sutskever et al. 2013) moves along the velocity after next: p <- p - rate (g + mu v).
public struct MomentumSGD<Element: Scalar>: ElementwiseOptimizer {
  /// The share mu of the velocity that is kept; 0 is plain gradient descent.
  public let momentum: Double
  /// Whether the step looks ahead.
  public let isNesterov: Bool
  var settings: ElementwiseSettings<Element>
  private var velocity: [Element]

  /// Creates the method for `dimension` parameters, at rest. `momentum` lies in 0 ..< 1.
  public init(
    dimension: Int, momentum: Double = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .none
  ) {
    precondition(momentum >= 0 && momentum < 1, "momentum lies in 0 ..< 1, not at \(momentum)")
    self.momentum = momentum
    self.isNesterov = isNesterov
    settings = ElementwiseSettings(weightDecay)
    velocity = [Element](repeating: 0, count: dimension)
  }

  /// "momentum" or "nesterov".
  public var name: String { isNesterov ? "nesterov" : "momentum" }
  /// The number of parameters.
  public var dimension: Int { velocity.count }
  /// The velocity.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["velocity": \.velocity]) }

  /// g <- g + lambda p; v <- mu v + g; p <- s p - rate v (or s p - rate (g + mu v)), s being 1 without decoupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let (momentum, isNesterov) = (Element(momentum), isNesterov)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      velocity.withPointer { roll(descent, $0, momentum: momentum, isNesterov: isNesterov) }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func roll<Element: Scalar>(
  _ descent: Descent<Element>, _ velocity: UnsafeMutablePointer<Element>, momentum: Element, isNesterov: Bool
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let v = group.load(velocity) * momentum + g
    group.store(v, to: velocity)
    descent.move(group, from: p, along: isNesterov ? g + v * momentum : v)
  }
}
