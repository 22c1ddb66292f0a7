public import Harness

/// Networks of one architecture at many widths: what width does to training, kernels and errors.
public enum WidthSweepExperiment: Experiment {
  /// What one run measures.
  public typealias Settings = WidthSweepSettings

  /// "width-sweep".
  public static let name = "width-sweep"

  /// What it is about.
  public static let abstract = """
    Networks of one architecture at many widths, in the standard, NTK or muP parameterization: losses, errors and steps to \
    fit, the distance moved, the empirical tangent kernel with its change and its limit of infinite width, the \
    linearization trained beside the network, the units' changes, dead units, the largest eigenvalue of the Hessian, the \
    barrier between two starts, the share of starts that lead to a fit, and how convex the surface about the end is.
    """

  /// The papers.
  public static let references = [
    Literature.survey, Literature.jacot2018, Literature.chizat2019, Literature.arora2019, Literature.lee2019,
    Literature.belkin2019, Literature.yang2021, Literature.safran2018, Literature.livni2014, Literature.li2018,
  ]

  /// `width.lazy`, `width.kernel-constant`, `width.kernel-limit`, `width.linearized`, `width.faster`, `width.mup`,
  /// `width.double-descent`, `width.success` and `width.smoother-surface`.
  public static let findings = [
    lazy, kernelConstant, kernelLimit, linearized, faster, mup, doubleDescent, success, smootherSurface,
  ]

  /// The sweeps that ship with it.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// Trains a network and measures it.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    try Session(settings, in: context).run()
  }
}
