import Tensors

extension NetworkDesign {
  /// Dense layers of these widths, inputs and outputs included, with the nonlinearity between.
  func dense(_ widths: [Int]) -> Sequential { Sequential(denseLayers(widths, seesInputs: true)) }

  /// Each hidden layer with its normalization and nonlinearity; dropout before layers that don't see the inputs.
  func denseLayers(_ widths: [Int], seesInputs: Bool) -> [any Layer] {
    var layers: [any Layer] = []
    for (number, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      if dropout > 0 && (number > 0 || !seesInputs) { layers.append(Dropout(rate: dropout)) }
      let isLast = number == widths.count - 2
      let normalization = isLast ? nil : normalization(of: outputs)
      layers.append(reparametrized(Dense(inputs: inputs, outputs: outputs, hasBias: normalization == nil)))
      if isLast { break }
      if let normalization { layers.append(normalization) }
      layers.append(activation)
    }
    return layers
  }

  /// Dense layers without biases and nonlinearities.
  func linear(_ widths: [Int]) -> Sequential {
    Sequential(zip(widths, widths.dropFirst()).map { reparametrized(Dense(inputs: $0, outputs: $1, hasBias: false)) })
  }

  /// The layer with its weight computed as the design says.
  func reparametrized(_ layer: any Layer) -> any Layer {
    switch weightNormalization {
    case .none: layer
    case .weight: WeightNormalized(layer)
    case .spectral: SpectrallyNormalized(layer)
    }
  }

  /// What the design puts behind a weight of so many units; `nil` for nothing.
  func normalization(of units: Int) -> (any Layer)? {
    switch normalization {
    case .published: architecture == .resNet ? Normalization(channels: units, over: .batch) : nil
    case .none, .fixup: nil
    case .batch: Normalization(channels: units, over: .batch)
    case .layer: Normalization(channels: units, over: .group(1))
    case .group: Normalization(channels: units, over: .group(greatestCommonDivisor(groups, units)))
    case .instance: Normalization(channels: units, over: .instance)
    case .switchable: SwitchableNormalization(channels: units)
    }
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

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
