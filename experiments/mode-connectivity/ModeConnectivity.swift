import Datasets
public import Harness
import Networks
import Storage
import Surfaces
import Tensors

/// Losses along paths between trained minima, and on the plane through them.
public enum ModeConnectivityExperiment: Experiment {
  /// The configuration.
  public typealias Settings = ModeConnectivitySettings

  /// "mode-connectivity".
  public static let name = "mode-connectivity"

  /// What is measured and why.
  public static let abstract = """
    Networks are trained from different random starts. Between two minima the training and test loss and error \
    are measured along the straight line, along a Bezier curve and along a polygonal chain whose free points \
    are trained to keep the loss low, and on the plane through both minima and the curve's bend. The line from each \
    random start to its minimum is measured too. On request: paths of minimum energy by AutoNEB, the tree of the lowest \
    passes between several minima, the line after hidden units are matched, and the lines between copies of one \
    training that part at some step.
    """

  /// What it goes back to.
  public static let references = [
    Literature.garipov2018, Literature.draxler2018, Literature.goodfellow2015, Literature.freeman2017,
    Literature.frankle2020, Literature.entezari2022, Literature.ainsworth2023, Literature.jordan2023,
  ]

  /// What its runs decide.
  public static let findings = [
    monotoneLine, linearBarrier, curve, planeValley, elasticBand, width, instability, permutation,
  ]

  /// The sweeps behind the findings.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// What the settings ask for, one measure after the other.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let minima = try minima(settings, in: context)
    let session = try Session(settings: settings, context: context, minima: minima)
    var result = RunResult(
      measurements: Group(variables: [
        Variable("width", value: session.network.width, longName: "units of the network's narrowest hidden layer")
      ]))
    if minima.count >= 2 { try session.describeEnds(minima, in: &result) }
    for measured in Measured.allCases where settings.measure.contains(measured) {
      try session.add(measured, minima, to: &result)
    }
    if settings.slices.lines > 0 {
      result.measurements.groups["slices"] = Group(groups: [
        "first": try context.slices(settings.slices, at: minima[0], name: "slices-first") ?? Group(),
        "second": try context.slices(settings.slices, at: minima[1], name: "slices-second") ?? Group(),
      ])
    }
    return result
  }

  private static func minima(_ settings: Settings, in context: RunContext) throws -> [Minimum<Float>] {
    guard settings.measure.contains(where: { $0 != .instability }) else { return [] }
    if !settings.ends.files.isEmpty {
      return try settings.ends.weights.map { try Minimum($0, of: settings.minimum) }
    }
    let wantsMore =
      settings.measure.contains(.tree) || settings.measure.contains(.plane) && settings.plane.minimumCount > 2
    let count = wantsMore ? settings.minima : 2
    return try (0..<count).map { index in
      Minimum(
        try context.minimum(
          of: settings.minimum, seed: settings.minima * context.seed + index, share: 0.2 / Double(count)))
    }
  }
}

extension Network {
  /// The units of the narrowest hidden layer, or the outputs where there is none.
  fileprivate var width: Int { unitSymmetry.groups.map(\.units).min() ?? outputShape.count }
}
