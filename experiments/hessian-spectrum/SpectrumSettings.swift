public import Configuration

/// The matrices that stand beside the Hessian.
public enum CurvatureMatrix: String, CaseIterable, Sendable {
  /// The generalized Gauss-Newton matrix.
  case gaussNewton = "gauss-newton"
  /// The Fisher information.
  case fisher
  /// The Fisher information with labels drawn from the network's own distribution.
  case sampledFisher = "sampled-fisher"
  /// The mean of the examples' gradients with themselves.
  case empiricalFisher = "empirical-fisher"

  /// The name in files.
  var groupName: String { rawValue.replacing("-", with: "_") }
}

/// Blocks on the diagonal of a matrix over parameters.
public enum BlockChoice: String, CaseIterable, Sendable {
  /// None.
  case none
  /// One for each layer.
  case layers
  /// One for each tensor of parameters.
  case tensors
}

/// What is measured at the start and at the end of training.
public struct SpectrumSettings: Configurable {
  /// The number of the largest eigenvalues, by Lanczos.
  public var largest = 50
  /// The number of the smallest.
  public var smallest = 10
  /// The residual wanted, relative to the eigenvalue.
  public var tolerance = 1e-3
  /// The largest Krylov space.
  public var maximumDimension = 500
  /// The number of vectors that both methods work on at a time.
  public var blockSize = 1
  /// The number of pairs by power iteration.
  public var powerCount = 10
  /// The steps of power iteration for one pair at most.
  public var powerSteps = 500
  /// Probes of the trace.
  public var traceProbes = 50
  /// Probes of the spectral density.
  public var densityProbes = 4
  /// Lanczos steps of each.
  public var densitySteps = 80
  /// Points of the density's grid.
  public var densityPoints = 401
  /// The standard deviation of the normal distribution that stands for a node, as a share of the spectrum's length.
  public var densityWidth = 0.005
  /// Where the logarithmic scale of the density turns linear, as a share of the eigenvalue largest in size.
  public var densityLinearity = 1e-5
  /// The standard deviation of a node on that scale, in decades.
  public var logarithmicWidth = 0.05
  /// The whole spectrum is computed densely up to this many parameters.
  public var denseLimit = 1000
  /// The dimension of the top subspace; `nil` for the number of classes.
  public var subspace: Int?
  /// The matrices whose spectra are measured beside the Hessian's.
  public var beside: [CurvatureMatrix] = []
  /// The labels that the sampled Fisher matrix draws for each example.
  public var fisherDraws = 1
  /// The number of their largest eigenvalues.
  public var besideLargest = 30
  /// Probes of the density of each.
  public var besideDensityProbes = 1
  /// The products that Hutch++ may spend on the trace.
  public var hutchPlusPlusProducts = 0
  /// Probes of the diagonal.
  public var diagonalProbes = 0
  /// Which blocks of each matrix are measured by themselves.
  public var blocks = BlockChoice.none
  /// The tensors of one more block.
  public var subset: [String] = []
  /// The number of each block's largest eigenvalues.
  public var blockLargest = 3
  /// Probes of each block's trace.
  public var blockProbes = 10

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("largest", \.largest, "Largest eigenvalues, by Lanczos; the bulk's edge needs 22.", allowed: 1...10_000)
    Setting("smallest", \.smallest, "Smallest eigenvalues, by Lanczos.", allowed: 0...10_000)
    Setting("tolerance", \.tolerance, "Residual wanted, relative to the eigenvalue.", allowed: 0.0...0.5)
    Setting("maximum_dimension", \.maximumDimension, "Largest dimension of the Krylov space.", allowed: 1...100_000)
    Setting(
      "block_size", \.blockSize,
      "Vectors in a block: above 1, block Lanczos and, for power_count pairs at once, simultaneous iteration are used.",
      allowed: 1...1000)
    Setting("power_count", \.powerCount, "Eigenpairs by power iteration with deflation.", allowed: 0...1000)
    Setting("power_steps", \.powerSteps, "Steps of power iteration for one pair at most.", allowed: 1...10_000_000)
    Setting(
      "trace_probes", \.traceProbes, "Random vectors for the trace of each matrix; 0 for none.", allowed: 0...1_000_000)
    Setting(
      "density_probes", \.densityProbes, "Random vectors for the spectral density; 0 for none.", allowed: 0...10_000)
    Setting("density_steps", \.densitySteps, "Lanczos steps of each of them.", allowed: 1...10_000)
    Setting("density_points", \.densityPoints, "Points of the density's grid.", allowed: 2...1_000_000)
    Setting(
      "density_width", \.densityWidth,
      "Standard deviation of the normal distribution that stands for a node, as a share of the spectrum's length.",
      allowed: Above(0.0))
    Setting(
      "density_linearity", \.densityLinearity,
      "Where the density's logarithmic scale turns linear, as a share of the eigenvalue largest in size.",
      allowed: Above(0.0))
    Setting(
      "logarithmic_width", \.logarithmicWidth, "Standard deviation of a node on that scale, in decades.",
      allowed: Above(0.0))
    Setting(
      "dense_limit", \.denseLimit, "Parameters up to which the whole spectrum is computed densely.", allowed: 0...20_000
    )
    Setting(
      "subspace", \.subspace, "Dimension of the top subspace; null for the number of classes.", allowed: 1...10_000)
    Setting("beside", \.beside, "Matrices that are measured beside the Hessian: spectra, traces, diagonals and blocks.")
    Setting(
      "fisher_draws", \.fisherDraws, "Labels that sampled-fisher draws for each example.", allowed: 1...1000)
    Setting("beside_largest", \.besideLargest, "Largest eigenvalues of each of them.", allowed: 1...10_000)
    Setting(
      "beside_density_probes", \.besideDensityProbes, "Random vectors for the density of each; 0 for none.",
      allowed: 0...10_000)
    Setting(
      "hutch_plus_plus_products", \.hutchPlusPlusProducts,
      "Products for the trace of each matrix by Hutch++; under 3 for none.",
      allowed: 0...1_000_000)
    Setting(
      "diagonal_probes", \.diagonalProbes, "Random vectors for the diagonal of each matrix; 0 for none.",
      allowed: 0...1_000_000)
    Setting(
      "blocks", \.blocks,
      "Which blocks on the diagonal, of the Hessian and of each matrix beside it, are measured by themselves.")
    Setting(
      "subset", \.subset, "Names of tensors, such as dense1/weight, that make up a block, with blocks or without.")
    Setting("block_largest", \.blockLargest, "Largest eigenvalues of each block.", allowed: 1...1000)
    Setting("block_probes", \.blockProbes, "Random vectors for each block's trace.", allowed: 1...1_000_000)
  }
}
