import Datasets
public import Harness
import Networks
import Optimizers
import Storage
import Surfaces
import Tensors
import Training

/// Losses along paths between two trained minima, and on the plane through them.
public enum ModeConnectivityExperiment: Experiment {
  /// The configuration.
  public typealias Settings = ModeConnectivitySettings

  /// "mode-connectivity".
  public static let name = "mode-connectivity"

  /// What is measured and why.
  public static let abstract = """
    Two networks are trained from different random starts. Between the two minima the training and test loss and error \
    are measured along the straight line, along a quadratic Bezier curve and along a polygonal chain whose free points \
    are trained to keep the loss low, and on the plane through both minima and the curve's bend. The line from each \
    random start to its minimum is measured too.
    """

  /// What it goes back to.
  public static let references = [Literature.garipov2018, Literature.draxler2018, Literature.goodfellow2015]

  /// What its runs decide.
  public static let findings = [monotoneLine, linearBarrier, curve, planeValley]

  /// The sweeps behind the findings.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// One pair of minima with all that lies between them.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let first: TrainedMinimum<Float> = try context.minimum(of: settings.minimum, seed: 2 * context.seed, share: 0.1)
    let second: TrainedMinimum<Float> = try context.minimum(
      of: settings.minimum, seed: 2 * context.seed + 1, share: 0.1)
    let session = Session(
      settings: settings, context: context, network: first.network, data: first.data, evaluation: first.evaluation())
    let blocks = first.network.layout.storedBlocks

    let starts = try context.stage("initialization", share: 0.05) {
      Group(groups: [
        "first": try session.measure(
          StraightLine(from: first.initialParameters, to: first.parameters), settings.initializationPoints,
          "the line from the first initialization to its minimum", rise: true),
        "second": try session.measure(
          StraightLine(from: second.initialParameters, to: second.parameters), settings.initializationPoints,
          "the line from the second initialization to its minimum", rise: true),
      ])
    }
    let line = try context.stage("line", share: 0.05) {
      try session.measure(
        StraightLine(from: first.parameters, to: second.parameters), settings.pathPoints, "the straight line")
    }
    let bezier = try context.stage("bezier", share: 0.2) {
      try session.trained(
        QuadraticBezier(from: first.parameters, to: second.parameters), "the Bezier curve", key: "bezier")
    }
    let chain = try context.stage("chain", share: 0.2) {
      try session.trained(
        PolygonalChain(from: first.parameters, to: second.parameters, bendCount: settings.curve.chainBends),
        "the polygonal chain", key: "chain")
    }
    let bends: [Float] = try bezier.variable("bends").elements()
    let plane = try context.stage("plane", share: 0.3) {
      try session.plane(QuadraticBezier(from: first.parameters, to: second.parameters, bend: bends))
    }

    let distance = zip(first.parameters, second.parameters).map { Double($0 - $1) * Double($0 - $1) }.reduce(0, +)
    var measurements = Group(
      variables: [
        Variable(
          "distance", value: distance.squareRoot(), units: "1", longName: "Euclidean distance between the two minima")
      ],
      attributes: [
        "first_minimum": .string(first.id), "second_minimum": .string(second.id),
        "normalization": .string(session.evaluation.normalization),
      ],
      groups: [
        "initialization": starts, "line": line, "bezier": bezier.measurement, "chain": chain.measurement,
        "plane": plane,
      ])
    measurements.groups["false_labels"] = first.data.provenance.storedFalseLabels
    return RunResult(
      measurements: measurements,
      checkpoints: Group(groups: [
        "first": Group(parameters: first.parameters, in: blocks),
        "second": Group(parameters: second.parameters, in: blocks),
        "bezier_bend": Group(parameters: bends, in: blocks),
      ]),
      divergence: [first.divergence, second.divergence].compactMap { $0 }.first)
  }
}

extension Group {
  /// The group without the bends' coordinates, which a checkpoint holds by block.
  fileprivate var measurement: Group {
    var group = self
    group.variables.removeAll { $0.name == "bends" }
    group.dimensions.removeAll { $0.name == "bend_coordinate" }
    return group
  }
}
