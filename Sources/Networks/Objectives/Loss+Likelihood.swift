import Differentiation
package import Tensors

extension Loss {
  /// Whether the loss is, up to a constant, the negative log-likelihood of a distribution of labels given the outputs:
  /// the categorical one with softmax probabilities for cross entropy, the normal one with mean z and variance
  /// (outputs)/2 in each coordinate for the mean squared error, and independent coins that fall to 1 with probability
  /// 1/(1 + exp(-z)) for the logistic loss. The hinge loss has none.
  public var hasLikelihood: Bool {
    switch self {
    case .crossEntropy, .meanSquaredError, .logistic: true
    case .hinge: false
    }
  }

  /// The derivatives by the outputs of the loss at labels drawn from that distribution, a tensor [n, outputs] for each
  /// draw. Their mean over labels is zero and their second moment the loss's Hessian by the outputs.
  package func scores<S: Scalar>(outputs: Tensor<S>, draws: Int, key: Key) -> [Tensor<S>] {
    let (count, width) = (outputs.shape[0], outputs.shape[1])
    var scores = [Tensor<S>](repeating: Tensor(repeating: 0, shape: outputs.shape), count: draws)
    for example in 0..<count {
      var generator = key.child(example).generator()
      let places = example * width..<(example + 1) * width
      let row = outputs.elements[places].map { Double($0) }
      for draw in 0..<draws {
        scores[draw].elements.replaceSubrange(places, with: score(row, &generator).map { S($0) })
      }
    }
    return scores
  }

  private func score(_ outputs: [Double], _ generator: inout RandomGenerator) -> [Double] {
    switch self {
    case .crossEntropy:
      let probabilities = softmax(outputs)
      var remaining = generator.uniform()
      var label = 0
      while label < outputs.count - 1 && remaining >= probabilities[label] {
        remaining -= probabilities[label]
        label += 1
      }
      return probabilities.indices.map { probabilities[$0] - ($0 == label ? 1 : 0) }
    case .meanSquaredError:
      let deviation = (2 / Double(outputs.count)).squareRoot()
      return outputs.map { _ in deviation * generator.normal() }
    case .logistic:
      return sigmoid(outputs).map { $0 - (generator.uniform() < $0 ? 1 : 0) }
    case .hinge: preconditionFailure("the hinge loss is no negative log-likelihood")
    }
  }

  private func sigmoid(_ outputs: [Double]) -> [Double] {
    var values = outputs
    let count = values.count
    values.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Double.sigmoid(count, base, base) } }
    return values
  }

  private func softmax(_ outputs: [Double]) -> [Double] {
    let largest = outputs.max() ?? 0
    var values = outputs.map { $0 - largest }
    let count = values.count
    values.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { Double.exp(count, base, base) } }
    let total = values.reduce(0, +)
    return values.map { $0 / total }
  }
}
