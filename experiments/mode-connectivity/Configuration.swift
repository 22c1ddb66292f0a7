public import Configuration
public import Harness

/// What a run measures.
public enum Measured: String, CaseIterable, Sendable {
  /// The line from each start to its minimum.
  case initialization
  /// The straight line between the minima.
  case line
  /// A trained Bezier curve.
  case bezier
  /// A trained polygonal chain.
  case chain
  /// A path of minimum energy.
  case elasticBand = "elastic-band"
  /// The plane through three points.
  case plane
  /// The line to the second minimum with its units matched to the first's.
  case matching
  /// The tree of lowest passes between several minima.
  case tree
  /// Lines between copies that part at some step.
  case instability
}

/// What one run measures: minima that differ by their seeds, and the paths between them.
public struct ModeConnectivitySettings: Configurable {
  /// How minima are trained.
  public var minimum = Recipe()
  /// Where they are taken from instead.
  public var ends = EndsSettings()
  /// What is measured.
  public var measure: [Measured] = [.initialization, .line, .bezier, .chain, .plane]
  /// The minima that the tree joins.
  public var minima = 2
  /// How the curves are trained.
  public var curve = CurveSettings()
  /// How paths of minimum energy are found.
  public var elasticBand = ElasticBandSettings()
  /// How units are matched.
  public var matching = MatchingSettings()
  /// How copies part.
  public var instability = InstabilitySettings()
  /// Points of each path, both ends included.
  public var pathPoints = 61
  /// Points from the initialization to each minimum, both ends included.
  public var initializationPoints = 51
  /// The plane through three points.
  public var plane = PlaneSettings()
  /// Lines and planes through each of the first two minima.
  public var slices = SliceSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section(
      "minimum", \.minimum,
      "How minima are trained; with two of them, their seeds are 2 seed and 2 seed + 1, with n, n seed + 0, 1, ... With "
        + "ends.files, of which network and data they are.")
    Section("ends", \.ends, "Files to take the minima from in place of training them.")
    Setting("measure", \.measure, "What is measured; all but tree and instability between the first two minima.")
    Setting(
      "minima", \.minima, "How many minima are trained, for the tree and the plane; files are all taken.",
      allowed: 2...100)
    Section("curve", \.curve, "How the curves between them are trained.")
    Section("elastic_band", \.elasticBand, "How paths of minimum energy are found, for elastic-band and tree.")
    Section("matching", \.matching, "How the units of the second minimum are matched to the first's.")
    Section("instability", \.instability, "How copies of one training part.")
    Setting("path_points", \.pathPoints, "Points of each path, both ends included.", allowed: 3...10_001)
    Setting(
      "initialization_points", \.initializationPoints,
      "Points on the line from each initialization to its minimum, both ends included.", allowed: 3...10_001)
    Section("plane", \.plane, "The plane, and the paths on it.")
    Section("slices", \.slices, "Losses and errors along lines and on planes through each of the first two minima.")
  }

  /// A plane without its points, or forks that training doesn't reach.
  public var conflict: String? {
    if Set(measure).count != measure.count { return "measure names something twice" }
    // A single file is refused by the section that names it.
    if measure.contains(.plane), ends.files.count != 1 {
      let (count, mend) =
        ends.files.isEmpty ? (minima, "raise minima") : (ends.files.count, "name more files in ends.files")
      if let conflict = plane.conflict(measure, minima: count, mend: mend) { return conflict }
    }
    if slices.lines > 0 && !measure.contains(where: { $0 != .instability }) {
      return "slices.lines is \(slices.lines), but measure names nothing that has minima"
    }
    let batches: [(measures: [Measured], key: String, size: Int)] = [
      ([.bezier, .chain], "curve.batch_size", curve.batchSize),
      ([.elasticBand, .tree], "elastic_band.batch_size", elasticBand.batchSize),
      ([.matching], "matching.batch_size", matching.batchSize),
    ]
    for (measures, key, size) in batches where !Set(measures).isDisjoint(with: measure) {
      if let conflict = minimum.batchConflict(key, size) { return conflict }
    }
    if measure.contains(.instability) {
      if let late = instability.forks.first(where: { $0 > minimum.steps }) {
        return "instability.forks names step \(late), but minimum.steps is \(minimum.steps)"
      }
      if minimum.batchSize == nil {
        return "measure names instability, but without minimum.batch_size training sees no order of the data"
      }
    }
    return nil
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
  /// The degree of the Bezier curve.
  public var bezierDegree = 2
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
    Setting("bezier_degree", \.bezierDegree, "The degree of the Bezier curve; it has one bend less.", allowed: 2...20)
    Setting("chain_bends", \.chainBends, "Corners of the polygonal chain between the ends.", allowed: 1...100)
  }
}
