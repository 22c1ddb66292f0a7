public import Tensors

/// Nesterov's accelerated gradient for convex functions without known curvature (Nesterov 1983; the momentum (k - 1) /
/// (k + 2) after Su, Boyd & Candes 2016): x(k) = y - rate g(y); y <- x(k) + (k - 1) / (k + 2) (x(k) - x(k-1)), k = 1, ...
///
/// On a convex function with smoothness L and rate s <= 1/L, f(x(k)) - f* <= 2 ||x(0) - x*||^2 / (s (k + 1)^2). Training's
/// parameters are the points y where gradients are taken; those to evaluate are the x.
public struct AcceleratedGradient<Element: Scalar>: ElementwiseOptimizer {
  var settings: ElementwiseSettings<Element>
  private var point: [Element]
  private var count = 0

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, weightDecay: WeightDecay = .none) {
    settings = ElementwiseSettings(weightDecay)
    point = [Element](repeating: 0, count: dimension)
  }

  /// "accelerated-gradient".
  public var name: String { "accelerated-gradient" }
  /// The number of parameters.
  public var dimension: Int { point.count }
  /// The last x and the steps made.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["point": \.point], counters: ["count": \.count]) }

  /// The last x.
  public func evaluationParameters(_ parameters: [Element]) -> [Element] { count == 0 ? parameters : point }

  /// One step of the recursion above.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    count += 1
    let momentum = Element(count - 1) / Element(count + 2)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      point.withPointer { accelerate(descent, $0, momentum: momentum) }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func accelerate<Element: Scalar>(
  _ descent: Descent<Element>, _ point: UnsafeMutablePointer<Element>, momentum: Element
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let last = group.load(point)
    descent.move(group, from: p, along: g)
    let x = group.load(descent.parameters)
    group.store(x, to: point)
    group.store(x + (x - last) * momentum, to: descent.parameters)
  }
}
