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
    let minimum: Minimum<Float> =
      settings.weights.file == nil
      ? Minimum(try context.minimum(of: settings.minimum, share: 0.5))
      : try Minimum(settings.weights, of: settings.minimum)
    let evaluation = minimum.evaluation()
    var measurements = try context.stage("measures", share: 0.3) {
      try Measurement(
        settings: settings.measures, objective: evaluation.training, parts: minimum.network.parts,
        point: minimum.parameters, key: context.key.child("measures"), context: context
      ).group()
    }
    measurements.variables += performance(evaluation(at: minimum.parameters))
    measurements.attributes["minimum"] = .string(minimum.id)
    measurements.attributes["normalization"] = .string(evaluation.normalization)
    measurements.groups["false_labels"] = minimum.data.provenance.storedFalseLabels
    if let factor = settings.rescaling {
      measurements.groups["rescaling"] = try context.stage("rescaling", share: 0.1) {
        try Reparametrization(minimum: minimum, factor: factor, settings: settings.measures, context: context).group()
      }
    }
    measurements.groups["slices"] = try context.slices(settings.slices, at: minimum, share: 0.1)
    return RunResult(
      measurements: measurements,
      checkpoints: Group(groups: [
        minimum.steps.map(String.init) ?? "minimum": Group(
          parameters: minimum.parameters, in: minimum.network.layout.storedBlocks)
      ]),
      divergence: minimum.divergence, remarks: remarks(on: minimum, evaluation.training, measurements))
  }

  private static func remarks(
    on minimum: Minimum<Float>, _ objective: NetworkObjective<Float>, _ measurements: Group
  ) -> [String] {
    // Of what diverged nothing else is to be said.
    guard minimum.divergence == nil else { return [] }
    let reason = measurements.attributes["not_a_minimum"]?.text
    let dead = objective.remarkOnDeadUnits(at: minimum.parameters)
    return [reason.map { "the end of training is no minimum: \($0)" }, dead].compactMap { $0 }
  }

  private static func performance(_ evaluation: (train: Evaluation, test: Evaluation)) -> [Variable] {
    let (train, test) = evaluation
    return [
      Variable("train_loss", value: train.loss, units: "nat", longName: "mean loss over the training set"),
      Variable("train_error", value: train.error, longName: "share of the training set classified wrongly"),
      Variable("test_loss", value: test.loss, units: "nat", longName: "mean loss over the test set"),
      Variable("test_error", value: test.error, longName: "share of the test set classified wrongly"),
      Variable("loss_gap", value: test.loss - train.loss, units: "nat", longName: "test loss less training loss"),
      Variable("error_gap", value: test.error - train.error, longName: "test error less training error"),
    ]
  }
}
