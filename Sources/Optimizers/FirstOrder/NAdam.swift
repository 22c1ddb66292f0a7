public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// NAdam, Adam with Nesterov's look-ahead (Dozat 2016), with a momentum that grows to b1:
/// mu(t) = b1 (1 - 0.96^(t psi) / 2), and P(t) = mu(1) ... mu(t).
///
/// m, v as Adam's; p <- p - rate ((1 - mu(t)) / (1 - P(t)) g + mu(t+1) / (1 - P(t+1)) m) / (sqrt(v / (1 - b2^t)) + epsilon).
public struct NAdam<Element: Scalar>: ElementwiseOptimizer {
  /// The decay b1 of the mean of the gradients.
  public let beta1: Double
  /// The decay b2 of the mean of their squares.
  public let beta2: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// How fast the momentum grows, psi.
  public let momentumDecay: Double
  var settings: ElementwiseSettings<Element>
  private var mean: [Element]
  private var square: [Element]
  private var momentumProduct = 1.0
  private var count = 0

  /// Creates the method for `dimension` parameters, with nothing seen. Both betas lie in 0 ..< 1.
  public init(
    dimension: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double = 4e-3,
    weightDecay: WeightDecay = .none
  ) {
    precondition(
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "betas lie in 0 ..< 1, not at \(beta1) and \(beta2)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    settings = ElementwiseSettings(weightDecay)
    mean = [Element](repeating: 0, count: dimension)
    square = mean
  }

  /// "nadam".
  public var name: String { "nadam" }
  /// The number of parameters.
  public var dimension: Int { mean.count }

  /// The two means, the steps made and the product of the momenta.
  public var memory: MethodMemory<Self> {
    MethodMemory(
      vectors: ["mean": \.mean, "square": \.square], counters: ["count": \.count],
      numbers: ["momentum_product": \.momentumProduct])
  }

  private func momentum(_ step: Int) -> Double { beta1 * (1 - pow(0.96, Double(step) * momentumDecay) / 2) }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    count += 1
    let (momentum, next) = (momentum(count), momentum(count + 1))
    momentumProduct *= momentum
    let constants = Constants(
      keep1: Element(beta1), take1: Element(1 - beta1), keep2: Element(beta2), take2: Element(1 - beta2),
      gradientScale: Element((1 - momentum) / (1 - momentumProduct)),
      meanScale: Element(next / (1 - momentumProduct * next)),
      rootScale: Element(1 / (1 - pow(beta2, Double(count))).squareRoot()), epsilon: Element(epsilon))
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      mean.withPointer { mean in
        square.withPointer { adapt(descent, mean, $0, constants) }
      }
    }
  }

  fileprivate struct Constants {
    let keep1, take1, keep2, take2, gradientScale, meanScale, rootScale, epsilon: Element
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ mean: UnsafeMutablePointer<Element>, _ square: UnsafeMutablePointer<Element>,
  _ c: NAdam<Element>.Constants
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let m = group.load(mean) * c.keep1 + g * c.take1
    let v = group.load(square) * c.keep2 + g * g * c.take2
    group.store(m, to: mean)
    group.store(v, to: square)
    let direction = (g * c.gradientScale + m * c.meanScale) / (squareRoot(v) * c.rootScale + c.epsilon)
    descent.move(group, from: p, along: direction)
  }
}
