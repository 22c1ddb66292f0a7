public import Tensors

/// RMSProp (Tieleman & Hinton 2012): v <- a v + (1 - a) g^2; p <- p - rate d, with d = g / (sqrt(v) + epsilon).
///
/// Centred (Graves 2013), the square of the mean gradient m <- a m + (1 - a) g is taken off v. With momentum,
/// u <- mu u + d stands in place of d.
public struct RMSProp<Element: Scalar>: ElementwiseOptimizer {
  /// The decay a of the means.
  public let decay: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The share mu of the velocity that is kept.
  public let momentum: Double
  /// Whether squares are taken about the mean.
  public let isCentered: Bool
  var settings: ElementwiseSettings<Element>
  private var square: [Element]
  private var mean: [Element]
  private var velocity: [Element]

  /// Creates the method for `dimension` parameters, with nothing seen. Decay and momentum lie in 0 ..< 1.
  public init(
    dimension: Int, decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, isCentered: Bool = false,
    weightDecay: WeightDecay = .none
  ) {
    precondition(
      decay >= 0 && decay < 1 && momentum >= 0 && momentum < 1,
      "decay and momentum lie in 0 ..< 1, not at \(decay) and \(momentum)")
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    settings = ElementwiseSettings(weightDecay)
    square = [Element](repeating: 0, count: dimension)
    mean = isCentered ? square : []
    velocity = momentum > 0 ? square : []
  }

  /// "rmsprop".
  public var name: String { "rmsprop" }
  /// The number of parameters.
  public var dimension: Int { square.count }

  /// The mean of squares, the mean (empty unless centred) and the velocity (empty without momentum).
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["square": \.square, "mean": \.mean, "velocity": \.velocity])
  }

  /// One step of the recursion above, on g + lambda p with coupled decay.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let constants = Constants(
      keep: Element(decay), take: Element(1 - decay), epsilon: Element(epsilon), momentum: Element(momentum))
    let (isCentered, hasMomentum) = (isCentered, momentum > 0)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      square.withPointer { square in
        mean.withUnsafeMutableBufferPointer { mean in
          velocity.withUnsafeMutableBufferPointer { velocity in
            adapt(
              descent, square, isCentered ? mean.baseAddress : nil, hasMomentum ? velocity.baseAddress : nil, constants)
          }
        }
      }
    }
  }

  fileprivate struct Constants {
    let keep, take, epsilon, momentum: Element
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ square: UnsafeMutablePointer<Element>, _ mean: UnsafeMutablePointer<Element>?,
  _ velocity: UnsafeMutablePointer<Element>?, _ c: RMSProp<Element>.Constants
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let v = group.load(square) * c.keep + g * g * c.take
    group.store(v, to: square)
    var spread = v
    if let mean {
      let m = group.load(mean) * c.keep + g * c.take
      group.store(m, to: mean)
      // Rounding may put the variance of a constant gradient below zero.
      spread = larger(v - m * m, SIMD16(repeating: 0))
    }
    var direction = g / (squareRoot(spread) + c.epsilon)
    if let velocity {
      direction += group.load(velocity) * c.momentum
      group.store(direction, to: velocity)
    }
    descent.move(group, from: p, along: direction)
  }
}
