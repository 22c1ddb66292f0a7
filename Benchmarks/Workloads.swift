import Curvature
import Datasets
import Differentiation
import Networks
import Optimizers
import Pruning
import Surfaces
import Tensors

extension Workload {
  /// Every workload that can be served, in the order in which it is compared.
  public static let all =
    [
      trainingStep("mlp-step", .mlp, batchSize: 32),
      trainingStep("mlp-adam-step", .mlp, batchSize: 32) { Adam(dimension: $0) },
      trainingStep("lenet300-step", .lenet300, batchSize: 60),
      trainingStep("mlp1024-step", .mlp1024, batchSize: 128),
      trainingStep("lenet5-step", .lenet5, batchSize: 64),
      trainingStep("conv2-step", .conv2, batchSize: 60),
      trainingStep("resnet20-step", .resnet20, batchSize: 128),
      hessianVectorProduct("mlp-hvp", .mlp, .tanh, examples: 1437),
      hessianVectorProduct("lenet300-hvp", .lenet300, .tanh, examples: 1000),
      hessianVectorProduct("resnet20-hvp", .resnet20, .relu, examples: 128),
      density("lenet300-density", .lenet300, examples: 10_000, steps: 100),
      plane("lenet300-plane", .lenet300, examples: 10_000, points: 5),
      square(2048),
    ] + ["100", "60", "40", "20", "05", "01"].map { prunedStep("lenet300-step-\($0)", Double($0)! / 100) }

  /// The step of lottery tickets: LeNet-300-100 of which a share of each layer's weights is left, by chance; Adam, batch 60.
  static func prunedStep(_ name: String, _ density: Double) -> Workload {
    let subject = Subject.lenet300
    let network = subject.network(.relu)
    var generator = Key(seed: 5).generator()
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    for place in network.weightBlocks.flatMap(\.range) { isKept[place] = generator.uniform() < density }
    let mask = Mask(isKept)
    return trainingStep(name, subject, batchSize: 60, network: density == 1 ? network : network.pruned(by: mask)) {
      Adam(dimension: $0)
    }
  }

  /// Steps of lottery tickets of several densities, `count` of each before those of the next.
  static func prunedSteps(_ name: String, densities: [Double], count: Int) -> Workload {
    let steps = densities.map { prunedStep(name, $0) }
    return Workload(
      name: name, summary: "\(count) training steps at each of \(densities.count) densities, ReLU, Adam, batch 60",
      parameterCount: steps.reduce(0) { $0 + $1.parameterCount }, operations: 0
    ) {
      let units = steps.map { $0.make() }
      return { for unit in units { for _ in 0..<count { unit() } } }
    }
  }

  /// One step, with momentum unless another optimizer is given, ReLU: a batch gathered by index, loss, gradient, update.
  static func trainingStep(
    _ name: String, _ subject: Subject, batchSize: Int, network: Network? = nil,
    optimizer: @escaping @Sendable (_ dimension: Int) -> any Optimizer<Float> = {
      MomentumSGD(dimension: $0, momentum: 0.9)
    }
  ) -> Workload {
    Workload(
      name: name, summary: "training step, ReLU, batch \(batchSize)",
      parameterCount: (network ?? subject.network(.relu)).parameterCount,
      operations: 2 * Double(batchSize) * (3 * subject.multiplications - subject.firstMultiplications)
    ) {
      let objective = subject.objective(.relu, examples: 20 * batchSize, batchSize: batchSize, network: network)
      var sampler = BatchSampler(exampleCount: 20 * batchSize, batchSize: batchSize, key: Key(seed: 2))
      var optimizer = optimizer(objective.dimension)
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
  /// Six products a layer: two of the outputs' tangents, two of the cotangents', two of the weights' gradient's. The first
  /// layer has one of the first and one of the last kind, since its inputs don't move.
  static func hessianVectorProduct(
    _ name: String, _ subject: Subject, _ activation: Activation, examples: Int
  ) -> Workload {
    Workload(
      name: name, summary: "Hessian-vector product, \(activation), \(examples) rows, repeated at one point",
      parameterCount: subject.network(activation).parameterCount,
      operations: 2 * Double(examples) * (6 * subject.multiplications - 4 * subject.firstMultiplications)
    ) {
      let objective = subject.objective(activation, examples: examples, batchSize: examples)
      let hessian = objective.hessian(at: objective.network.initialParameters(key: Key(seed: 3)))
      var generator = Key(seed: 4).generator()
      let direction: [Float] = generator.normals(objective.dimension)
      var product = direction
      return { hessian.apply(to: direction, into: &product) }
    }
  }

  /// A spectral density by Lanczos quadrature from one probe.
  static func density(_ name: String, _ subject: Subject, examples: Int, steps: Int) -> Workload {
    let product = hessianVectorProduct(name, subject, .tanh, examples: examples)
    return Workload(
      name: name, summary: "spectral density of the Hessian by \(steps) Lanczos steps, tanh, \(examples) rows",
      parameterCount: product.parameterCount, operations: Double(steps) * product.operations
    ) {
      let objective = subject.objective(.tanh, examples: examples, batchSize: examples)
      let point: [Float] = objective.network.initialParameters(key: Key(seed: 3))
      return {
        _ = SpectralDensity(of: objective.hessian(at: point), steps: steps, probes: 1, key: Key(seed: 4))
      }
    }
  }

  /// The loss at some points of a plane, over all examples.
  static func plane(_ name: String, _ subject: Subject, examples: Int, points: Int) -> Workload {
    Workload(
      name: name, summary: "loss at \(points) points of a plane (of its 51 x 51), tanh, \(examples) rows",
      parameterCount: subject.network(.tanh).parameterCount,
      operations: 2 * Double(points * examples) * subject.multiplications
    ) {
      let objective = subject.objective(.tanh, examples: examples, batchSize: examples)
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
