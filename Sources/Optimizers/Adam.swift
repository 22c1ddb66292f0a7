public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam (Kingma & Ba 2015); with decoupled weight decay, AdamW (Loshchilov & Hutter 2019).
///
/// m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - rate m' / (sqrt(v') + epsilon), where m' = m / (1 - b1^t)
/// and v' = v / (1 - b2^t) at step t = 1, 2, ...
public struct Adam<Element: Scalar>: Optimizer {
  /// The decay b1 of the mean of the gradients.
  public let beta1: Double
  /// The decay b2 of the mean of their squares.
  public let beta2: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The decay of the parameters: coupled for Adam with L2 regularization, decoupled for AdamW.
  public let weightDecay: WeightDecay
  private var mean: [Element]
  private var square: [Element]
  private var count = 0

  /// Creates the method for `dimension` parameters, with nothing seen. Both betas lie in 0 ..< 1.
  public init(
    dimension: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: WeightDecay = .none
  ) {
    precondition(
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "betas lie in 0 ..< 1, not at \(beta1) and \(beta2)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    mean = [Element](repeating: 0, count: dimension)
    square = mean
  }

  /// The number of parameters.
  public var dimension: Int { mean.count }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    count += 1
    let correction1 = 1 - pow(beta1, Double(count))
    let correction2 = 1 - pow(beta2, Double(count))
    let constants = AdamConstants<Element>(
      rate: Element(learningRate / correction1), keep1: Element(beta1), take1: Element(1 - beta1),
      keep2: Element(beta2),
      take2: Element(1 - beta2), rootScale: Element(1 / correction2.squareRoot()), epsilon: Element(epsilon),
      decay: Element(weightDecay.inGradient), shrinkage: Element(weightDecay.shrinkage(learningRate: learningRate)))
    parameters.withUnsafeMutableBufferPointer { p in
      gradient.withUnsafeBufferPointer { g in
        mean.withUnsafeMutableBufferPointer { m in
          square.withUnsafeMutableBufferPointer { v in
            adapt(p.count, p.baseAddress, g.baseAddress, m.baseAddress, v.baseAddress, constants)
          }
        }
      }
    }
  }

  /// The two means, as `mean` and `square`, and the number of steps, as `count`.
  public var state: OptimizerState<Element> {
    OptimizerState(tensors: ["mean": mean, "square": square], integers: ["count": count])
  }

  /// Takes over means and count.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try state.check(tensors: ["mean", "square"], integers: ["count"], dimension: dimension)
    mean = state.tensors["mean"]!
    square = state.tensors["square"]!
    count = state.integers["count"]!
  }
}

private struct AdamConstants<Element: Scalar> {
  let rate, keep1, take1, keep2, take2, rootScale, epsilon, decay, shrinkage: Element
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ count: Int, _ parameters: UnsafeMutablePointer<Element>?, _ gradient: UnsafePointer<Element>?,
  _ mean: UnsafeMutablePointer<Element>?, _ square: UnsafeMutablePointer<Element>?, _ c: AdamConstants<Element>
) {
  guard let parameters, let gradient, let mean, let square else { return }
  let (rate, decay, shrinkage) = (c.rate, c.decay, c.shrinkage)
  let (keep1, take1, keep2, take2) = (c.keep1, c.take1, c.keep2, c.take2)
  let (rootScale, epsilon) = (c.rootScale, c.epsilon)
  for i in 0..<count {
    let p = parameters[i]
    let g = gradient[i] + decay * p
    let m = keep1 * mean[i] + take1 * g
    let v = keep2 * square[i] + take2 * (g * g)
    mean[i] = m
    square[i] = v
    parameters[i] = shrinkage * p - rate * m / (v.squareRoot() * rootScale + epsilon)
  }
}
