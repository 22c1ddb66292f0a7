internal import Curvature
internal import Datasets
internal import Differentiation
internal import Harness
internal import Networks
internal import Storage
internal import Tensors
internal import Training

/// One run in one number type.
struct Session<Element: Scalar & StoredElement> {
  let settings: HessianSpectrumSettings
  let context: RunContext
  let network: Network
  /// Losses and errors at a point, and the objective whose Hessian is taken.
  let evaluation: SplitEvaluation<Element>
  let data: SplitDataset

  init(_ settings: HessianSpectrumSettings, in context: RunContext) throws {
    self.settings = settings
    self.context = context
    data = try settings.training.data.load()
    network = try settings.training.network(for: data)
    evaluation = SplitEvaluation(settings.training, of: network, on: data)
    settings.training.perturbBatches(of: evaluation.training, on: data, key: context.key)
  }

  private var train: NetworkObjective<Element> { evaluation.training }

  /// The spectrum at the start, training with some eigenvalues followed, the spectrum at the end.
  func run() throws -> RunResult {
    let start: [Element] = settings.training.initialParameters(
      of: network, on: data.train, key: context.key.child("initialization"))
    let initial = try context.stage("initial", share: 0.25) { try measure(at: start, key: "initial") }
    let training = try context.stage("training", share: 0.5) { try trained(from: start) }
    let end: [Element] = try training.variable("parameters").elements()
    let final = try context.stage("final", share: 0.25) { try measure(at: end, key: "final") }
    let steps: Int = try training.variable("steps").value()
    let trajectory = try training.group("trajectory")
    var checkpoints = Group(groups: ["0": Group(parameters: start, in: network.layout.storedBlocks)])
    checkpoints.groups["\(steps)"] = Group(parameters: end, in: network.layout.storedBlocks)
    var measurements = Group(
      variables: [
        Variable("steps", value: steps, longName: "updates made"),
        Variable("planned_steps", value: settings.training.steps, longName: "updates planned"),
        Variable(
          "edge_step",
          value: firstStep(
            reaching: 2, steps: try trajectory.dimension("step").coordinates.flatMap(Int.elements) ?? [],
            values: try trajectory.variable("stability").elements()),
          longName: "first recorded step at which the largest eigenvalue had come to 2 / learning rate"),
        Variable("classes", value: data.train.classCount, longName: "classes of the data"),
        Variable("parameters", value: network.parameterCount, longName: "parameters of the network"),
      ], attributes: ["normalization": .string(evaluation.normalization)],
      groups: ["initial": initial, "final": final])
    measurements.groups["false_labels"] = data.provenance.storedFalseLabels
    return RunResult(
      measurements: measurements,
      trajectory: trajectory, checkpoints: checkpoints,
      divergence: training.attributes["divergence"]?.text)
  }

  private func measure(at point: [Element], key: String) throws -> Group {
    var gradient = point
    let objective = train.gradient(at: point, into: &gradient)
    var group = try SpectrumMeasurement(
      settings: settings.spectrum, context: context, objective: train, point: point, key: context.key.child(key)
    ).measure()
    let (seen, unseen) = evaluation(at: point)
    group.variables += [
      Variable("train_loss", value: seen.loss, longName: "mean loss over the training set"),
      Variable("train_error", value: seen.error, longName: "share of the training set classified wrongly"),
      Variable("test_loss", value: unseen.loss, longName: "mean loss over the test set"),
      Variable("test_error", value: unseen.error, longName: "share of the test set classified wrongly"),
      Variable("objective", value: objective, longName: objectiveName),
      Variable("gradient_norm", value: Double(gradient.norm), longName: "norm of the objective's gradient"),
    ]
    return group
  }

  private var objectiveName: String {
    "what is descended and whose Hessian is taken: the training loss with the L2 term, by the statistics of training's "
      + "batches"
  }

  private func trained(from start: [Element]) throws -> Group {
    let recipe = settings.training
    let sampler = recipe.sampler(
      for: network, exampleCount: train.exampleCount, key: context.key.child("batches"))
    var state = recipe.trainingState(from: start, of: network, sampler: sampler, key: context.key)
    let occasions =
      settings.along.every.map { Occasions.every($0) } ?? .logarithmic(perDecade: settings.along.perDecade)
    let outcome = try context.train(
      "steps", &state, on: train, plan: recipe.plan(for: data, sampler: sampler),
      probes: [losses(at: occasions), spectrum(at: occasions), .distance(from: start, at: occasions)])
    var group = Group(
      dimensions: [Dimension("parameter", length: state.parameters.count)],
      variables: [
        Variable("parameters", along: ["parameter"], values: state.parameters),
        Variable("steps", value: state.step),
      ], groups: ["trajectory": eigenvaluesTogether(Group(state.trajectory))])
    if case .diverged(let step) = outcome {
      group.attributes["divergence"] = .string("the loss went out of bounds at step \(step)")
    }
    return group
  }

  private func losses(at occasions: Occasions) -> Probe<Element> {
    Probe(
      [
        TrajectoryColumn("loss", longName: "mean loss over the training set"),
        TrajectoryColumn("train_error", longName: "share of the training set classified wrongly"),
        TrajectoryColumn("test_loss", longName: "mean loss over the test set"),
        TrajectoryColumn("test_error", longName: "share of the test set classified wrongly"),
        TrajectoryColumn("objective", longName: objectiveName),
        TrajectoryColumn("learning_rate", longName: "learning rate"),
      ], at: occasions
    ) { point in
      let (seen, unseen) = evaluation(at: point.parameters)
      return [
        seen.loss, seen.error, unseen.loss, unseen.error, train.value(at: point.parameters), point.learningRate,
      ]
    }
  }

  private func eigenvalueColumns(_ stem: String, _ count: Int) -> [TrajectoryColumn] {
    (0..<count).map { TrajectoryColumn("\(stem)_\($0 + 1)", longName: "\(stem) \($0 + 1)") }
  }

  /// The eigenvalues along training. Each measurement has a key of its own and no memory of the one before, so that a
  /// resumed training records the same bits.
  private func spectrum(at occasions: Occasions) -> Probe<Element> {
    let along = settings.along
    let top = min(along.largest, network.parameterCount)
    let bottom = min(along.smallest, network.parameterCount)
    var columns = eigenvalueColumns("largest", top) + eigenvalueColumns("largest_residual", top)
    columns += eigenvalueColumns("smallest", bottom)
    columns += [
      TrajectoryColumn("sharpness", longName: "largest eigenvalue of the Hessian"),
      TrajectoryColumn("stability", longName: "largest eigenvalue times learning rate"),
      TrajectoryColumn("unconverged", longName: "eigenpairs whose residual missed the tolerance"),
    ]
    if along.traceProbes > 0 {
      columns += [
        TrajectoryColumn("trace", longName: "trace of the Hessian, by Hutchinson's estimator"),
        TrajectoryColumn("trace_standard_error", longName: "standard error of the trace"),
      ]
    }
    return Probe(columns, at: occasions) { point in
      let hessian = train.hessian(at: point.parameters)
      let key = context.key.child("along").child(point.step)
      let ends = Lanczos(tolerance: along.tolerance, maximumDimension: along.maximumDimension)
        .extremes(of: hessian, largest: top, smallest: bottom, key: key.child("lanczos"))
      let sharpness = ends.largest.first?.value ?? .nan
      var numbers = padded([ends.largest.map(\.value)], to: top) + padded([ends.largest.map(\.residual)], to: top)
      numbers += padded([ends.smallest.map(\.value)], to: bottom)
      numbers += [
        sharpness, sharpness * point.learningRate,
        Double((ends.largest + ends.smallest).count { !$0.converged }),
      ]
      if along.traceProbes > 0 {
        let trace = HutchinsonTrace(of: hessian, probes: along.traceProbes, key: key.child("trace"))
        numbers += [trace.mean, trace.standardError]
      }
      return numbers
    }
  }

  /// The numbered columns as one variable along `step` and `eigenvalue` each.
  private func eigenvaluesTogether(_ trajectory: Group) -> Group {
    var group = trajectory
    let names = [
      ("largest", "eigenvalue", "largest eigenvalues of the Hessian"),
      ("largest_residual", "eigenvalue", "residuals of the largest eigenpairs"),
      ("smallest", "lowest", "smallest eigenvalues of the Hessian"),
    ]
    let counts = [settings.along.largest, settings.along.largest, settings.along.smallest]
    for ((stem, dimension, longName), count) in zip(names, counts.map { min($0, network.parameterCount) })
    where count > 0 {
      let columns = (1...count).compactMap { place in
        trajectory.variables.first { $0.name == "\(stem)_\(place)" }?.values.doubles
      }
      guard columns.count == count, let rows = columns.first?.count else { continue }
      group.variables.removeAll { variable in (1...count).contains { variable.name == "\(stem)_\($0)" } }
      if !group.dimensions.contains(where: { $0.name == dimension }) {
        group.dimensions.append(
          Dimension(
            dimension, coordinates: Array(1...count),
            longName: dimension == "lowest" ? "place from the smallest" : "place from the largest"))
      }
      group.variables.append(
        Variable(
          stem, along: ["step", dimension], shape: [rows, count],
          values: (0..<rows).flatMap { row in columns.map { $0[row] } }, longName: longName))
    }
    return group
  }
}
