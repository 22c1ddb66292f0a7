import Differentiation
import Tensors

/// Where a network multiplies row vectors by one of its weights, each weight being used but once: one row of each example
/// by a dense layer, one for each place of the window by a convolution.
struct FactoredUse {
  /// The weight among the network's parameters.
  let weight: Int
  /// The bias that goes with it, if there is one.
  let bias: Int?
  /// What multiplies the weight in the network's parameterization.
  let multiplier: Double
  /// The rows of an example.
  let places: Int
  /// What is multiplied, [count places, inputs]: of a convolution what the window sees, (kh, kw, channels).
  let input: Symbol
  /// The product before bias and nonlinearity, [count, ..., outputs].
  let output: Symbol

  /// Inputs of the product.
  var inputs: Int { input.shape[1] }
  /// Outputs of the product.
  var outputs: Int { output.shape[output.shape.rank - 1] }
}

extension TracedChunk {
  /// The uses of weights of dense layers and of convolutions in one group, in the order of the parameters. Weights that are
  /// used twice and weights that are computed from others are left out.
  func factoredUses(in network: Network) -> [FactoredUse] {
    let weights = network.weights(parameters)
    return weights.indices.compactMap { index -> FactoredUse? in
      let uses = pass.products.filter { $0.weight == weights[index] }
      guard uses.count == 1, network.parameters[index].isWeight, let rows = rows(of: uses[0].output, by: weights[index])
      else { return nil }
      let parameter = network.parameters[index]
      let bias = (parameter.name.split(separator: "/").dropLast() + ["bias"]).joined(separator: "/")
      return FactoredUse(
        weight: index, bias: network.parameters.firstIndex { $0.name == bias },
        multiplier: network.parameterization.multiplier(network.roles[index], fanIn: parameter.fanIn),
        places: rows.shape[0] / uses[0].output.shape[0], input: rows, output: uses[0].output)
    }
  }

  /// What a product multiplies by a weight, as rows; `nil` for a product of another kind.
  private func rows(of product: Symbol, by weight: Symbol) -> Symbol? {
    guard product.inputs.last == weight else { return nil }
    if let matrix = product.primitive(MatrixProduct.self) {
      return matrix.transposeA || matrix.transposeB ? nil : product.inputs[0]
    }
    guard let geometry = product.primitive(Differentiation.Convolution.self)?.geometry, geometry.groups == 1 else {
      return nil
    }
    let windows = product.inputs[0].windows(geometry.window)
    return windows.reshaped(to: [windows.shape.count / windows.shape[3], windows.shape[3]])
  }
}
