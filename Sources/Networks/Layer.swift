public import Differentiation
public import Tensors

/// A map from a batch to a batch with parameters that stand outside it.
///
/// Adding one: conform a value type, say which blocks it has, how they start and what it computes.
public protocol Layer: Sendable {
  /// What it is called in block names, such as "dense".
  var kind: String { get }
  /// Its parameters: names and shapes, in order.
  var parameters: [(name: String, shape: Shape)] { get }
  /// The shape of one example's result; a precondition names both shapes where the input does not fit.
  func outputShape(for input: Shape) -> Shape
  /// Initial values of the parameters, in order.
  func initialParameters<S: Scalar>(_ type: S.Type, key: Key) -> [[S]]
  /// The result for a batch `x` whose first axis counts examples, with `parameters` in the shapes stated above.
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol]) -> Symbol
}

/// y = activation(x W + b), W of shape [inputs, outputs].
public struct Dense: Layer {
  /// Features of an example.
  public let inputs: Int
  /// Units.
  public let outputs: Int
  /// The nonlinearity.
  public let activation: Activation
  /// How W starts.
  public let initializer: Initializer
  /// The factor on W at the start.
  public let gain: Double
  /// Whether there is a b.
  public let hasBias: Bool

  /// Creates the layer.
  public init(
    inputs: Int, outputs: Int, activation: Activation = .identity, initializer: Initializer = .lecunNormal,
    gain: Double = 1, hasBias: Bool = true
  ) {
    precondition(inputs > 0 && outputs > 0, "a dense layer of \(inputs) inputs and \(outputs) outputs")
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    self.initializer = initializer
    self.gain = gain
    self.hasBias = hasBias
  }

  /// "dense".
  public var kind: String { "dense" }

  /// `weight` and `bias`.
  public var parameters: [(name: String, shape: Shape)] {
    [("weight", [inputs, outputs])] + (hasBias ? [("bias", [outputs])] : [])
  }

  /// [outputs].
  public func outputShape(for input: Shape) -> Shape {
    precondition(input.count == inputs, "a dense layer of \(inputs) inputs for examples of shape \(input)")
    return [outputs]
  }

  /// W from the initializer, b zero.
  public func initialParameters<S: Scalar>(_ type: S.Type, key: Key) -> [[S]] {
    let weight: [S] = initializer.matrix(fanIn: inputs, fanOut: outputs, gain: gain, key: key)
    return [weight] + (hasBias ? [[S](repeating: 0, count: outputs)] : [])
  }

  /// activation(x W + b).
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol]) -> Symbol {
    let batch = x.shape[0]
    let flat = x.reshaped(to: [batch, inputs])
    let product = flat.matrixProduct(parameters[0])
    return activation(hasBias ? product + parameters[1].broadcastRows(to: [batch, outputs]) : product)
  }
}
