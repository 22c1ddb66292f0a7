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
  /// The search for critical points.
  public var saddles = SaddleSettings()
  /// Lines and planes through the end.
  public var slices = SliceSettings()
  /// Whether the examples are kept in the run's file, for another program to compute the same Hessian.
  public var keepsExamples = false

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("training", \.training, "The network and its training; the Hessian is that of what training descends.")
    Setting("precision", \.precision, "The number type of training and of the Hessian.")
    Section("along", \.along, "What is followed along training.")
    Section("spectrum", \.spectrum, "What is measured at the start and at the end.")
    Section("saddles", \.saddles, "The search for critical points, from points along training.")
    Section("slices", \.slices, "Losses and errors along lines and on planes through the end of training.")
    Setting(
      "keep_examples", \.keepsExamples,
      "Whether the training examples are kept in the file, for another program to compute the same Hessian.")
  }

  /// Dropout, with which steps would not descend the loss whose Hessian is measured; a Fisher matrix of a loss that has none; a
  /// search for critical points in single precision.
  public var conflict: String? {
    let dropout = training.network.design.dropout
    if dropout != 0 { return "training.network.dropout is \(dropout), but spectra are followed without; set it to 0" }
    let asksForFisher = spectrum.beside.contains { $0 == .fisher || $0 == .sampledFisher }
    if asksForFisher && !training.loss.hasLikelihood {
      return "spectrum.beside asks for the Fisher matrix, and the loss \(training.loss.rawValue) is no likelihood; "
        + "choose another loss or leave it out"
    }
    if saddles.points > 0 && precision == .float32 {
      return "saddles.points is \(saddles.points), but critical points are told from others in double precision alone; "
        + "set precision to float64"
    }
    return nil
  }
}

/// The number types.
public enum Precision: String, CaseIterable, Sendable {
  /// Single precision.
  case float32
  /// Double precision.
  case float64
}

/// The eigenvalues that are followed along training, by Lanczos and, where asked for, by power iteration with deflation.
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
  /// The number of pairs largest in size that are followed by power iteration.
  public var powerCount = 0
  /// The steps of power iteration for one pair at most.
  public var powerSteps = 500
  /// Whether both begin with the eigenvectors of the measurement before.
  public var warmStart = true

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
    Setting(
      "power_count", \.powerCount, "Eigenvalues largest in size that are followed by power iteration with deflation.",
      allowed: 0...1000)
    Setting("power_steps", \.powerSteps, "Steps of power iteration for one pair at most.", allowed: 1...10_000_000)
    Setting(
      "warm_start", \.warmStart,
      "Whether Lanczos and power iteration begin with the eigenvectors of the measurement before.")
  }
}
