internal import Curvature
internal import Datasets
internal import Harness
internal import Networks
internal import Statistics
internal import Storage
internal import Surfaces
internal import Tensors
internal import Training

/// One run: one network of one width.
struct Session {
  let settings: WidthSweepSettings
  let recipe: Recipe
  let context: RunContext
  let data: SplitDataset
  let network: Network
  let evaluation: SplitEvaluation<Float>

  init(_ settings: WidthSweepSettings, in context: RunContext) throws {
    self.settings = settings
    self.context = context
    recipe = settings.recipe
    data = try recipe.data.load()
    network = try recipe.network(for: data)
    evaluation = SplitEvaluation(recipe, of: network, on: data)
  }

  /// Training with everything that is followed along it, then what is measured at its ends.
  func run() throws -> RunResult {
    let start = self.start(context.key)
    let training = try context.stage("training", share: 0.5) {
      try trained(from: start, key: context.key, probes: try probes(from: start))
    }
    let end: [Float] = try training.variable("parameters").elements()
    let trajectory = try training.group("trajectory")
    var measurements = try summary(trajectory, from: start, steps: try training.variable("steps").value())
    measurements.variables += try context.stage("ends", share: 0.2) {
      Group(variables: try sharpness(at: start, end) + limit(at: start) + deadUnits(at: start, end))
    }.variables
    if settings.barrierPoints > 0 {
      measurements.groups["barrier"] = try context.stage("barrier", share: 0.1) { try barrier(from: start, end) }
    }
    if settings.restarts > 0 {
      let restarts = try context.stage("restarts", share: 0.2) { try self.restarts() }
      measurements.dimensions += restarts.dimensions
      measurements.variables += restarts.variables
      measurements.remarks += restarts.remarks
    }
    measurements.groups["slices"] = try context.slices(
      settings.slices,
      at: SliceCenter(
        recipe: recipe, network: network, data: data, evaluation: evaluation, point: end,
        training: Retraining(by: recipe, of: network, on: data, key: context.key)),
      share: 0.4)
    let divergence = training.attributes["divergence"]?.text
    let dead = evaluation.training.deadUnits(at: end)
    if !settings.countsDead { measurements.variables.append(dead.variable(named: "dead_units")) }
    if divergence == nil, let remark = dead?.remark { measurements.remarks.append(remark) }
    var result = RunResult(measurements: measurements, trajectory: trajectory, divergence: divergence)
    if settings.keepsKernel {
      result.measurements.groups["kernel"] = try context.stage("kernel") { kernels(at: start, end) }
      let blocks = network.layout.storedBlocks
      result.checkpoints = Group(groups: ["0": Group(parameters: start, in: blocks)])
      let steps: Int = try training.variable("steps").value()
      result.checkpoints?.groups["\(steps)"] = Group(parameters: end, in: blocks)
    }
    return result
  }

  func start(_ key: Key) -> [Float] {
    recipe.initialParameters(of: network, on: data.train, key: key.child("initialization"))
  }

  /// The network trained from a start: `parameters`, `steps` and the trajectory.
  func trained(
    _ name: String = "steps", from start: [Float], key: Key, probes: [Probe<Float>]
  ) throws -> Group {
    let objective = evaluation.training
    recipe.perturbBatches(of: objective, on: data, key: key)
    let sampler = recipe.sampler(for: network, exampleCount: data.train.count, key: key.child("batches"))
    var state = recipe.trainingState(from: start, of: network, sampler: sampler, key: key)
    let outcome = try context.train(
      name, &state, on: objective, plan: recipe.plan(for: data, sampler: sampler), probes: probes)
    var group = Group(
      dimensions: [Dimension("parameter", length: state.parameters.count)],
      variables: [
        Variable("parameters", along: ["parameter"], values: state.evaluationParameters),
        Variable("steps", value: state.step),
      ], groups: ["trajectory": Group(state.trajectory)])
    if case .diverged(let step) = outcome {
      group.attributes["divergence"] = .string(divergenceSentence(atStep: step))
    }
    return group
  }

  /// The last row of the trajectory, and what follows from all of it.
  private func summary(_ trajectory: Group, from start: [Float], steps: Int) throws -> Group {
    let recorded: [Int] = try trajectory.dimension("step").coordinates.flatMap(Int.elements) ?? []
    let losses: [Double] = try trajectory.variable("train_loss").elements()
    var variables = [
      Variable("width", value: recipe.network.design.ownWidth, longName: "width of the network"),
      Variable("parameters", value: network.parameterCount, longName: "parameters of the network"),
      Variable("train_count", value: data.train.count, longName: "training examples"),
      Variable("steps", value: steps, longName: "updates made"),
      Variable("planned_steps", value: recipe.steps, longName: "updates planned"),
      Variable(
        "steps_to_fit", value: firstStep(below: settings.fitLoss, steps: recorded, values: losses),
        longName: "first recorded step at which the training loss was at most fit_loss; NaN for none"),
      Variable("start_norm", value: Double(start.norm), longName: "Euclidean norm of the first parameters"),
      Variable(
        "initial_train_loss", value: losses.first ?? .nan, units: evaluation.unit,
        longName: "mean training loss before training"),
    ]
    for variable in trajectory.variables where variable.name != "learning_rate" {
      let values: [Double] = try variable.elements()
      variables.append(
        Variable(
          variable.name, value: values.last ?? .nan, units: variable.units,
          longName: "\(variable.longName), after training"))
      if variable.name == "linearized_difference" {
        variables.append(
          Variable(
            "largest_linearized_difference", value: largest(values),
            longName: "largest difference of a test output from the linearization's, over training"))
      }
    }
    var group = Group(variables: variables, attributes: ["normalization": .string(evaluation.normalization)])
    group.groups["false_labels"] = data.provenance.storedFalseLabels
    return group
  }

  private func sharpness(at start: [Float], _ end: [Float]) throws -> [Variable] {
    guard settings.hasSharpness else { return [] }
    return try [("initial_sharpness", start, "before"), ("sharpness", end, "after")].flatMap { name, point, when in
      try context.checkCancellation()
      let pair = Lanczos(tolerance: 1e-3, maximumDimension: 200).extremes(
        of: evaluation.training.hessian(at: point), largest: 1, key: context.key.child(name)
      ).largest.first
      return [
        Variable(name, value: pair?.value ?? .nan, longName: "largest eigenvalue of the Hessian, \(when) training"),
        Variable("\(name)_residual", value: pair?.residual ?? .nan, longName: "its residual"),
      ]
    }
  }

  /// How far the first kernel is from its limit, where there is one.
  private func limit(at start: [Float]) throws -> [Variable] {
    guard settings.kernelExamples > 0, let limit = InfiniteWidthKernel(of: recipe.network.design) else { return [] }
    let kernel = kernelObjective().neuralTangentKernel(at: start).elements.map { Double($0) }
    let exact = limit(kernelData.features(as: Float.self)).tangent
    let wanted = withOutputs(exact.elements, rows: exact.shape[0], outputs: network.outputShape.count)
    return [
      Variable(
        "kernel_limit_error", value: relativeDistance(kernel, wanted),
        longName: "Frobenius distance of the first tangent kernel from that of infinite width, relative to the latter")
    ]
  }

  private func deadUnits(at start: [Float], _ end: [Float]) throws -> [Variable] {
    guard settings.countsDead else { return [] }
    let activations = HiddenActivations(of: network, on: data.train.features(as: Float.self))
    return try [("initial_dead_unit", start, "before"), ("dead_unit", end, "after")].flatMap { name, point, when in
      try context.checkCancellation()
      let (dead, units) = activations.deadUnits(at: point)
      let count = dead.map { Double($0) } ?? .nan
      return [
        Variable(
          "\(name)s", value: count,
          longName: "hidden ReLU units that no training example activates, \(when) training"),
        Variable(
          "\(name)_share", value: units > 0 ? count / Double(units) : 0, longName: "their share of all ReLU units"),
      ]
    }
  }

  /// The line to a network trained from another start with other batches.
  private func barrier(from start: [Float], _ end: [Float]) throws -> Group {
    let key = context.key.child("other")
    let otherStart = self.start(key)
    let other = try trained("other", from: otherStart, key: key, probes: [])
    let otherEnd: [Float] = try other.variable("parameters").elements()
    let line = StraightLine(from: end, to: otherEnd)
    var (errors, testLosses): ([Double], [Double]) = ([], [])
    let profile = try PathProfile(along: line, count: settings.barrierPoints) { point in
      try context.checkCancellation()
      let (seen, unseen) = evaluation(at: point)
      errors.append(seen.error)
      testLosses.append(unseen.loss)
      return seen.loss
    }
    var gradient = end
    func slope(_ point: [Float]) -> Double {
      evaluation.training.gradient(at: point, into: &gradient)
      return Double(gradient.norm)
    }
    let reasons = [(start, end), (otherStart, otherEnd)].map { first, last in
      reasonAgainstMinimum(gradientNorm: slope(last), atStart: slope(first))
    }
    func ofLine(_ name: String, _ values: [Double], _ longName: String, units: String = "1") -> Variable {
      Variable(name, along: ["t"], values: values, units: units, longName: "\(longName) on the line")
    }
    var group = Group(
      dimensions: [
        Dimension("t", coordinates: profile.times, longName: "position on the line"), Dimension("end", length: 2),
      ],
      variables: [
        ofLine("train_loss", profile.values, "training loss", units: evaluation.unit),
        ofLine("train_error", errors, "training error"),
        ofLine("test_loss", testLosses, "test loss", units: evaluation.unit),
        Variable(
          "train_barrier", value: profile.barrier, units: evaluation.unit, longName: "barrier of the training loss"),
        Variable(
          "is_minimum", along: ["end"], values: reasons.map { UInt8($0 == nil ? 1 : 0) },
          longName: "whether an end counts as a minimum"),
      ])
    group.remarks = zip(["the network", "its counterpart"], reasons).compactMap { name, reason in
      reason.map { "the end of \(name)'s training is no minimum: \($0)" }
    }
    return group
  }

  /// The final losses of trainings from other starts.
  private func restarts() throws -> Group {
    var losses: [Double] = []
    var diverged = 0
    for restart in 1...settings.restarts {
      let key = context.key.child("restart").child(restart)
      let end = try trained("restart-\(restart)", from: start(key), key: key, probes: [])
      if end.attributes["divergence"] != nil { diverged += 1 }
      losses.append(evaluation.training.evaluate(at: try end.variable("parameters").elements()).loss)
    }
    var group = Group(
      dimensions: [Dimension("restart", coordinates: Array(1...losses.count), longName: "number of the start")],
      variables: [
        Variable(
          "restart_loss", along: ["restart"], values: losses, units: evaluation.unit,
          longName: "training loss after training"),
        Variable(
          "successes", value: losses.count { $0 <= settings.fitLoss },
          longName: "trainings that ended with a loss of at most fit_loss"),
      ])
    if diverged > 0 {
      group.remarks = ["in \(diverged) of \(losses.count) trainings from other starts the loss went out of bounds"]
    }
    return group
  }
}
