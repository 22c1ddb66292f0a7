public import Tensors

/// Gradient descent without memory: p <- p - rate g.
public struct GradientDescent<Element: Scalar>: Optimizer {
  /// The number of parameters.
  public let dimension: Int
  /// The decay of the parameters.
  public let weightDecay: WeightDecay

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, weightDecay: WeightDecay = .none) {
    self.dimension = dimension
    self.weightDecay = weightDecay
  }

  /// p <- p - rate (g + lambda p), or with decoupled decay p <- (1 - rate lambda) p - rate g.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let rate = Element(learningRate)
    let decay = Element(weightDecay.inGradient)
    let shrinkage = Element(weightDecay.shrinkage(learningRate: learningRate))
    parameters.withUnsafeMutableBufferPointer { p in
      gradient.withUnsafeBufferPointer { g in
        descend(p.count, p.baseAddress, g.baseAddress, rate: rate, decay: decay, shrinkage: shrinkage)
      }
    }
  }

  /// Nothing is remembered.
  public var state: OptimizerState<Element> { OptimizerState() }

  /// Checks that nothing was remembered.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try state.check(tensors: [], integers: [], dimension: dimension)
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func descend<Element: Scalar>(
  _ count: Int, _ parameters: UnsafeMutablePointer<Element>?, _ gradient: UnsafePointer<Element>?, rate: Element,
  decay: Element, shrinkage: Element
) {
  guard let parameters, let gradient else { return }
  for i in 0..<count {
    let p = parameters[i]
    parameters[i] = shrinkage * p - rate * (gradient[i] + decay * p)
  }
}
