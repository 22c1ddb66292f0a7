import Differentiation
import Tensors

/// Where a network multiplies a batch of row vectors by one of its weights, each weight being used but once.
struct DenseUse {
  /// The weight among the network's parameters.
  let weight: Int
  /// The bias that goes with it, if there is one.
  let bias: Int?
  /// What multiplies the weight in the network's parameterization.
  let multiplier: Double
  /// What is multiplied, [count, inputs].
  let input: Symbol
  /// The product, [count, outputs], before bias and nonlinearity.
  let output: Symbol
}

extension TracedChunk {
  /// The uses of dense weights, in the order of the parameters. Convolutions, weights that are used twice and weights
  /// that are normalized are left out.
  func denseUses(in network: Network) -> [DenseUse] {
    let weights = network.weights(parameters)
    return weights.indices.compactMap { index -> DenseUse? in
      let uses = pass.products.filter { $0.weight == weights[index] }
      guard uses.count == 1, let product = uses[0].output.primitive(MatrixProduct.self), !product.transposeA,
        !product.transposeB, uses[0].output.inputs[1] == weights[index], network.parameters[index].isWeight
      else { return nil }
      let parameter = network.parameters[index]
      let bias = (parameter.name.split(separator: "/").dropLast() + ["bias"]).joined(separator: "/")
      return DenseUse(
        weight: index, bias: network.parameters.firstIndex { $0.name == bias },
        multiplier: network.parameterization.multiplier(network.roles[index], fanIn: parameter.fanIn),
        input: uses[0].output.inputs[0], output: uses[0].output)
    }
  }
}
