import Tensors

/// Stochastic variance-reduced gradient (SVRG, Johnson & Zhang 2013): every m steps the whole gradient u is computed at a
/// snapshot s of the parameters; each step is the base method's along g(p) - g(s) + u, both g on the step's batch.
///
/// On a strongly convex finite sum the variance goes to zero with the distance, so that a constant rate converges
/// linearly. Cost: two gradients on the batch a step, and the whole gradient every m steps.
public struct VarianceReduced<Base: Optimizer>: DescentMethod, Composition {
  /// The number type of the parameters.
  public typealias Element = Base.Element

  /// The steps m from one snapshot to the next.
  public let interval: Int
  var base: Base
  private var snapshot: [Element]
  private var whole: [Element]
  private var count = 0
  private var direction: Scratch<Element>

  /// Corrects the gradients of `base`, with a snapshot every `interval` steps.
  public init(_ base: Base, interval: Int) {
    precondition(interval > 0, "a snapshot is taken every 1 step or more, not every \(interval)")
    self.base = base
    self.interval = interval
    snapshot = [Element](repeating: 0, count: base.dimension)
    whole = snapshot
    direction = Scratch(dimension: base.dimension)
  }

  /// "svrg".
  public var name: String { "svrg" }
  /// The number of parameters.
  public var dimension: Int { base.dimension }

  /// The snapshot, the whole gradient there, and the steps made.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["snapshot": \.snapshot, "whole_gradient": \.whole], counters: ["count": \.count])
  }

  /// The base's.
  public var learningRateFactors: [Element]? {
    get { base.learningRateFactors }
    set { base.learningRateFactors = newValue }
  }

  /// The base's step along the corrected gradient.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    if count % interval == 0 {
      assign(parameters, to: &snapshot)
      oracle.wholeGradient(at: snapshot, into: &whole)
    }
    count += 1
    oracle.gradient(at: snapshot, into: &direction.vector)
    scale(&direction.vector, by: -1)
    direction.vector.add(1, times: oracle.gradient)
    direction.vector.add(1, times: whole)
    oracle.clipping.apply(to: &direction.vector)
    base.step(parameters: &parameters, gradient: direction.vector, learningRate: learningRate)
  }

  /// Its own and the base's.
  public var state: OptimizerState<Element> { composedState() }

  /// Restores both.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try restoreComposed(state)
  }
}
