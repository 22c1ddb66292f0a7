import Differentiation
public import Tensors

/// The constants of K-FAC.
public struct KroneckerConstants: Hashable, Codable, Sendable {
  /// The first lambda. The paper begins with 150 and lets it fall; 0.03 spares small networks most of the fall.
  public var damping = 0.03
  /// The most that the past weighs in the factors.
  public var decay = 0.95
  /// The steps from one estimate of the factors to the next.
  public var interval = 5

  /// The defaults.
  public init() {}
}

/// Kronecker-factored approximate curvature (K-FAC, Martens & Grosse 2015; for convolutions KFC, Grosse & Martens 2016).
///
/// The gradient V [inputs, outputs] of each block of the objective gives the proposal
/// (A + pi gamma I)^-1 V (G + gamma / pi I)^-1 with the Kronecker factors A and G of the block's Fisher matrix, pi^2 being
/// the mean eigenvalue of A over that of G. The step is learning rate times d, d the combination of the proposal, the last
/// step and, for the parameters outside the blocks, the gradient, at which the quadratic model
/// M(d) = g'd + d'(F + lambda I)d / 2 is least, F being the Gauss-Newton matrix itself. A learning rate of 1 is the paper's
/// method: lengths and momentum come from the model.
///
/// lambda follows Levenberg and Marquardt: every 5 steps, with r the loss's change over the model's, it is multiplied by
/// 0.95^5 where r > 3/4 and divided by it where r < 1/4. gamma begins with sqrt(lambda); with each estimate it is kept,
/// multiplied or divided by 0.95^(interval / 2), whichever lets the model fall most. The factors are estimated in each of
/// the first three steps and then every `interval` steps, on the step's batch and at its parameters, and averaged with the
/// weight min(1 - 1/k, decay) on the past at the k-th estimate.
///
/// Cost of a step: a gradient and two to three products with F, two more with an estimate, which costs another gradient
/// and O(inputs^3 + outputs^3) for each block.
public struct KFAC<Element: Scalar>: DescentMethod {
  /// The number of parameters.
  public let dimension: Int
  /// The constants.
  public let constants: KroneckerConstants
  private let key: Key
  private var factors = KroneckerAverage<Element>()
  private var bases: [KroneckerEigenbasis<Element>] = []
  private var count = 0
  private var lambda: Double
  private var gamma: Double
  private var last: [Element]

  private static var adaptationInterval: Int { 5 }

  /// Creates the method for `dimension` parameters; labels are drawn with `key`.
  public init(dimension: Int, constants: KroneckerConstants = KroneckerConstants(), key: Key) {
    precondition(constants.interval > 0, "factors are estimated every 1 step or more, not every \(constants.interval)")
    precondition(constants.damping >= 0, "damping is not negative: \(constants.damping)")
    self.dimension = dimension
    self.constants = constants
    self.key = key
    lambda = constants.damping
    gamma = constants.damping.squareRoot()
    last = [Element](repeating: 0, count: dimension)
  }

  /// "k-fac".
  public var name: String { "k-fac" }
  /// All but the factors, whose sizes the objective says.
  public var memory: MethodMemory<Self> {
    MethodMemory(
      vectors: ["last": \.last], counters: ["count": \.count], numbers: ["lambda": \.lambda, "gamma": \.gamma])
  }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    let model = QuadraticModel(
      gradient: oracle.gradient, matrix: oracle.gaussNewton(at: parameters), damping: lambda)
    let isEstimate = count < 3 || count % constants.interval == 0
    if factors.blocks.isEmpty { factors.blocks = oracle.kroneckerFactored.kroneckerBlocks }
    if isEstimate {
      factors.add(
        oracle.kroneckerFactors(at: parameters, key: key.child(count)), most: constants.decay)
    }
    if isEstimate || bases.isEmpty { bases = factors.bases() }
    let others = [outsideBlocks(oracle.gradient), last].filter { $0.contains { $0 != 0 } }.map(model.direction)
    let ratio = shrinkage(steps: constants.interval).squareRoot()
    let trials = isEstimate && count >= 3 ? [gamma, gamma * ratio, gamma / ratio] : [gamma]
    let steps = trials.map { gamma in
      let directions = [model.direction(proposal(oracle.gradient, gamma: gamma))] + others
      return (gamma: gamma, directions: directions, minimum: model.minimum(over: directions))
    }
    var best = steps[0]
    for step in steps where step.minimum.value < best.minimum.value { best = step }
    gamma = best.gamma
    last = [Element](repeating: 0, count: dimension)
    for (direction, coefficient) in zip(best.directions, best.minimum.coefficients) {
      last.add(Element(learningRate * coefficient), times: direction.vector)
    }
    parameters.add(1, times: last)
    count += 1
    if count % Self.adaptationInterval == 0 {
      // M at t times the minimum's place is 2 t - t^2 of the minimum.
      adapt(oracle.value(at: parameters) - oracle.loss, model: learningRate * (2 - learningRate) * best.minimum.value)
    }
  }

  private func proposal(_ gradient: [Element], gamma: Double) -> [Element] {
    guard !bases.isEmpty else { return gradient }
    var direction = [Element](repeating: 0, count: dimension)
    for range in factors.blocks.flatMap(\.ranges) { direction.replaceSubrange(range, with: gradient[range]) }
    for basis in bases { basis.solve(&direction, gamma: gamma) }
    return direction
  }

  private func outsideBlocks(_ gradient: [Element]) -> [Element] {
    guard !bases.isEmpty else { return [] }
    var rest = gradient
    for range in factors.blocks.flatMap(\.ranges) { for index in range { rest[index] = 0 } }
    return rest
  }

  private func shrinkage(steps: Int) -> Double { (0..<steps).reduce(1) { share, _ in share * 0.95 } }

  private mutating func adapt(_ change: Double, model: Double) {
    guard model < 0 else { return }
    let omega = shrinkage(steps: Self.adaptationInterval)
    let ratio = change / model
    if ratio > 0.75 { lambda *= omega } else if !(ratio >= 0.25) { lambda /= omega }
  }

  /// Its memory, with the factors of all blocks one after the other.
  public var state: OptimizerState<Element> {
    var state = memory.state(of: self)
    state.tensors["inputs"] = factors.inputs
    state.tensors["outputs"] = factors.outputs
    state.integers["estimates"] = factors.estimates
    return state
  }

  /// Restores both.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    guard state.method == name else { throw .method(expected: name, found: state.method) }
    var restored = KroneckerAverage<Element>()
    guard let inputs = state.tensors["inputs"], let outputs = state.tensors["outputs"],
      let estimates = state.integers["estimates"]
    else { throw .entries(expected: self.state.tensors.keys.sorted(), found: state.tensors.keys.sorted()) }
    for (name, own, found) in [("inputs", factors.inputs, inputs), ("outputs", factors.outputs, outputs)] {
      // A method that has made no step does not know how many there will be.
      guard own.isEmpty || found.isEmpty || own.count == found.count else {
        throw .length(name: name, expected: own.count, found: found.count)
      }
    }
    guard estimates >= 0 else { throw .negative(name: "estimates", found: estimates) }
    restored.inputs = inputs
    restored.outputs = outputs
    restored.estimates = estimates
    var rest = state
    rest.tensors["inputs"] = nil
    rest.tensors["outputs"] = nil
    rest.integers["estimates"] = nil
    try memory.restore(rest, to: &self)
    factors = restored
    bases = []
  }
}
