public import Tensors

/// A method of descent: it moves parameters by one step at a time, asking an oracle for what it needs of the objective.
///
/// A method is a value that holds all it remembers, so a copy, an encoded one or one with a restored state goes on exactly
/// as the original. Most methods need only the gradient: see `Optimizer`.
public protocol DescentMethod<Element>: Codable, Sendable {
  /// The number type of the parameters.
  associatedtype Element: Scalar

  /// What it is called in configurations and in its state.
  var name: String { get }

  /// The number of parameters.
  var dimension: Int { get }

  /// Factors of the learning rate, one for each parameter; `nil` for 1 everywhere. Only methods with steps proportional
  /// to the learning rate take them.
  var learningRateFactors: [Element]? { get set }

  /// Moves `parameters`, at which the oracle stands, by one step.
  mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double)

  /// The parameters that the method would have used when training stands at `parameters`: an average, or the centre of an
  /// exploration. By default `parameters` themselves.
  func evaluationParameters(_ parameters: [Element]) -> [Element]

  /// The properties that make up its state.
  var memory: MethodMemory<Self> { get }

  /// What it remembers, as plain arrays and numbers by name.
  var state: OptimizerState<Element> { get }

  /// Takes over what a method of the same kind and dimension remembered; throws if it isn't that, and is then as before.
  mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError)
}

extension DescentMethod {
  /// None: set only to `nil`.
  public var learningRateFactors: [Element]? {
    get { nil }
    set {
      precondition(newValue == nil, "the method \(name) has no learning rates for single parameters")
    }
  }

  /// `parameters`.
  public func evaluationParameters(_ parameters: [Element]) -> [Element] { parameters }

  /// Nothing.
  public var memory: MethodMemory<Self> { MethodMemory() }

  /// What `memory` names.
  public var state: OptimizerState<Element> { memory.state(of: self) }

  /// Takes over what `memory` names.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    try memory.restore(state, to: &self)
  }
}

/// A method that needs nothing but the gradient.
///
/// To add one: a struct in a file of its own, one fused loop over memory in `step`, its properties in `memory`, a case in
/// `OptimizerRecipe` and a line in `OptimizerCatalogue`.
public protocol Optimizer<Element>: DescentMethod {
  /// Moves `parameters` by one step along `gradient`, both of `dimension` elements.
  ///
  /// Allocates nothing; cost: one pass over the parameters, the gradient and the state.
  mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double)
}

extension Optimizer {
  /// The step along the oracle's gradient, which is clipped first.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    oracle.clipGradient()
    step(parameters: &parameters, gradient: oracle.gradient, learningRate: learningRate)
  }

  @inline(__always)
  func checkCounts(_ parameters: [Element], _ gradient: [Element]) {
    precondition(
      parameters.count == dimension && gradient.count == dimension,
      "an optimizer of \(dimension) parameters was given \(parameters.count) parameters and a gradient of \(gradient.count)"
    )
  }
}
