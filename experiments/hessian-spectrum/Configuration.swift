public import Configuration
public import Harness
internal import Networks

/// What one run measures: a network's Hessian at its start, along its training, and at its end.
public struct HessianSpectrumSettings: Configurable {
  /// How the network is trained.
  public var training = Recipe()
  /// The number type of training and of the Hessian.
  public var precision = Precision.float32
  /// What is followed along training.
  public var along = AlongSettings()
  /// What is measured at the start and at the end.
  public var spectrum = SpectrumSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("training", \.training, "The network and its training; the Hessian is that of what training descends.")
    Setting("precision", \.precision, "The number type of training and of the Hessian.")
    Section("along", \.along, "What is followed along training.")
    Section("spectrum", \.spectrum, "What is measured at the start and at the end.")
  }

  /// Dropout, with which steps would not descend the loss whose Hessian is measured.
  public var conflict: String? {
    training.network.design.dropout == 0
      ? nil
      : "training.network.dropout is \(training.network.design.dropout), but spectra are followed without; set it to 0"
  }
}

/// The number types.
public enum Precision: String, CaseIterable, Sendable {
  /// Single precision.
  case float32
  /// Double precision.
  case float64
}

/// The eigenvalues that are followed along training, by Lanczos.
public struct AlongSettings: Configurable {
  /// The number of the largest.
  public var largest = 12
  /// The number of the smallest.
  public var smallest = 1
  /// Steps between two measurements; `nil` for logarithmic distances.
  public var every: Int?
  /// Measurements in each decade of steps, where `every` is `nil`.
  public var perDecade = 4
  /// The residual wanted, relative to the eigenvalue.
  public var tolerance = 1e-3
  /// The largest Krylov space.
  public var maximumDimension = 200
  /// Probes of the trace.
  public var traceProbes = 10

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("largest", \.largest, "Largest eigenvalues that are followed.", allowed: 1...1000)
    Setting("smallest", \.smallest, "Smallest eigenvalues that are followed.", allowed: 0...1000)
    Setting(
      "every", \.every, "Steps between two measurements; null for logarithmic distances.", allowed: 1...1_000_000_000)
    Setting("per_decade", \.perDecade, "Measurements in a decade of steps, where every is null.", allowed: 1...1000)
    Setting("tolerance", \.tolerance, "Residual wanted, relative to the eigenvalue.", allowed: 0.0...0.5)
    Setting("maximum_dimension", \.maximumDimension, "Largest dimension of the Krylov space.", allowed: 1...100_000)
    Setting("trace_probes", \.traceProbes, "Random vectors for the trace; 0 for none.", allowed: 0...1_000_000)
  }
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
  /// The whole spectrum is computed densely up to this many parameters.
  public var denseLimit = 1000

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("largest", \.largest, "Largest eigenvalues, by Lanczos; the bulk's edge needs 22.", allowed: 1...10_000)
    Setting("smallest", \.smallest, "Smallest eigenvalues, by Lanczos.", allowed: 0...10_000)
    Setting("tolerance", \.tolerance, "Residual wanted, relative to the eigenvalue.", allowed: 0.0...0.5)
    Setting("maximum_dimension", \.maximumDimension, "Largest dimension of the Krylov space.", allowed: 1...100_000)
    Setting("power_count", \.powerCount, "Eigenpairs by power iteration with deflation.", allowed: 0...1000)
    Setting("power_steps", \.powerSteps, "Steps of power iteration for one pair at most.", allowed: 1...10_000_000)
    Setting("trace_probes", \.traceProbes, "Random vectors for the trace; 0 for none.", allowed: 0...1_000_000)
    Setting(
      "density_probes", \.densityProbes, "Random vectors for the spectral density; 0 for none.", allowed: 0...10_000)
    Setting("density_steps", \.densitySteps, "Lanczos steps of each of them.", allowed: 1...10_000)
    Setting("density_points", \.densityPoints, "Points of the density's grid.", allowed: 2...1_000_000)
    Setting(
      "density_width", \.densityWidth,
      "Standard deviation of the normal distribution that stands for a node, as a share of the spectrum's length.",
      allowed: Above(0.0))
    Setting(
      "dense_limit", \.denseLimit, "Parameters up to which the whole spectrum is computed densely.", allowed: 0...20_000
    )
  }
}
