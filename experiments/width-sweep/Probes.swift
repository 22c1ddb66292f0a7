internal import Datasets
internal import Harness
internal import Networks
internal import Optimizers
internal import Statistics
internal import Storage
internal import Tensors
internal import Training

extension Session {
  /// What is followed along training. Every measurement depends on its step alone, so that a resumed training records the
  /// same numbers.
  func probes(from start: [Float]) throws -> [Probe<Float>] {
    let occasions = Occasions.logarithmic(perDecade: settings.perDecade)
    var probes = [losses(at: occasions), distances(from: start, at: occasions)]
    if settings.kernelExamples > 0 { probes.append(kernelChange(from: start, at: occasions)) }
    if settings.activationExamples > 0 { probes.append(activationChange(from: start, at: occasions)) }
    if settings.linearizedExamples > 0 { probes.append(try linearized(from: start, at: occasions)) }
    return probes
  }

  private func losses(at occasions: Occasions) -> Probe<Float> {
    Probe(
      evaluation.columns + [TrajectoryColumn("learning_rate", longName: "learning rate")], at: occasions
    ) { point in
      evaluation.numbers(at: point.evaluationParameters) + [point.learningRate]
    }
  }

  private func distances(from start: [Float], at occasions: Occasions) -> Probe<Float> {
    let norm = Double(start.norm)
    return Probe(
      [
        TrajectoryColumn("distance", longName: "Euclidean distance from the first parameters"),
        TrajectoryColumn("relative_distance", longName: "the distance by the norm of the first parameters"),
      ], at: occasions
    ) { point in
      var difference = point.parameters
      difference.add(-1, times: start)
      let distance = Double(difference.norm)
      return [distance, distance / norm]
    }
  }

  /// The examples of the empirical kernel: the same ones whatever the run's seed.
  var kernelData: Dataset {
    let key = Key(seed: UInt64(recipe.data.seed)).child("kernel")
    return data.train.stratifiedSample(min(settings.kernelExamples, data.train.count), key: key)
  }

  func kernelObjective() -> NetworkObjective<Float> { recipe.objective(of: network, on: kernelData) }

  /// The tangent kernels at both ends, and what other programs need to compute them.
  func kernels(at start: [Float], _ end: [Float]) -> Group {
    let data = kernelData
    let (n, outputs) = (data.count, network.outputShape.count)
    let objective = kernelObjective()
    func kernel(_ name: String, _ point: [Float], _ when: String) -> Variable {
      Variable(
        name, along: ["example", "output", "other_example", "other_output"], shape: [n, outputs, n, outputs],
        values: objective.neuralTangentKernel(at: point).elements, longName: "tangent kernel \(when) training")
    }
    return Group(
      dimensions: [
        Dimension("example", length: n), Dimension("output", length: outputs), Dimension("other_example", length: n),
        Dimension("other_output", length: outputs), Dimension("feature", length: data.featureCount),
      ],
      variables: [
        Variable(
          "features", along: ["example", "feature"], shape: [n, data.featureCount], values: data.inputs,
          longName: "inputs of the examples"), kernel("initial", start, "before"), kernel("final", end, "after"),
      ])
  }

  private func kernelChange(from start: [Float], at occasions: Occasions) -> Probe<Float> {
    let objective = kernelObjective()
    let first = objective.neuralTangentKernel(at: start).elements.map { Double($0) }
    return Probe(
      [
        TrajectoryColumn(
          "kernel_change", longName: "Frobenius norm of the tangent kernel's change, relative to the first kernel's")
      ], at: occasions
    ) { point in
      let kernel = objective.neuralTangentKernel(at: point.parameters).elements.map { Double($0) }
      return [relativeDistance(kernel, first)]
    }
  }

  private func activationChange(from start: [Float], at occasions: Occasions) -> Probe<Float> {
    let some = data.train.prefix(min(settings.activationExamples, data.train.count))
    let activations = HiddenActivations(of: network, on: some.features(as: Float.self))
    let first = activations.values(at: start)
    return Probe(
      activations.names.map { name in
        TrajectoryColumn("change_\(name)", longName: "root mean square change of the units of \(name)")
      }, at: occasions
    ) { point in
      zip(activations.values(at: point.parameters), first).map { now, then in
        var difference = now.elements
        difference.add(-1, times: then.elements)
        return Double(difference.norm) / Double(max(1, difference.count)).squareRoot()
      }
    }
  }

  private func linearized(from start: [Float], at occasions: Occasions) throws -> Probe<Float> {
    let outputs = data.train.count * network.outputShape.count
    guard outputs <= 20_000 else {
      throw HarnessError.usage(
        "The kernel of the linearization has \(outputs) rows, training examples times outputs, but at most 20000 are held; "
          + "set training.data.train_count lower or linearized_examples to 0.")
    }
    let train = recipe.objective(of: network, on: data.train, as: Float.self)
    let some = data.test.prefix(min(settings.linearizedExamples, data.test.count))
    let test = recipe.objective(of: network, on: some, as: Float.self)
    let follower = LinearizationFollower(
      LinearizedTraining(
        kernel: train.neuralTangentKernel(at: start),
        otherKernel: test.neuralTangentKernel(at: start, with: train.examples), outputs: train.outputs(at: start),
        otherOutputs: test.outputs(at: start), targets: data.train.targetsOfOutputs),
      rate: recipe.plan(for: data, sampler: nil).schedule.learningRate(at: 0), isStill: context.isRehearsal)
    // Which step comes when says little about its cost: a rehearsal times some of them here, and makes none later.
    if context.isRehearsal { context.rounds(recipe.steps) { follower.advance($0) } }
    return Probe(
      [
        TrajectoryColumn(
          "linearized_difference", longName: "largest difference of a test output from the linearization's"),
        TrajectoryColumn(
          "linearized_loss", units: evaluation.unit, longName: "mean training loss of the linearization"),
      ], at: occasions
    ) { point in
      let linear = follower.advanced(to: point.step)
      let real = test.outputs(at: point.parameters).elements
      return [largest(zip(real, linear.otherOutputs).map { abs(Double($0) - $1) }), linear.loss]
    }
  }
}

/// The linearization at the step of training that was asked for last.
private final class LinearizationFollower {
  private var training: LinearizedTraining
  private let rate: Double
  private let isStill: Bool

  init(_ training: LinearizedTraining, rate: Double, isStill: Bool) {
    self.training = training
    self.rate = rate
    self.isStill = isStill
  }

  func advance(_ steps: Int) {
    for _ in 0..<steps { training.advance(rate: rate) }
  }

  func advanced(to step: Int) -> LinearizedTraining {
    if !isStill { advance(step - training.step) }
    return training
  }
}

extension Dataset {
  /// What the outputs are to become, example by example: the targets, or 1 for the label and 0 for the other classes.
  var targetsOfOutputs: [Double] {
    if let targets { return targets.elements.map { Double($0) } }
    if classCount == 1 { return labels.map { Double($0) } }
    return labels.flatMap { label in (0..<classCount).map { $0 == label ? 1 : 0 } }
  }
}
