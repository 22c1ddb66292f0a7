import Tensors

/// How parameters are averaged along training.
public enum WeightAveraging: Hashable, Codable, Sendable {
  /// The arithmetic mean of the parameters after steps `start`, `start + every`, ... (stochastic weight averaging,
  /// Izmailov et al. 2018).
  case arithmetic(start: Int, every: Int)
  /// a <- d a + (1 - d) p after every step, beginning with the parameters after the first (Polyak & Juditsky 1992 with
  /// forgetting).
  case exponential(decay: Double)
}

/// A method beside which its parameters are averaged: the steps are the base's, the parameters to evaluate the average.
///
/// Cost: one pass over the parameters when they are averaged.
public struct AveragedWeights<Base: DescentMethod>: DescentMethod, Composition {
  /// The number type of the parameters.
  public typealias Element = Base.Element

  /// Which average.
  public let rule: WeightAveraging
  var base: Base
  private var average: [Element]
  private var averaged = 0
  private var count = 0

  /// Averages what `base` leads to.
  public init(_ base: Base, rule: WeightAveraging) {
    switch rule {
    case .arithmetic(let start, let every):
      precondition(start >= 1 && every >= 1, "averaging starts after step \(start) and goes on every \(every)")
    case .exponential(let decay): precondition(decay >= 0 && decay < 1, "the decay lies in 0 ..< 1, not at \(decay)")
    }
    self.base = base
    self.rule = rule
    average = [Element](repeating: 0, count: base.dimension)
  }

  /// "swa" or "ema".
  public var name: String { if case .arithmetic = rule { "swa" } else { "ema" } }
  /// The number of parameters.
  public var dimension: Int { base.dimension }

  /// The average, how many points are in it, and the steps made.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["average": \.average], counters: ["averaged": \.averaged, "count": \.count])
  }

  /// The base's.
  public var learningRateFactors: [Element]? {
    get { base.learningRateFactors }
    set { base.learningRateFactors = newValue }
  }

  /// The average; before there is one, what the base says.
  public func evaluationParameters(_ parameters: [Element]) -> [Element] {
    averaged == 0 ? base.evaluationParameters(parameters) : average
  }

  /// The base's step, and then the average of what the base would evaluate.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    base.step(parameters: &parameters, on: oracle, learningRate: learningRate)
    count += 1
    let weight: Double
    switch rule {
    case .arithmetic(let start, let every):
      guard count >= start, (count - start) % every == 0 else { return }
      weight = 1 / Double(averaged + 1)
    case .exponential(let decay): weight = averaged == 0 ? 1 : 1 - decay
    }
    averaged += 1
    blend(base.evaluationParameters(parameters), into: &average, weight: Element(weight))
  }

  /// Its own and the base's.
  public var state: OptimizerState<Element> { composedState() }

  /// Restores both.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try restoreComposed(state)
  }
}

@specialized(where S == Float) @specialized(where S == Double)
private func blend<S: Scalar>(_ point: [S], into average: inout [S], weight: S) {
  if weight == 1 {
    for index in point.indices { average[index] = point[index] }
  } else {
    for index in point.indices { average[index] += weight * (point[index] - average[index]) }
  }
}
