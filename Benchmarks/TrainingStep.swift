import Datasets
import Networks
import Optimizers
import Tensors

extension Comparison {
  /// One step of momentum SGD on a ReLU perceptron (a batch gathered by index, loss, gradient, update) against BLAS calls
  /// that form the same matrix products and nothing else.
  public static func trainingStep(_ name: String, widths: [Int], batchSize: Int) -> Comparison {
    Comparison(
      name: "training step, \(name), batch \(batchSize)",
      summary: "momentum SGD on a ReLU perceptron \(widths.map(String.init).joined(separator: "-")) in Float32, beside "
        + "plain BLAS calls for its matrix products",
      aim: 1.6
    ) {
      (step(widths: widths, batchSize: batchSize), products(widths: widths, batchSize: batchSize))
    }
  }

  private static func step(widths: [Int], batchSize: Int) -> () -> Void {
    let network = Network.multilayerPerceptron(widths: widths, activation: .relu, initializer: .kaimingNormal)
    let count = 20 * batchSize
    var generator = Key(seed: 1).generator()
    let features = Tensor<Float>(generator.normals(count * widths[0]), shape: [count, widths[0]])
    let labels = (0..<count).map { _ in generator.integer(below: widths.last!) }
    let objective = NetworkObjective<Float>(
      network, loss: .crossEntropy, examples: Examples(features: features, labels: labels, classes: widths.last!))
    var sampler = BatchSampler(exampleCount: count, batchSize: batchSize, key: Key(seed: 2))
    var optimizer = MomentumSGD<Float>(dimension: network.parameterCount, momentum: 0.9)
    var parameters: [Float] = network.initialParameters(key: Key(seed: 3))
    var gradient = [Float](repeating: 0, count: network.parameterCount)
    return {
      objective.gradient(at: parameters, examples: sampler.current, into: &gradient)
      sampler.advance()
      optimizer.step(parameters: &parameters, gradient: gradient, learningRate: 1e-4)
    }
  }

  /// For each layer the forward product and the weights' gradient, and for all but the first the inputs' gradient.
  private static func products(widths: [Int], batchSize: Int) -> () -> Void {
    var generator = Key(seed: 1).generator()
    func memory(_ count: Int) -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
      for index in 0..<count { (pointer + index).initialize(to: Float(generator.normal())) }
      return pointer
    }
    let activations = widths.map { memory(batchSize * $0) }
    let cotangents = widths.map { memory(batchSize * $0) }
    let weights = zip(widths, widths.dropFirst()).map { memory($0 * $1) }
    let gradients = zip(widths, widths.dropFirst()).map { memory($0 * $1) }
    return {
      for layer in weights.indices {
        Float.matrixProduct(
          transposeA: false, transposeB: false, rows: batchSize, columns: widths[layer + 1], inner: widths[layer],
          alpha: 1, activations[layer], strideA: widths[layer], weights[layer], strideB: widths[layer + 1], beta: 0,
          activations[layer + 1], strideC: widths[layer + 1])
      }
      for layer in weights.indices.reversed() {
        Float.matrixProduct(
          transposeA: true, transposeB: false, rows: widths[layer], columns: widths[layer + 1], inner: batchSize,
          alpha: 1, activations[layer], strideA: widths[layer], cotangents[layer + 1], strideB: widths[layer + 1],
          beta: 0, gradients[layer], strideC: widths[layer + 1])
        if layer > 0 {
          Float.matrixProduct(
            transposeA: false, transposeB: true, rows: batchSize, columns: widths[layer], inner: widths[layer + 1],
            alpha: 1, cotangents[layer + 1], strideA: widths[layer + 1], weights[layer], strideB: widths[layer + 1],
            beta: 0, cotangents[layer], strideC: widths[layer])
        }
      }
    }
  }

  /// Every comparison, in the order in which it is printed.
  public static let all = [
    trainingStep("MLP 64-64-64-10", widths: [64, 64, 64, 10], batchSize: 32),
    trainingStep("LeNet-300-100", widths: [784, 300, 100, 10], batchSize: 60),
  ]
}
