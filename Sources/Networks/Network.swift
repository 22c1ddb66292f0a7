public import Differentiation
public import Tensors

/// Layers one after the other, as a function of one flat parameter vector and a batch.
public struct Network: Sendable {
  /// What it computes.
  public let body: Sequential
  /// The shape of one example.
  public let inputShape: Shape
  /// The shape of the result for one example.
  public let outputShape: Shape
  /// The parameters in order, with their names within the network.
  public let parameters: [Parameter]
  /// What each of them is to the network.
  public let roles: [ParameterRole]
  /// The blocks of the parameter vector: `dense1/weight`, `dense1/bias`, `dense2/weight`, ...
  public let layout: ParameterLayout
  /// The blocks of the vector of moments that normalizations over the batch use in evaluation; often empty.
  public let statisticsLayout: ParameterLayout
  /// How parameters start.
  public let initialization: Initialization
  /// How they enter.
  public let parameterization: Parameterization

  /// A network out of layers with names. Throws when a layer does not take what the one before gives.
  public init(
    inputShape: Shape, _ body: Sequential, initialization: Initialization = Initialization(.kaimingNormal),
    parameterization: Parameterization = .standard
  ) throws(ShapeMismatch) {
    self.body = body
    self.inputShape = inputShape
    self.initialization = initialization
    self.parameterization = parameterization
    outputShape = try body.outputShape(for: inputShape)
    parameters = body.parameters
    roles = Self.roles(of: parameters)
    var layout = ParameterLayout()
    for parameter in parameters { layout.append(parameter.name, shape: parameter.shape) }
    self.layout = layout
    var statisticsLayout = ParameterLayout()
    for (name, shape) in body.statistics { statisticsLayout.append(name, shape: shape) }
    self.statisticsLayout = statisticsLayout
  }

  /// A network out of layers, named by their kinds and numbers: dense1, dense2.
  public init(
    inputShape: Shape, layers: [any Layer], initialization: Initialization = Initialization(.kaimingNormal),
    parameterization: Parameterization = .standard
  ) throws(ShapeMismatch) {
    try self.init(
      inputShape: inputShape, Sequential(layers), initialization: initialization, parameterization: parameterization)
  }

  private static func roles(of parameters: [Parameter]) -> [ParameterRole] {
    let weights = parameters.indices.filter { parameters[$0].isWeight }
    return parameters.indices.map { index in
      switch parameters[index].kind {
      case .weight: index == weights.last ? .output : index == weights.first ? .input : .hidden
      case .bias: .bias
      case .scale: .scale
      }
    }
  }

  /// The number of parameters.
  public var parameterCount: Int { layout.count }
  /// The number of moments that evaluation takes.
  public var statisticsCount: Int { statisticsLayout.count }
  /// Whether a layer drops out units where a pass has random words.
  public var dropsOut: Bool { body.dropsOut }

  /// The results for a batch.
  ///
  /// - Parameters:
  ///   - parameters: the flat vector, of shape [parameterCount]
  ///   - batch: examples along the first axis, features flattened or in the input's shape
  ///   - pass: what else is known; by default normalizations use the batch's moments and nothing is dropped out
  /// - Returns: results along the first axis
  public func callAsFunction(_ parameters: Symbol, _ batch: Symbol, in pass: ForwardPass = ForwardPass()) -> Symbol {
    precondition(
      parameters.shape == [parameterCount],
      "parameters of shape \(parameters.shape) for a network of \(parameterCount) parameters")
    return body(batch.reshaped(to: Shape([batch.shape[0]] + inputShape.dimensions)), weights(parameters), in: pass)
  }

  /// The parameters as layers see them: in their shapes, times their multipliers.
  func weights(_ vector: Symbol) -> [Symbol] {
    parameters.indices.map { index in
      let block = layout.blocks[index]
      return parameterization.multiplier(roles[index], fanIn: parameters[index].fanIn)
        * vector.block(block.offset, shape: block.shape)
    }
  }

  /// What the learning rate of each parameter is multiplied by; `nil` where that is 1 for all.
  public func learningRateFactors<S: Scalar>(for rule: UpdateRule, as type: S.Type = S.self) -> [S]? {
    guard case .maximalUpdate = parameterization else { return nil }
    let output = roles.firstIndex(of: .output) ?? roles.count
    var factors: [S] = []
    for (index, parameter) in parameters.enumerated() {
      let factor = parameterization.learningRateFactor(
        roles[index], growsWithWidth: index < output && parameter.fanOut > 1, for: rule)
      factors += [S](repeating: S(factor), count: parameter.shape.count)
    }
    return factors
  }
}
