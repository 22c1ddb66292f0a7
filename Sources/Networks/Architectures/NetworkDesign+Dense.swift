import Tensors

extension NetworkDesign {
  /// Dense layers of these widths, inputs and outputs included, with the nonlinearity between.
  func dense(_ widths: [Int]) -> Sequential {
    var layers: [any Layer] = []
    for index in widths.indices.dropLast() {
      layers.append(Dense(inputs: widths[index], outputs: widths[index + 1]))
      if index < widths.count - 2 { layers.append(activation) }
    }
    return Sequential(layers)
  }

  /// Dense layers without biases and nonlinearities.
  func linear(_ widths: [Int]) -> Sequential {
    Sequential(zip(widths, widths.dropFirst()).map { Dense(inputs: $0, outputs: $1, hasBias: false) })
  }
}

extension Network {
  /// A multilayer perceptron: dense layers of the given widths with an activation between them.
  ///
  /// - Parameters:
  ///   - widths: inputs, hidden units of each layer, outputs; at least two numbers
  ///   - activation: after every layer but the last
  public static func multilayerPerceptron(
    widths: [Int], activation: Activation, initializer: Initializer, gain: Double = 1
  ) -> Network {
    precondition(widths.count >= 2, "a multilayer perceptron has inputs and outputs: \(widths)")
    let design = NetworkDesign(
      .perceptron, hidden: Array(widths[1..<widths.count - 1]), activation: activation,
      initialization: Initialization(initializer, gain: gain))
    do throws(ShapeMismatch) {
      return try design.network(for: [widths[0]], outputs: widths[widths.count - 1])
    } catch { preconditionFailure("dense layers of widths \(widths): \(error)") }
  }
}
