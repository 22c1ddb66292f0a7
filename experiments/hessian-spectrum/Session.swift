internal import Datasets
internal import Differentiation
internal import Harness
internal import Networks
internal import Storage
internal import Tensors

/// One run in one number type.
struct Session<Element: Scalar & StoredElement> {
  let settings: HessianSpectrumSettings
  let context: RunContext
  let network: Network
  /// Losses and errors at a point, and the objective whose Hessian is taken.
  let evaluation: SplitEvaluation<Element>
  let data: SplitDataset
  /// The dimension of the top subspace: the number of classes, unless said otherwise.
  let subspace: Int
  /// The parameters whose blocks are measured.
  let blocks: [ParameterGroup]

  init(_ settings: HessianSpectrumSettings, in context: RunContext) throws {
    self.settings = settings
    self.context = context
    data = try settings.training.data.load()
    network = try settings.training.network(for: data)
    blocks = try parameterGroups(
      network.layout, by: settings.spectrum.blocks, subset: settings.spectrum.subset)
    subspace = min(settings.spectrum.subspace ?? max(1, data.train.classCount), network.parameterCount)
    evaluation = SplitEvaluation(settings.training, of: network, on: data)
    settings.training.perturbBatches(of: evaluation.training, on: data, key: context.key)
  }

  var train: NetworkObjective<Element> { evaluation.training }

  /// The shares of the run's time that the search for critical points and the slices take.
  private var saddleShare: Double { settings.saddles.points > 0 ? 0.4 : 0 }
  private var sliceShare: Double { settings.slices.lines > 0 ? 0.2 : 0 }
  /// What is left for training and the spectra at both ends of it.
  private var trainingShare: Double { 1 - saddleShare - sliceShare }

  /// The spectrum at the start, training with some eigenvalues followed, the spectrum at the end.
  func run() throws -> RunResult {
    let start: [Element] = settings.training.initialParameters(
      of: network, on: data.train, key: context.key.child("initialization"))
    let initial = try context.stage("initial", share: 0.25 * trainingShare) { try measure(at: start, key: "initial") }
    let training = try context.stage("training", share: 0.5 * trainingShare) { try trained(from: start) }
    let end: [Element] = try training.variable("parameters").elements()
    var final = try context.stage("final", share: 0.25 * trainingShare) { try measure(at: end, key: "final") }
    try judge(&final, against: initial)
    let steps: Int = try training.variable("steps").value()
    let trajectory = try training.group("trajectory")
    var checkpoints = Group(groups: ["0": Group(parameters: start, in: network.layout.storedBlocks)])
    checkpoints.groups["\(steps)"] = Group(parameters: end, in: network.layout.storedBlocks)
    var groups: Named<Group> = ["initial": initial, "final": final]
    if settings.saddles.points > 0 {
      groups["saddles"] = try context.stage("saddles", share: saddleShare) { try criticalPoints(from: training) }
    }
    groups["slices"] = try context.slices(
      settings.slices,
      at: SliceCenter(
        recipe: settings.training, network: network, data: data, evaluation: evaluation, point: end,
        training: Retraining(by: settings.training, of: network, on: data, key: context.key)),
      share: sliceShare)
    if settings.keepsExamples { groups["examples"] = examples }
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
      ], attributes: ["normalization": .string(evaluation.normalization)], groups: groups)
    measurements.groups["false_labels"] = data.provenance.storedFalseLabels
    return RunResult(
      measurements: measurements, trajectory: trajectory, checkpoints: checkpoints,
      divergence: training.attributes["divergence"]?.text)
  }

  /// Whether the end of training is a minimum.
  private func judge(_ final: inout Group, against initial: Group) throws {
    let largest: [Double] = try final.variable("largest").elements()
    let smallest: [Double] = settings.spectrum.smallest > 0 ? try final.variable("smallest").elements() : []
    let reason = reasonAgainstMinimum(
      gradientNorm: try final.variable("gradient_norm").value(),
      atStart: try initial.variable("gradient_norm").value(),
      eigenvalues: smallest.first.map { ($0, largest[0]) })
    final.variables.append(
      Variable("is_minimum", value: UInt8(reason == nil ? 1 : 0), longName: "whether the point counts as a minimum"))
    let loss: Double = try final.variable("train_loss").value()
    if let reason, loss.isFinite { final.remarks.append("the end of training is no minimum: \(reason)") }
  }

  private func measure(at point: [Element], key: String) throws -> Group {
    var gradient = point
    let objective = train.gradient(at: point, into: &gradient)
    var group = try SpectrumMeasurement(
      settings: settings.spectrum, context: context, objective: train, point: point, gradient: gradient,
      subspace: subspace, blocks: blocks, key: context.key.child(key)
    ).measure()
    let evaluated = evaluation(at: point)
    group.variables += evaluation.variables(of: evaluated)
    group.variables += [
      Variable("objective", value: objective, units: evaluation.unit, longName: objectiveName),
      Variable("gradient_norm", value: Double(gradient.norm), longName: "norm of the objective's gradient"),
      Variable(
        "dead_units", value: train.deadUnits(at: point).map { Double($0.dead) } ?? .nan,
        longName: "hidden ReLU units that no training example activates"),
    ]
    let largest: [Double] = try group.variable("largest").elements()
    let areNumbers = evaluated.train.loss.isFinite && largest[0].isFinite
    let remark = areNumbers ? train.remarkOnDeadUnits(at: point) : "the loss or its curvature is not a finite number"
    group.remarks = [remark].compactMap { $0 }
    return group
  }

  var objectiveName: String {
    "what is descended and whose Hessian is taken: the training loss with the L2 term, by the statistics of training's "
      + "batches"
  }

  /// What another program needs to compute the same Hessian.
  private var examples: Group {
    Group(
      dimensions: [
        Dimension("example", length: data.train.count), Dimension("feature", length: data.train.featureCount),
      ],
      variables: [
        Variable(
          "features", along: ["example", "feature"], shape: [data.train.count, data.train.featureCount],
          values: data.train.inputs, longName: "inputs of the training set"),
        Variable("labels", along: ["example"], values: data.train.labels, longName: "its classes"),
      ])
  }
}
