public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam (Kingma & Ba 2015); with decoupled weight decay, AdamW (Loshchilov & Hutter 2019).
///
/// m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - rate m' / (sqrt(v') + epsilon), where m' = m / (1 - b1^t)
/// and v' = v / (1 - b2^t) at step t = 1, 2, ... AMSGrad (Reddi, Kale & Kumar 2018) puts the largest v so far in its place.
public struct Adam<Element: Scalar>: ElementwiseOptimizer {
  /// The decay b1 of the mean of the gradients.
  public let beta1: Double
  /// The decay b2 of the mean of their squares.
  public let beta2: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// Whether the largest mean of squares is used.
  public let isAMSGrad: Bool
  var settings: ElementwiseSettings<Element>
  private var mean: [Element]
  private var square: [Element]
  private var largest: [Element]
  private var count = 0

  /// Creates the method for `dimension` parameters, with nothing seen. Both betas lie in 0 ..< 1.
  public init(
    dimension: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, isAMSGrad: Bool = false,
    weightDecay: WeightDecay = .none
  ) {
    precondition(
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "betas lie in 0 ..< 1, not at \(beta1) and \(beta2)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.isAMSGrad = isAMSGrad
    settings = ElementwiseSettings(weightDecay)
    mean = [Element](repeating: 0, count: dimension)
    square = mean
    largest = isAMSGrad ? mean : []
  }

  /// "amsgrad", "adamw" with decoupled decay, "adam".
  public var name: String { isAMSGrad ? "amsgrad" : settings.weightDecay.besideStep > 0 ? "adamw" : "adam" }
  /// The number of parameters.
  public var dimension: Int { mean.count }

  /// The means, the largest mean of squares (empty unless AMSGrad) and the number of steps.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["mean": \.mean, "square": \.square, "largest": \.largest], counters: ["count": \.count])
  }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    count += 1
    let correction1 = 1 - pow(beta1, Double(count))
    let correction2 = 1 - pow(beta2, Double(count))
    let constants = Constants(
      keep1: Element(beta1), take1: Element(1 - beta1), keep2: Element(beta2), take2: Element(1 - beta2),
      meanScale: Element(1 / correction1), rootScale: Element(1 / correction2.squareRoot()), epsilon: Element(epsilon))
    let isAMSGrad = isAMSGrad
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      mean.withPointer { mean in
        square.withPointer { square in
          largest.withUnsafeMutableBufferPointer { largest in
            adapt(descent, mean, square, isAMSGrad ? largest.baseAddress : nil, constants)
          }
        }
      }
    }
  }

  fileprivate struct Constants {
    let keep1, take1, keep2, take2, meanScale, rootScale, epsilon: Element
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ mean: UnsafeMutablePointer<Element>, _ square: UnsafeMutablePointer<Element>,
  _ largest: UnsafeMutablePointer<Element>?, _ c: Adam<Element>.Constants
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let m = group.load(mean) * c.keep1 + g * c.take1
    let v = group.load(square) * c.keep2 + g * g * c.take2
    group.store(m, to: mean)
    group.store(v, to: square)
    var scale = v
    if let largest {
      scale = larger(v, group.load(largest))
      group.store(scale, to: largest)
    }
    descent.move(group, from: p, along: m * c.meanScale / (squareRoot(scale) * c.rootScale + c.epsilon))
  }
}
