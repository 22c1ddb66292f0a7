import Curvature
import Datasets
import Differentiation
import Networks
import Optimizers
import Surfaces
import Tensors

/// A perceptron by its widths, on normal numbers with random labels.
struct Perceptron: Sendable {
  let widths: [Int]

  static let mlp = Perceptron(widths: [64, 64, 64, 10])
  static let lenet300 = Perceptron(widths: [784, 300, 100, 10])
  static let mlp1024 = Perceptron(widths: [784, 1024, 1024, 10])

  func network(_ activation: Activation) -> Network {
    .multilayerPerceptron(widths: widths, activation: activation, initializer: .kaimingNormal)
  }

  var parameterCount: Int { network(.relu).parameterCount }

  /// The multiplications of one example's way through the layers.
  var multiplications: Double { zip(widths, widths.dropFirst()).map { Double($0 * $1) }.reduce(0, +) }

  func objective(_ activation: Activation, examples count: Int) -> NetworkObjective<Float> {
    var generator = Key(seed: 1).generator()
    let features = Tensor<Float>(generator.normals(count * widths[0]), shape: [count, widths[0]])
    let labels = (0..<count).map { _ in generator.integer(below: widths[widths.count - 1]) }
    return NetworkObjective<Float>(
      network(activation), loss: .crossEntropy,
      examples: Examples(features: features, labels: labels, classes: widths[widths.count - 1]))
  }
}

extension Workload {
  /// Every workload that can be served, in the order in which it is compared.
  public static let all = [
    trainingStep("mlp-step", .mlp, batchSize: 32),
    trainingStep("lenet300-step", .lenet300, batchSize: 60),
    trainingStep("mlp1024-step", .mlp1024, batchSize: 128),
    hessianVectorProduct("mlp-hvp", .mlp, examples: 1437),
    hessianVectorProduct("lenet300-hvp", .lenet300, examples: 1000),
    density("lenet300-density", .lenet300, examples: 10_000, steps: 100),
    plane("lenet300-plane", .lenet300, examples: 10_000, points: 5),
    square(2048),
  ]

  /// One step of momentum SGD on a ReLU perceptron: a batch gathered by index, loss, gradient, update.
  static func trainingStep(_ name: String, _ perceptron: Perceptron, batchSize: Int) -> Workload {
    Workload(
      name: name, summary: "training step with momentum, ReLU, batch \(batchSize)",
      parameterCount: perceptron.parameterCount,
      operations: stepOperations(widths: perceptron.widths, batchSize: batchSize)
    ) {
      let objective = perceptron.objective(.relu, examples: 20 * batchSize)
      var sampler = BatchSampler(exampleCount: 20 * batchSize, batchSize: batchSize, key: Key(seed: 2))
      var optimizer = MomentumSGD<Float>(dimension: objective.dimension, momentum: 0.9)
      var parameters: [Float] = objective.network.initialParameters(key: Key(seed: 3))
      var gradient = [Float](repeating: 0, count: objective.dimension)
      return {
        objective.gradient(at: parameters, examples: sampler.current, into: &gradient)
        sampler.advance()
        optimizer.step(parameters: &parameters, gradient: gradient, learningRate: 1e-4)
      }
    }
  }

  /// One Hessian-vector product of many at one point.
  ///
  /// Six matrix products a layer: two of the outputs' tangents, two of the cotangents', two of the weights' gradient's. The
  /// first layer has one of the first and one of the last kind, since its inputs don't move.
  static func hessianVectorProduct(_ name: String, _ perceptron: Perceptron, examples: Int) -> Workload {
    let first = Double(perceptron.widths[0] * perceptron.widths[1])
    return Workload(
      name: name, summary: "Hessian-vector product, tanh, \(examples) rows, repeated at one point",
      parameterCount: perceptron.parameterCount,
      operations: 2 * Double(examples) * (6 * perceptron.multiplications - 4 * first)
    ) {
      let objective = perceptron.objective(.tanh, examples: examples)
      let hessian = objective.hessian(at: objective.network.initialParameters(key: Key(seed: 3)))
      var generator = Key(seed: 4).generator()
      let direction: [Float] = generator.normals(objective.dimension)
      var product = direction
      return { hessian.apply(to: direction, into: &product) }
    }
  }

  /// A spectral density by Lanczos quadrature from one probe.
  static func density(_ name: String, _ perceptron: Perceptron, examples: Int, steps: Int) -> Workload {
    let product = hessianVectorProduct(name, perceptron, examples: examples)
    return Workload(
      name: name, summary: "spectral density of the Hessian by \(steps) Lanczos steps, tanh, \(examples) rows",
      parameterCount: perceptron.parameterCount, operations: Double(steps) * product.operations
    ) {
      let objective = perceptron.objective(.tanh, examples: examples)
      let point: [Float] = objective.network.initialParameters(key: Key(seed: 3))
      return {
        _ = SpectralDensity(of: objective.hessian(at: point), steps: steps, probes: 1, key: Key(seed: 4))
      }
    }
  }

  /// The loss at some points of a plane, over all examples.
  static func plane(_ name: String, _ perceptron: Perceptron, examples: Int, points: Int) -> Workload {
    Workload(
      name: name, summary: "loss at \(points) points of a plane (of its 51 x 51), tanh, \(examples) rows",
      parameterCount: perceptron.parameterCount,
      operations: 2 * Double(points * examples) * perceptron.multiplications
    ) {
      let objective = perceptron.objective(.tanh, examples: examples)
      var generator = Key(seed: 4).generator()
      let origin: [Float] = objective.network.initialParameters(key: Key(seed: 3))
      guard
        let plane = Plane(
          origin: origin, spannedBy: generator.normals(origin.count), generator.normals(origin.count))
      else { preconditionFailure("random directions are not parallel") }
      return {
        var grid = PlaneGrid(alphas: 0...1, count: 1, betas: 0...1, count: points)
        grid.compute(on: plane, of: objective.value)
      }
    }
  }
}
