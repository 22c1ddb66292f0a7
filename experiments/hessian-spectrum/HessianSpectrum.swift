public import Harness
internal import Storage

/// The Hessian's eigenvalues of networks: before, along and after training, by several methods.
public enum HessianSpectrumExperiment: Experiment {
  /// What one run measures.
  public typealias Settings = HessianSpectrumSettings

  /// "hessian-spectrum".
  public static let name = "hessian-spectrum"

  /// What it is about.
  public static let abstract = """
    The spectrum of the Hessian of a network's training loss, at initialization, along training and at its end: the \
    largest eigenvalues by power iteration with deflation and by Lanczos, the smallest, the trace, the density, layer by \
    layer, beside those of the Gauss-Newton and Fisher matrices, and for small networks the whole spectrum and the \
    critical points. It shows the bulk with its outliers, the gradient's share in their subspace, the largest eigenvalue \
    at the edge of stability of gradient descent, and the index of saddles.
    """

  /// The papers.
  public static let references = [
    Literature.survey, Literature.sagun2017, Literature.papyan2019, Literature.cohen2021, Literature.ghorbani2019,
    Literature.gurari2018, Literature.dauphin2014, Literature.frye2021, Literature.meyer2021,
  ]

  /// What the survey reports of the Hessian's spectrum.
  public static let findings = [
    methodsAgree, bulkOutliers, outliersAreGaussNewton, topSubspace, edgeOfStability, saddleIndex,
  ]

  /// The sweeps that ship with it.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// Measures, trains, measures.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    switch settings.precision {
    case .float32: try Session<Float>(settings, in: context).run()
    case .float64: try Session<Double>(settings, in: context).run()
    }
  }
}
