public import Tensors

/// Layer-wise adaptive rate scaling (You, Gitman & Ginsburg 2017): in each block of parameters with norm ||p|| and gradient
/// norm ||g||, v <- mu v + rate r (g + lambda p); p <- p - v, with the trust ratio r = eta ||p|| / (||g|| + lambda ||p||).
///
/// r is 1 where a norm is zero. lambda is the coupled decay.
public struct LARS<Element: Scalar>: ElementwiseOptimizer {
  /// The share mu of the last step that is kept.
  public let momentum: Double
  /// The factor eta of the ratio.
  public let trust: Double
  /// The layers: the places of their parameters.
  public let blocks: [Range<Int>]
  var settings: ElementwiseSettings<Element>
  private var velocity: [Element]

  /// Creates the method for `dimension` parameters, at rest; without blocks they are one. `momentum` lies in 0 ..< 1.
  public init(
    dimension: Int, blocks: [Range<Int>]? = nil, momentum: Double = 0.9, trust: Double = 1e-3,
    weightDecay: WeightDecay = .none
  ) {
    precondition(momentum >= 0 && momentum < 1, "momentum lies in 0 ..< 1, not at \(momentum)")
    self.momentum = momentum
    self.trust = trust
    self.blocks = checkedBlocks(blocks, dimension: dimension)
    settings = ElementwiseSettings(weightDecay)
    velocity = [Element](repeating: 0, count: dimension)
  }

  /// "lars".
  public var name: String { "lars" }
  /// The number of parameters.
  public var dimension: Int { velocity.count }
  /// The velocity.
  public var memory: MethodMemory<Self> { MethodMemory(vectors: ["velocity": \.velocity]) }

  /// One step of the recursion above.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    let (momentum, trust, decay, blocks) = (Element(momentum), trust, settings.weightDecay.inGradient, blocks)
    withDescent(&parameters, gradient, learningRate, settings) { descent in
      velocity.withPointer { velocity in
        for block in blocks where !block.isEmpty {
          let size = Double(Element.norm(block.count, descent.parameters + block.lowerBound))
          let slope = Double(Element.norm(block.count, descent.gradient + block.lowerBound))
          let ratio = size > 0 && slope > 0 ? trust * size / (slope + decay * size) : 1
          roll(descent, velocity, block, momentum: momentum, ratio: Element(ratio))
        }
      }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func roll<Element: Scalar>(
  _ descent: Descent<Element>, _ velocity: UnsafeMutablePointer<Element>, _ block: Range<Int>, momentum: Element,
  ratio: Element
) {
  forEachGroup(in: block, of: Element.self) { group in
    let (p, g) = descent.load(group)
    let rates = descent.rates(group)
    let v = group.load(velocity) * momentum + rates * (g * ratio)
    group.store(v, to: velocity)
    group.store(p - v - rates * descent.decoupledDecay * p, to: descent.parameters)
  }
}

/// The blocks, which cover the parameters without overlap; by default a single one.
func checkedBlocks(_ blocks: [Range<Int>]?, dimension: Int) -> [Range<Int>] {
  let blocks = blocks ?? [0..<dimension]
  var end = 0
  for block in blocks {
    precondition(block.lowerBound == end, "the block \(block) does not begin where the one before ends, at \(end)")
    end = block.upperBound
  }
  precondition(end == dimension, "blocks of \(end) parameters out of \(dimension)")
  return blocks
}
