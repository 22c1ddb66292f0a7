import Tensors

/// What all elementwise methods share: how parameters decay, and their own rates.
struct ElementwiseSettings<Element: Scalar>: Codable, Sendable {
  var weightDecay: WeightDecay
  var learningRateFactors: [Element]?

  init(_ weightDecay: WeightDecay) { self.weightDecay = weightDecay }
}

/// A method that moves each parameter by its own gradient, through ``Descent``.
protocol ElementwiseOptimizer<Element>: Optimizer {
  var settings: ElementwiseSettings<Element> { get set }
}

extension ElementwiseOptimizer {
  /// Factors of the learning rate.
  public var learningRateFactors: [Element]? {
    get { settings.learningRateFactors }
    set { settings.learningRateFactors = newValue }
  }
}

/// One step of an elementwise method: where it reads and writes, and what it multiplies by.
///
/// Weight decay and the parameters' own rates are applied here and nowhere else.
struct Descent<S: Scalar> {
  let count: Int
  let parameters: UnsafeMutablePointer<S>
  let gradient: UnsafePointer<S>
  let factors: UnsafePointer<S>?
  let rate: S
  let coupledDecay: S
  let decoupledDecay: S

  /// The rates: the step's, times the parameters' own factors where there are any.
  @inline(__always)
  func rates(_ group: LaneGroup<S>) -> SIMD16<S> {
    if let factors { group.load(factors) * rate } else { SIMD16(repeating: rate) }
  }

  /// The parameters p and the gradient g + lambda p, lambda being the coupled decay.
  @inline(__always)
  func load(_ group: LaneGroup<S>) -> (p: SIMD16<S>, g: SIMD16<S>) {
    let p = group.load(parameters)
    return (p, group.load(gradient) + p * coupledDecay)
  }

  /// p <- (1 - rate lambda) p - rate d, lambda being the decoupled decay.
  @inline(__always)
  func move(_ group: LaneGroup<S>, from p: SIMD16<S>, along direction: SIMD16<S>) {
    let rates = rates(group)
    group.store((S(1) - rates * decoupledDecay) * p - rates * direction, to: parameters)
  }
}

/// Calls `body` with a step's memory; not at all where there are no parameters.
@inline(__always)
func withDescent<S: Scalar>(
  _ parameters: inout [S], _ gradient: [S], _ learningRate: Double, _ settings: ElementwiseSettings<S>,
  _ body: (Descent<S>) -> Void
) {
  let factors = settings.learningRateFactors
  precondition(
    factors == nil || factors?.count == parameters.count,
    "\(factors?.count ?? 0) factors of the learning rate for \(parameters.count) parameters")
  parameters.withUnsafeMutableBufferPointer { p in
    gradient.withUnsafeBufferPointer { g in
      guard let parameters = p.baseAddress, let gradient = g.baseAddress, !p.isEmpty else { return }
      func run(_ factors: UnsafePointer<S>?) {
        body(
          Descent(
            count: p.count, parameters: parameters, gradient: gradient, factors: factors, rate: S(learningRate),
            coupledDecay: S(settings.weightDecay.inGradient), decoupledDecay: S(settings.weightDecay.besideStep)))
      }
      if let factors { factors.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    }
  }
}

extension Array {
  /// The memory of a vector that is known not to be empty.
  @inline(__always)
  mutating func withPointer(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { body(base) }
    }
  }
}

/// A vector for passing results, which is no part of a method's state and so is not encoded.
struct Scratch<Element: Scalar>: Codable, Sendable {
  var vector: [Element]

  init(dimension: Int) { vector = [Element](repeating: 0, count: dimension) }

  init(from decoder: any Decoder) throws {
    self.init(dimension: try decoder.singleValueContainer().decode(Int.self))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(vector.count)
  }
}
