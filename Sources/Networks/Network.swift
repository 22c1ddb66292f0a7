public import Differentiation
public import Tensors

/// Layers one after the other, as a function of one flat parameter vector and a batch.
public struct Network: Sendable {
  /// The layers in order.
  public let layers: [any Layer]
  /// The shape of one example.
  public let inputShape: Shape
  /// The shape of the result for one example.
  public let outputShape: Shape
  /// The blocks of the parameter vector: `dense1/weight`, `dense1/bias`, `dense2/weight`, ...
  public let layout: ParameterLayout

  /// Chains layers; each one's input must fit the one before.
  public init(inputShape: Shape, layers: [any Layer]) {
    self.layers = layers
    self.inputShape = inputShape
    var shape = inputShape
    var layout = ParameterLayout()
    for (number, layer) in layers.enumerated() {
      shape = layer.outputShape(for: shape)
      for (name, shape) in layer.parameters { layout.append("\(layer.kind)\(number + 1)/\(name)", shape: shape) }
    }
    outputShape = shape
    self.layout = layout
  }

  /// A multilayer perceptron: dense layers of the given widths with an activation between them.
  ///
  /// - Parameters:
  ///   - widths: inputs, hidden units of each layer, outputs; at least two numbers
  ///   - activation: after every layer but the last
  public static func multilayerPerceptron(
    widths: [Int], activation: Activation, initializer: Initializer, gain: Double = 1
  ) -> Network {
    precondition(widths.count >= 2, "a multilayer perceptron has inputs and outputs: \(widths)")
    let layers = widths.indices.dropLast().map { index in
      Dense(
        inputs: widths[index], outputs: widths[index + 1],
        activation: index == widths.count - 2 ? .identity : activation, initializer: initializer, gain: gain)
    }
    return Network(inputShape: [widths[0]], layers: layers)
  }

  /// The number of parameters.
  public var parameterCount: Int { layout.count }

  /// A random start: each layer draws from a key of its own.
  public func initialParameters<S: Scalar>(as type: S.Type = S.self, key: Key) -> [S] {
    layers.enumerated().flatMap { number, layer in
      layer.initialParameters(S.self, key: key.child(number)).flatMap { $0 }
    }
  }

  /// The results for a batch.
  ///
  /// - Parameters:
  ///   - parameters: the flat vector, of shape [parameterCount]
  ///   - batch: examples along the first axis, features flattened or in the input's shape
  /// - Returns: results along the first axis
  public func callAsFunction(_ parameters: Symbol, _ batch: Symbol) -> Symbol {
    precondition(
      parameters.shape == [parameterCount],
      "parameters of shape \(parameters.shape) for a network of \(parameterCount) parameters")
    var x = batch
    var block = 0
    for layer in layers {
      let count = layer.parameters.count
      let own = layout.blocks[block..<block + count].map { parameters.block($0.offset, shape: $0.shape) }
      x = layer(x, own)
      block += count
    }
    return x
  }
}
