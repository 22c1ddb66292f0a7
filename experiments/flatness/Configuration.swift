public import Configuration
public import Harness
import Networks

/// What one run measures: one minimum, by all measures of sharpness.
public struct FlatnessSettings: Configurable {
  /// How the minimum is trained.
  public var minimum = Recipe()
  /// Where it is taken from instead.
  public var weights = WeightsSettings()
  /// The measures.
  public var measures = MeasureSettings()
  /// The rescaling of the parameters after which they are taken again; `nil` for none.
  public var rescaling: Double?
  /// Lines and planes through the minimum.
  public var slices = SliceSettings(lines: 5)

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("minimum", \.minimum, "How the minimum is trained; with weights.file, of which network and data it is.")
    Section("weights", \.weights, "A file to take the minimum from in place of training it.")
    Section("measures", \.measures, "The measures of sharpness.")
    Setting(
      "rescaling", \.rescaling,
      "By what the first layer is multiplied and the second divided, in Float64, to measure again; null for no such "
        + "measurement. A power of two leaves a ReLU network's function the same to the last bit.", allowed: Above(0.0))
    Section("slices", \.slices, "Losses and errors along lines and on planes through the minimum.")
  }

  /// A rescaling of a network that would not stay the same function.
  public var conflict: String? {
    guard rescaling != nil else { return nil }
    let design = minimum.network.design
    let isChain =
      [.perceptron, .leNet300].contains(design.architecture) && [.published, .none].contains(design.normalization)
      && design.weightNormalization == .none && [.relu, .identity].contains(design.activation)
    if !isChain {
      return "rescaling leaves networks of architecture mlp or lenet-300-100 with activation relu and no normalization "
        + "the same function, and minimum.network is another; leave rescaling out"
    }
    return design.architecture == .perceptron && design.hidden.isEmpty
      ? "rescaling needs two layers, and minimum.network.hidden is []" : nil
  }
}

/// The measures and what they are taken with.
public struct MeasureSettings: Configurable {
  /// The size of Keskar's box.
  public var boxEpsilon = 1e-3
  /// Its iterations.
  public var boxIterations = 10
  /// The dimensions of the random subspace.
  public var subspace = 100
  /// The radius of the ascent.
  public var radius = 0.05
  /// The radius of the adaptive ascent.
  public var adaptiveRadius = 0.5
  /// Steps of both.
  public var ascentSteps = 20
  /// The deviation of the noise.
  public var noise = 0.02
  /// The deviation of the noise in proportion to the parameters.
  public var relativeNoise = 0.1
  /// Pairs of perturbations of each.
  public var noisePairs = 20
  /// Probes of the trace.
  public var traceProbes = 40
  /// Probes of each layer's relative flatness.
  public var flatnessProbes = 10
  /// The residual wanted of eigenvalues.
  public var tolerance = 1e-3
  /// The largest Krylov space.
  public var maximumDimension = 150
  /// The share of the gradient's norm at the start of training from which on an end counts as no minimum.
  public var gradientLimit = 0.1
  /// The share of lambda_max below which, in the negative, an eigenvalue makes an end count as no minimum.
  public var curvatureLimit = 0.1

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("box_epsilon", \.boxEpsilon, "epsilon of Keskar's box |d_i| <= epsilon (|theta_i| + 1).", allowed: 0.0...)
    Setting("box_iterations", \.boxIterations, "Iterations of bounded L-BFGS in it.", allowed: 0...100_000)
    Setting("subspace", \.subspace, "Dimensions of the random subspace that it is taken in too.", allowed: 1...100_000)
    Setting("radius", \.radius, "rho of the sharpness that SAM minimizes.", allowed: 0.0...)
    Setting("adaptive_radius", \.adaptiveRadius, "rho of the one that ASAM minimizes.", allowed: 0.0...)
    Setting("ascent_steps", \.ascentSteps, "Steps of ascent to the maxima of both.", allowed: 0...100_000)
    Setting("noise", \.noise, "Standard deviation of Gaussian noise.", allowed: 0.0...)
    Setting(
      "relative_noise", \.relativeNoise, "Standard deviation of noise, as a share of each parameter.", allowed: 0.0...)
    Setting("noise_pairs", \.noisePairs, "Pairs of opposite perturbations by either.", allowed: 1...1_000_000)
    Setting("trace_probes", \.traceProbes, "Random vectors for the trace.", allowed: 1...1_000_000)
    Setting(
      "flatness_probes", \.flatnessProbes, "Random matrices for each layer's relative flatness.", allowed: 1...1_000_000
    )
    Setting("tolerance", \.tolerance, "Residual wanted of eigenvalues, relative to them.", allowed: 0.0...0.5)
    Setting("maximum_dimension", \.maximumDimension, "Largest dimension of the Krylov space.", allowed: 2...100_000)
    Setting(
      "gradient_limit", \.gradientLimit,
      "An end counts as no minimum when the gradient's norm is not below this share of that at the start of training.",
      allowed: 0.0...)
    Setting(
      "curvature_limit", \.curvatureLimit,
      "An end counts as no minimum when the smallest eigenvalue is below minus this share of the largest.",
      allowed: 0.0...)
  }
}
