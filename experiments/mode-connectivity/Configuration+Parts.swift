public import Configuration

/// How AutoNEB finds a path of minimum energy.
public struct ElasticBandSettings: Configurable {
  /// Pivots at the start.
  public var pivots = 3
  /// Pivots at most.
  public var maximumPivots = 15
  /// Relaxations, each followed by insertions but the last.
  public var cycles = 8
  /// Steps of a relaxation.
  public var steps = 150
  /// Examples in a batch.
  public var batchSize = 128
  /// The learning rate, which falls to zero along a half cosine over all cycles.
  public var learningRate = 0.05
  /// The momentum.
  public var momentum = 0.9
  /// What makes a linear estimate fail.
  public var tolerance = 0.2
  /// Points at which a piece is judged.
  public var pointsPerPiece = 3

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("pivots", \.pivots, "Pivots at the start, spread over the straight line.", allowed: 1...1000)
    Setting("maximum_pivots", \.maximumPivots, "Pivots at most.", allowed: 1...1000)
    Setting("cycles", \.cycles, "Relaxations; between them pivots are inserted.", allowed: 1...1000)
    Setting(
      "steps", \.steps, "Steps of a relaxation by momentum SGD; all pivots see the same batch.", allowed: 1...10_000_000
    )
    Setting("batch_size", \.batchSize, "Examples in a batch.", allowed: 1...1_000_000)
    Setting(
      "learning_rate", \.learningRate, "The first learning rate; it falls to zero along a half cosine over all cycles.",
      allowed: Above(0.0))
    Setting("momentum", \.momentum, "The momentum.", allowed: 0.0..<1.0)
    Setting(
      "tolerance", \.tolerance,
      "A pivot is put where the loss rises above the linear estimate between neighbours by more than this share of the "
        + "whole band's range.", allowed: 0.0...)
    Setting(
      "points_per_piece", \.pointsPerPiece, "Points between neighbours at which the estimate is judged.",
      allowed: 1...1000)
  }

  /// More pivots than there may be.
  public var conflict: String? {
    pivots > maximumPivots ? "pivots is \(pivots), but maximum_pivots is \(maximumPivots)" : nil
  }
}

/// The ways to match units.
public enum MatchingMethod: String, CaseIterable, Sendable {
  /// By their weights.
  case weights
  /// By their activations on the training set.
  case activations
  /// By learning: the straight-through estimator.
  case straightThrough = "straight-through"
}

/// How units are matched.
public struct MatchingSettings: Configurable {
  /// The ways that are tried.
  public var methods: [MatchingMethod] = [.weights, .activations]
  /// Steps of the straight-through estimator.
  public var steps = 300
  /// Its learning rate.
  public var learningRate = 0.1
  /// Its batches.
  public var batchSize = 128
  /// Whether the moments of units are repaired on the line that follows.
  public var isRepaired = true

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "methods", \.methods,
      "By the weights, by the activations on the training set, by the straight-through estimator.")
    Setting("steps", \.steps, "Steps of the straight-through estimator.", allowed: 0...10_000_000)
    Setting("learning_rate", \.learningRate, "Its learning rate.", allowed: Above(0.0))
    Setting("batch_size", \.batchSize, "Examples in its batches.", allowed: 1...1_000_000)
    Setting(
      "repair", \.isRepaired,
      "Whether the line to the matched minimum is measured once more with the mean and deviation of every hidden unit set "
        + "to what lies between those of the ends (REPAIR).")
  }

  /// A way named twice.
  public var conflict: String? { Set(methods).count == methods.count ? nil : "methods names one twice" }
}

/// How copies of one training part.
public struct InstabilitySettings: Configurable {
  /// The steps at which copies part.
  public var forks = [0, 30, 100, 300, 1000]
  /// The copies.
  public var orders = 2

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("forks", \.forks, "The steps at which copies part, ascending.", allowed: 0...100_000_000)
    Setting(
      "orders", \.orders, "How many copies part there, each with an order of the data of its own.", allowed: 2...100)
  }

  /// Steps out of order, or none.
  public var conflict: String? {
    forks.isEmpty || zip(forks, forks.dropFirst()).contains { $0 >= $1 }
      ? "forks is \(forks), but must name steps in ascending order" : nil
  }
}
