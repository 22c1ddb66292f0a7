import Datasets
public import Harness
import Networks
import Storage
import Surfaces
import Tensors

/// How sharp minima are, by every measure, and what that says of how they generalize.
public enum FlatnessExperiment: Experiment {
  /// The configuration.
  public typealias Settings = FlatnessSettings

  /// "flatness".
  public static let name = "flatness"

  /// What is measured and why.
  public static let abstract = """
    One network is trained, by a method, batch size and learning rate of choice, and the sharpness of where it ends is \
    measured in every usual sense: the Hessian's largest eigenvalue and trace, Keskar's box in full and in a random \
    subspace, the ascents of SAM and ASAM, Gaussian noise, relative flatness, the loss along lines. Beside them stand the \
    losses and errors on training and test data. Rescaling a ReLU network shows which measures depend on the function \
    alone.
    """

  /// What it goes back to.
  public static let references = Literature.all

  /// What its runs decide.
  public static let findings = [reparametrization, smallBatch, sam, swa, entropySGD, predicts]

  /// The sweeps behind the findings.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// One minimum with all that is measured there.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let shares = Shares(settings)
    let minimum: Minimum<Float> =
      settings.weights.file == nil
      ? Minimum(try context.minimum(of: settings.minimum, share: shares.minimum))
      : try Minimum(settings.weights, of: settings.minimum)
    let evaluation = minimum.evaluation()
    let cost = "measures \(settings.measures.costKey) \(settings.minimum.evaluationCost(of: minimum.network))"
    var measurements = try context.stage("measures", share: shares.measures, cost: cost) {
      try Measurement(
        settings: settings.measures, objective: evaluation.training, parts: minimum.network.parts,
        point: minimum.parameters, key: context.key.child("measures"), context: context
      ).group()
    }
    measurements.variables += performance(of: minimum, evaluation)
    let place = settings.weights.file.map { "the point in \($0)" } ?? "the end of training"
    try judge(minimum, evaluation.training, settings.measures, place: place, in: &measurements, context)
    measurements.attributes["minimum"] = .string(minimum.id)
    measurements.attributes["normalization"] = .string(evaluation.normalization)
    measurements.groups["false_labels"] = minimum.data.provenance.storedFalseLabels
    if let factor = settings.rescaling {
      measurements.groups["rescaling"] = try context.stage("rescaling", share: shares.rescaling) {
        try Reparametrization(minimum: minimum, factor: factor, settings: settings.measures, context: context).group()
      }
    }
    measurements.groups["slices"] = try context.slices(settings.slices, at: minimum, share: shares.slices)
    return RunResult(
      measurements: measurements,
      checkpoints: Group(groups: [
        minimum.steps.map(String.init) ?? "minimum": Group(
          parameters: minimum.parameters, in: minimum.network.layout.storedBlocks)
      ]),
      divergence: minimum.divergence)
  }

  /// Whether the point is a minimum, and what else is to be said of it. Of what diverged nothing else is.
  private static func judge(
    _ minimum: Minimum<Float>, _ objective: NetworkObjective<Float>, _ settings: MeasureSettings, place: String,
    in measurements: inout Group, _ context: RunContext
  ) throws {
    let slope = SlopeAtStart(of: minimum, on: objective, key: context.key.child("start"))
    let reason = reasonAgainstMinimum(
      gradientNorm: try measurements.variable("gradient_norm").value(), atStart: slope.norm, of: slope.place,
      eigenvalues: (
        try measurements.variable("lambda_min").value(), try measurements.variable("lambda_max").value()
      ), gradientLimit: settings.gradientLimit, curvatureLimit: settings.curvatureLimit)
    measurements.variables += [
      Variable(
        "initial_gradient_norm", value: slope.norm, longName: "norm of the objective's gradient at \(slope.place)"),
      Variable("is_minimum", value: UInt8(reason == nil ? 1 : 0), longName: "whether the point counts as a minimum"),
    ]
    let dead = objective.deadUnits(at: minimum.parameters)
    measurements.variables.append(dead.variable(named: "dead_units"))
    if minimum.divergence == nil {
      measurements.remarks += [reason.map { "\(place) is no minimum: \($0)" }, dead?.remark].compactMap { $0 }
    } else {
      measurements.remarks = []
    }
  }

  private static func performance(of minimum: Minimum<Float>, _ evaluation: SplitEvaluation<Float>) -> [Variable] {
    let (train, test) = evaluation(at: minimum.parameters)
    return evaluation.variables(of: (train, test)) + [
      Variable(
        "loss_gap", value: test.loss - train.loss, units: evaluation.unit, longName: "test loss less training loss"),
      Variable("error_gap", value: test.error - train.error, longName: "test error less training error"),
    ]
  }
}
