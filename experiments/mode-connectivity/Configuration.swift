public import Configuration
public import Harness

/// What one run measures: two minima that differ by their seeds, and the paths between them.
public struct ModeConnectivitySettings: Configurable {
  /// How both minima are trained.
  public var minimum = Recipe()
  /// How the curves are trained.
  public var curve = CurveSettings()
  /// Points of each path, both ends included.
  public var pathPoints = 61
  /// Points from the initialization to each minimum, both ends included.
  public var initializationPoints = 51
  /// The plane through the ends and the bend.
  public var plane = PlaneSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("minimum", \.minimum, "How the two minima at the ends are trained; their seeds are 2 seed and 2 seed + 1.")
    Section("curve", \.curve, "How the curves between them are trained.")
    Setting("path_points", \.pathPoints, "Points of each path, both ends included.", allowed: 3...10_001)
    Setting(
      "initialization_points", \.initializationPoints,
      "Points on the line from each initialization to its minimum, both ends included.", allowed: 3...10_001)
    Section("plane", \.plane, "The plane through both ends and the Bezier curve's bend.")
  }
}

/// How the points of a curve that are free are trained.
public struct CurveSettings: Configurable {
  /// Steps of momentum SGD, each at one random time and one batch.
  public var steps = 6000
  /// Examples in a batch.
  public var batchSize = 128
  /// The learning rate, which falls to zero along a half cosine.
  public var learningRate = 0.05
  /// The momentum.
  public var momentum = 0.9
  /// Corners of the polygonal chain.
  public var chainBends = 1

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("steps", \.steps, "Steps of momentum SGD; each sees one batch at one random time.", allowed: 1...10_000_000)
    Setting("batch_size", \.batchSize, "Examples in a batch.", allowed: 1...1_000_000)
    Setting(
      "learning_rate", \.learningRate, "The first learning rate; it falls to zero along a half cosine.",
      allowed: Above(0.0))
    Setting("momentum", \.momentum, "The momentum.", allowed: 0.0..<1.0)
    Setting("chain_bends", \.chainBends, "Corners of the polygonal chain between the ends.", allowed: 1...100)
  }
}

/// The grid on which the plane is evaluated.
public struct PlaneSettings: Configurable {
  /// Points along the line from end to end.
  public var alphaCount = 41
  /// Points across it.
  public var betaCount = 31
  /// How far the grid reaches beyond the three points, as a share of their extent.
  public var margin = 0.3

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("alpha_count", \.alphaCount, "Points along the line between the ends.", allowed: 2...2001)
    Setting("beta_count", \.betaCount, "Points across that line, towards the bend.", allowed: 2...2001)
    Setting(
      "margin", \.margin, "How far the grid reaches beyond the three points, as a share of their extent.",
      allowed: 0.0...10.0)
  }
}
