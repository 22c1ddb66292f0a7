public import Tensors

/// Gradient descent with momentum, in PyTorch's convention: v <- mu v + g; p <- p - rate v, without dampening.
///
/// The rate stands outside the velocity, so that a change of rate acts at once; in the other convention (Polyak 1964,
/// v <- mu v - rate g; p <- p + v) it would act through the velocity. With a constant rate the two are the same.
/// Nesterov's variant (Sutskever et al. 2013) moves along the velocity after next: p <- p - rate (g + mu v).
public struct MomentumSGD<Element: Scalar>: Optimizer {
  /// The share mu of the velocity that is kept; 0 is plain gradient descent.
  public let momentum: Double
  /// Whether the step looks ahead.
  public let isNesterov: Bool
  /// The decay of the parameters.
  public let weightDecay: WeightDecay
  private var velocity: [Element]

  /// Creates the method for `dimension` parameters, at rest. `momentum` lies in 0 ..< 1.
  public init(
    dimension: Int, momentum: Double = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .none
  ) {
    precondition(momentum >= 0 && momentum < 1, "momentum lies in 0 ..< 1, not at \(momentum)")
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    velocity = [Element](repeating: 0, count: dimension)
  }

  /// The number of parameters.
  public var dimension: Int { velocity.count }

  /// g <- g + lambda p; v <- mu v + g; p <- s p - rate v (or s p - rate (g + mu v)), s being 1 without decoupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let rate = Element(learningRate)
    let momentum = Element(momentum)
    let decay = Element(weightDecay.inGradient)
    let shrinkage = Element(weightDecay.shrinkage(learningRate: learningRate))
    let isNesterov = isNesterov
    parameters.withUnsafeMutableBufferPointer { p in
      gradient.withUnsafeBufferPointer { g in
        velocity.withUnsafeMutableBufferPointer { v in
          roll(
            p.count, p.baseAddress, g.baseAddress, v.baseAddress, rate: rate, momentum: momentum, decay: decay,
            shrinkage: shrinkage, isNesterov: isNesterov)
        }
      }
    }
  }

  /// The velocity, as `velocity`.
  public var state: OptimizerState<Element> { OptimizerState(tensors: ["velocity": velocity]) }

  /// Takes over a velocity.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try state.check(tensors: ["velocity"], integers: [], dimension: dimension)
    velocity = state.tensors["velocity"]!
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func roll<Element: Scalar>(
  _ count: Int, _ parameters: UnsafeMutablePointer<Element>?, _ gradient: UnsafePointer<Element>?,
  _ velocity: UnsafeMutablePointer<Element>?, rate: Element, momentum: Element, decay: Element, shrinkage: Element,
  isNesterov: Bool
) {
  guard let parameters, let gradient, let velocity else { return }
  if isNesterov {
    for i in 0..<count {
      let p = parameters[i]
      let g = gradient[i] + decay * p
      let v = momentum * velocity[i] + g
      velocity[i] = v
      parameters[i] = shrinkage * p - rate * (g + momentum * v)
    }
  } else {
    for i in 0..<count {
      let p = parameters[i]
      let v = momentum * velocity[i] + (gradient[i] + decay * p)
      velocity[i] = v
      parameters[i] = shrinkage * p - rate * v
    }
  }
}
