public import Tensors

/// AdaGrad (Duchi, Hazan & Singer 2011): s <- s + g^2; p <- p - rate g / (sqrt(s) + epsilon).
public struct AdaGrad<Element: Scalar>: ElementwiseOptimizer {
  /// What keeps the quotient finite.
  public let epsilon: Double
  var settings: ElementwiseSettings<Element>
  private var sum: [Element]

  /// Creates the method for `dimension` parameters, s being `initialSum` everywhere.
  public init(dimension: Int, epsilon: Double = 1e-10, initialSum: Double = 0, weightDecay: WeightDecay = .none) {
    precondition(initialSum >= 0, "a sum of squares is not negative: \(initialSum)")
    self.epsilon = epsilon
    settings = ElementwiseSettings(weightDecay)
    sum = [Element](repeating: Element(initialSum), count: dimension)
  }

  /// "adagrad".
  public var name: String { "adagrad" }
  /// The number of parameters.
  public var dimension: Int { sum.count }
  /// The sum of squares.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["sum": \.sum]) }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let epsilon = Element(epsilon)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      sum.withPointer { adapt(descent, $0, epsilon: epsilon) }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ sum: UnsafeMutablePointer<Element>, epsilon: Element
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let s = group.load(sum) + g * g
    group.store(s, to: sum)
    descent.move(group, from: p, along: g / (squareRoot(s) + epsilon))
  }
}
