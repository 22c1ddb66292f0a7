public import Tensors

/// Gradient descent without memory: p <- p - rate g. On batches it is stochastic gradient descent.
public struct GradientDescent<Element: Scalar>: ElementwiseOptimizer {
  /// The number of parameters.
  public let dimension: Int
  var settings: ElementwiseSettings<Element>

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, weightDecay: WeightDecay = .none) {
    self.dimension = dimension
    settings = ElementwiseSettings(weightDecay)
  }

  /// "gradient-descent".
  public var name: String { "gradient-descent" }

  /// p <- p - rate (g + lambda p), or with decoupled decay p <- (1 - rate lambda) p - rate g.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    withDescent(&parameters, gradient, learningRate, settings) { descend($0) }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func descend<Element: Scalar>(_ descent: Descent<Element>) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    descent.move(group, from: p, along: g)
  }
}
