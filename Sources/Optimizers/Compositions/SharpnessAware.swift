import Tensors

/// Sharpness-aware minimization (SAM, Foret et al. 2021): the base method's step from p, made with the gradient at the
/// ascent point p + e, e = rho g / ||g||, on the same batch.
///
/// Adaptive (ASAM, Kwon et al. 2021), e = rho T^2 g / ||T g|| with T = |p| + eta elementwise, so that (for eta = 0) it does
/// not change when parameters are rescaled without changing the function. Where g is zero there is no ascent.
/// Cost: two gradients a step.
public struct SharpnessAware<Base: Optimizer>: DescentMethod, Composition {
  /// The number type of the parameters.
  public typealias Element = Base.Element

  /// The radius rho.
  public let radius: Double
  /// eta for ASAM; `nil` for SAM.
  public let stabilizer: Double?
  var base: Base
  private var ascent: Scratch<Element>
  private var slope: Scratch<Element>

  /// Puts the ascent before `base`. The radius is not negative.
  public init(_ base: Base, radius: Double, stabilizer: Double? = nil) {
    precondition(radius >= 0, "the radius is not negative: \(radius)")
    self.base = base
    self.radius = radius
    self.stabilizer = stabilizer
    ascent = Scratch(dimension: base.dimension)
    slope = ascent
  }

  /// "sam" or "asam".
  public var name: String { stabilizer == nil ? "sam" : "asam" }
  /// The number of parameters.
  public var dimension: Int { base.dimension }

  /// The base's.
  public var learningRateFactors: [Element]? {
    get { base.learningRateFactors }
    set { base.learningRateFactors = newValue }
  }

  /// The base's step with the gradient at the ascent point.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    writeAscentPoint(from: parameters, gradient: oracle.gradient)
    oracle.gradient(at: ascent.vector, into: &slope.vector)
    oracle.clipping.apply(to: &slope.vector)
    base.step(parameters: &parameters, gradient: slope.vector, learningRate: learningRate)
  }

  /// p + e.
  package mutating func ascentPoint(from parameters: [Element], gradient: [Element]) -> [Element] {
    writeAscentPoint(from: parameters, gradient: gradient)
    return ascent.vector
  }

  private mutating func writeAscentPoint(from parameters: [Element], gradient: [Element]) {
    precondition(
      parameters.count == dimension && gradient.count == dimension,
      "a method of \(dimension) parameters was given \(parameters.count) and a gradient of \(gradient.count)")
    climb(parameters, gradient, radius: radius, stabilizer: stabilizer, into: &ascent.vector)
  }

  /// The base's.
  public var state: OptimizerState<Element> { composedState() }

  /// Restores the base.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try restoreComposed(state)
  }
}

@specialized(where S == Float) @specialized(where S == Double)
private func climb<S: Scalar>(
  _ parameters: [S], _ gradient: [S], radius: Double, stabilizer: Double?, into ascent: inout [S]
) {
  if let stabilizer {
    let eta = S(stabilizer)
    var square = 0.0
    for index in parameters.indices {
      let scaled = Double((abs(parameters[index]) + eta) * gradient[index])
      square += scaled * scaled
    }
    let factor = square > 0 ? S(radius / square.squareRoot()) : 0
    for index in parameters.indices {
      let t = abs(parameters[index]) + eta
      ascent[index] = parameters[index] + factor * t * t * gradient[index]
    }
  } else {
    let norm = Double(gradient.norm)
    let factor = norm > 0 ? S(radius / norm) : 0
    for index in parameters.indices { ascent[index] = parameters[index] + factor * gradient[index] }
  }
}
