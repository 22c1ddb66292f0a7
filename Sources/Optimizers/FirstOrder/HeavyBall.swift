public import Tensors

/// The heavy ball (Polyak 1964): v <- mu v - rate g; p <- p + v, that is p(k+1) = p(k) - rate g + mu (p(k) - p(k-1)).
///
/// The rate stands inside the velocity: see `MomentumSGD` for the other convention. With curvatures in [m, L] the best
/// constants are rate = 4 / (sqrt L + sqrt m)^2 and mu = ((sqrt L - sqrt m) / (sqrt L + sqrt m))^2, and the distance to the
/// minimizer shrinks by sqrt mu a step.
public struct HeavyBall<Element: Scalar>: ElementwiseOptimizer {
  /// The share mu of the last step that is kept.
  public let momentum: Double
  var settings: ElementwiseSettings<Element>
  private var velocity: [Element]

  /// Creates the method for `dimension` parameters, at rest. `momentum` lies in 0 ..< 1.
  public init(dimension: Int, momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    precondition(momentum >= 0 && momentum < 1, "momentum lies in 0 ..< 1, not at \(momentum)")
    self.momentum = momentum
    settings = ElementwiseSettings(weightDecay)
    velocity = [Element](repeating: 0, count: dimension)
  }

  /// "heavy-ball".
  public var name: String { "heavy-ball" }
  /// The number of parameters.
  public var dimension: Int { velocity.count }
  /// The velocity.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["velocity": \.velocity]) }

  /// v <- mu v - rate (g + lambda p); p <- p + v; decoupled decay shrinks p beside it.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let momentum = Element(momentum)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      velocity.withPointer { roll(descent, $0, momentum: momentum) }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func roll<Element: Scalar>(
  _ descent: Descent<Element>, _ velocity: UnsafeMutablePointer<Element>, momentum: Element
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let rates = descent.rates(group)
    let v = group.load(velocity) * momentum - rates * g
    group.store(v, to: velocity)
    group.store(p + v - rates * descent.decoupledDecay * p, to: descent.parameters)
  }
}
