public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Layer-wise adaptive moments (You et al. 2020): Adam's direction with decay, d = m' / (sqrt(v') + epsilon) + lambda p,
/// scaled in each block of parameters by the trust ratio: p <- p - rate (||p|| / ||d||) d.
///
/// The ratio is 1 where a norm is zero. lambda is the decay, whichever of the two forms it is given in.
public struct LAMB<Element: Scalar>: ElementwiseOptimizer {
  /// The decay b1 of the mean of the gradients.
  public let beta1: Double
  /// The decay b2 of the mean of their squares.
  public let beta2: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The layers: the places of their parameters.
  public let blocks: [Range<Int>]
  private let decay: Double
  var settings: ElementwiseSettings<Element>
  private var mean: [Element]
  private var square: [Element]
  private var direction: Scratch<Element>
  private var count = 0

  /// Creates the method for `dimension` parameters, with nothing seen; without blocks they are one. Both betas lie in
  /// 0 ..< 1.
  public init(
    dimension: Int, blocks: [Range<Int>]? = nil, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
    weightDecay: WeightDecay = .none
  ) {
    precondition(
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "betas lie in 0 ..< 1, not at \(beta1) and \(beta2)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.blocks = checkedBlocks(blocks, dimension: dimension)
    decay = weightDecay.inGradient + weightDecay.besideStep
    settings = ElementwiseSettings(.none)
    mean = [Element](repeating: 0, count: dimension)
    square = mean
    direction = Scratch(dimension: dimension)
  }

  /// "lamb".
  public var name: String { "lamb" }
  /// The number of parameters.
  public var dimension: Int { mean.count }

  /// The two means and the number of steps.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["mean": \.mean, "square": \.square], counters: ["count": \.count])
  }

  /// One step of the recursion above. Cost: two passes.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    count += 1
    let constants = Constants(
      keep1: Element(beta1), take1: Element(1 - beta1), keep2: Element(beta2), take2: Element(1 - beta2),
      meanScale: Element(1 / (1 - pow(beta1, Double(count)))),
      rootScale: Element(1 / (1 - pow(beta2, Double(count))).squareRoot()), epsilon: Element(epsilon),
      decay: Element(decay))
    let blocks = blocks
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      mean.withPointer { mean in
        square.withPointer { square in
          direction.vector.withPointer { direction in
            adapt(descent, mean, square, direction, constants)
            for block in blocks where !block.isEmpty {
              let size = Element.norm(block.count, descent.parameters + block.lowerBound)
              let length = Element.norm(block.count, direction + block.lowerBound)
              move(descent, direction, block, ratio: size > 0 && length > 0 ? size / length : 1)
            }
          }
        }
      }
    }
  }

  fileprivate struct Constants {
    let keep1, take1, keep2, take2, meanScale, rootScale, epsilon, decay: Element
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func adapt<Element: Scalar>(
  _ descent: Descent<Element>, _ mean: UnsafeMutablePointer<Element>, _ square: UnsafeMutablePointer<Element>,
  _ direction: UnsafeMutablePointer<Element>, _ c: LAMB<Element>.Constants
) {
  forEachGroup(descent.count, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let m = group.load(mean) * c.keep1 + g * c.take1
    let v = group.load(square) * c.keep2 + g * g * c.take2
    group.store(m, to: mean)
    group.store(v, to: square)
    group.store(m * c.meanScale / (squareRoot(v) * c.rootScale + c.epsilon) + p * c.decay, to: direction)
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func move<Element: Scalar>(
  _ descent: Descent<Element>, _ direction: UnsafeMutablePointer<Element>, _ block: Range<Int>, ratio: Element
) {
  forEachGroup(in: block, of: Element.self) { group in
    descent.move(group, from: group.load(descent.parameters), along: group.load(direction) * ratio)
  }
}
