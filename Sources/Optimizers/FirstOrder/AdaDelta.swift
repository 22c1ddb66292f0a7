public import Tensors

/// AdaDelta (Zeiler 2012): v <- a v + (1 - a) g^2; d = sqrt(u + epsilon) / sqrt(v + epsilon) g; p <- p - rate d;
/// u <- a u + (1 - a) d^2. The units of the step are those of the parameters, so that the rate is usually 1.
public struct AdaDelta<Element: Scalar>: ElementwiseOptimizer {
  /// The decay a of the means.
  public let decay: Double
  /// What keeps the quotient finite and begins the movement.
  public let epsilon: Double
  var settings: ElementwiseSettings<Element>
  private var square: [Element]
  private var change: [Element]

  /// Creates the method for `dimension` parameters, with nothing seen. The decay lies in 0 ..< 1.
  public init(dimension: Int, decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: WeightDecay = .none) {
    precondition(decay >= 0 && decay < 1, "the decay lies in 0 ..< 1, not at \(decay)")
    self.decay = decay
    self.epsilon = epsilon
    settings = ElementwiseSettings(weightDecay)
    square = [Element](repeating: 0, count: dimension)
    change = square
  }

  /// "adadelta".
  public var name: String { "adadelta" }
  /// The number of parameters.
  public var dimension: Int { square.count }
  /// The mean squares of gradients and of changes.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["square": \.square, "change": \.change]) }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let (keep, take, epsilon) = (Element(decay), Element(1 - decay), Element(epsilon))
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      square.withPointer { square in
        change.withPointer { adapt(descent, square, $0, keep: keep, take: take, epsilon: epsilon) }
      }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ square: UnsafeMutablePointer<Element>, _ change: UnsafeMutablePointer<Element>,
  keep: Element, take: Element, epsilon: Element
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let v = group.load(square) * keep + g * g * take
    let u = group.load(change)
    let direction = squareRoot(u + epsilon) / squareRoot(v + epsilon) * g
    group.store(v, to: square)
    group.store(u * keep + direction * direction * take, to: change)
    descent.move(group, from: p, along: direction)
  }
}
